import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LoadMode } from "@sluice/core";
import { definePipeline, lake, load, run, source, sql } from "sluice";

/** What Spark needs to know of a lake. */
export interface LakePlace {
  readonly uri: string;
  readonly folder: string;
}

export interface LoadInto {
  readonly mode: LoadMode;
  /** How the table is parted, if it is made. */
  readonly parted?: readonly string[];
  readonly [setting: string]: unknown;
}

/** One text per value, null as null. */
export type TextRows = readonly (readonly (string | null)[])[];

/** A project with a lake, whose pipelines run in this process. */
export interface LakeProject extends Disposable {
  readonly root: string;
  readonly place: LakePlace;
  /** Runs a pipeline of one load, of the rows of a SELECT. */
  load(table: string, select: string, into: LoadInto): Promise<void>;
  /** Runs a pipeline that makes a table for each way to part it, all of one SELECT. */
  loadParted(namespace: string, select: string, partitions: readonly string[]): Promise<void>;
  /** The rows of `select <columns> from <table> <rest>` by our engine; `n.t@1234` is an old version. */
  rows(table: string, columns: readonly string[], rest?: string): Promise<TextRows>;
}

/** An empty project; its catalog is a file in the lake, or the database of a URL. */
export function lakeProject(catalogUrl?: string): LakeProject {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "sluice-spark-")));
  const folder = join(root, "lake");
  mkdirSync(folder);
  const other =
    catalogUrl === undefined
      ? 'lake: { path: "lake" }'
      : `connections: { catalog: { type: "postgres", url: ${JSON.stringify(catalogUrl)} } }, lake: { path: "lake", catalog: "catalog" }`;
  const config = `import { defineConfig } from "sluice";\nexport default defineConfig({ project: "spark", ${other} });\n`;
  writeFileSync(join(root, "sluice.config.ts"), config);
  let loads = 0;
  const finish = async (...steps: Parameters<typeof definePipeline>[0]["steps"][number][]): Promise<void> => {
    const name = `p${++loads}`;
    const { status, finished } = await run(definePipeline({ name, steps }), { project: root });
    if (status !== "succeeded") throw new Error(JSON.stringify(finished.error ?? finished));
  };
  const step = (name: string, table: string, select: string, { parted, ...settings }: LoadInto) => {
    const into = lake.table(table, parted === undefined ? {} : { partitions: parted });
    // Modes and their settings come as data here, which the types of `load` do not follow.
    return load({ name, from: sql(written([select])), into, ...settings } as unknown as Parameters<typeof load>[0]);
  };
  return {
    root,
    place: {
      uri: catalogUrl === undefined ? `jdbc:sqlite:${join(folder, "catalog.db")}` : jdbcOf(catalogUrl),
      folder,
    },
    load: (table, select, into) => finish(step("load", table, select, into)),
    loadParted: (namespace, select, partitions) =>
      finish(
        ...partitions.map((one, index) =>
          step(`load_${index}`, `${namespace}.t${index}`, select, { mode: "append", parted: [one] }),
        ),
      ),
    rows: async (table, columns, rest = "") => {
      const list = columns.map((column, index) => `cast(${column} as varchar) as c${index}`).join(", ");
      const parts = written([`select ${list} from `, ` as t ${rest}`]);
      const found = await sql(parts, source(lake.table(table))).rows({ project: root });
      return found.map((row) => columns.map((_, index) => (row as Record<string, string | null>)[`c${index}`] ?? null));
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

function written(texts: readonly string[]): TemplateStringsArray {
  return Object.assign([...texts], { raw: texts });
}

function jdbcOf(url: string): string {
  const { hostname, port, pathname, username } = new URL(url);
  return `jdbc:postgresql://${hostname}:${port}${pathname}?user=${username}`;
}
