import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type Adapter,
  canonicalJson,
  createPlan,
  type Engine,
  type FrozenColumn,
  type FrozenDataset,
  frozenIdentity,
  type Json,
  type Plan,
  type Relation,
  type Schema,
  type StepDefinition,
  type Store,
} from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter as fileAdapter } from "@sluice/file";
import { type RunEvent, type RunRequest, type RunResult, runPlan } from "@sluice/runtime";
import { openStore, adapter as sqliteAdapter } from "@sluice/sqlite";

const ADAPTERS: ReadonlyMap<string, Adapter> = new Map([
  ["file", fileAdapter],
  ["sqlite", sqliteAdapter],
]);

/** A folder with real files, a real engine, a real state database and real targets. */
export interface RealProject extends AsyncDisposable {
  readonly root: string;
  readonly engine: Engine;
  readonly store: Store;
  readonly events: RunEvent[];
  write(path: string, text: string): void;
  exists(path: string): boolean;
  /** Every file below a folder, sorted. */
  files(folder: string): readonly string[];
  plan(steps: readonly StepDefinition[], datasets: readonly FrozenDataset[]): Promise<Plan>;
  run(plan: Plan, datasets: readonly FrozenDataset[], more?: Partial<RunRequest>): Promise<RunResult>;
  /** Rows of a SQLite database, all values as SQLite prints them. */
  table(database: string, sql: string): readonly (readonly unknown[])[];
  /** Changes a SQLite database as somebody else would. */
  change(database: string, sql: string): void;
  /** Rows of a Parquet file. */
  parquet(path: string): Promise<readonly (readonly unknown[])[]>;
}

export async function realProject(connections: { readonly [name: string]: Json } = {}): Promise<RealProject> {
  const root = mkdtempSync(join(tmpdir(), "sluice-real-"));
  const stateFolder = join(root, ".sluice");
  mkdirSync(join(stateFolder, "scratch"), { recursive: true });
  const engine = createDuckDbEngine({ scratch: join(stateFolder, "scratch"), threads: 2, memoryBytes: 1e9 });
  const store = await openStore({ path: join(stateFolder, "state.db") });
  const events: RunEvent[] = [];
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
  let runs = 0;
  return {
    root,
    engine,
    store,
    events,
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    exists: (path) => existsSync(join(root, path)),
    files: (folder) =>
      existsSync(join(root, folder))
        ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name).slice(join(root, folder).length + 1))
            .sort()
        : [],
    plan: (steps, datasets) =>
      createPlan({
        definition: { name: "test", steps },
        datasets: new Map(datasets.map((dataset) => [dataset.name, dataset])),
        inline: new Map(),
        hashes: new Map(datasets.map((dataset) => [dataset.name, sha256(canonicalJson(frozenIdentity(dataset)))])),
        sourceOf: (type) => ADAPTERS.get(type)?.source,
        sinkOf: (into) => {
          const adapter = ADAPTERS.get(into.type);
          return adapter?.sinkFor?.(into) ?? adapter?.sink;
        },
        describeSql: (node) =>
          engine.describe(
            engine.compile(node, {
              schemaOf: () => {
                throw new Error("raw SQL without inputs only");
              },
              parameters: new Map(),
            }),
            new Map(),
          ),
        compile: (relation, request) => engine.compile(relation, request),
        hash: sha256,
      }),
    run: (plan, datasets, more = {}) =>
      runPlan({
        plan,
        datasets: new Map(datasets.map((dataset) => [dataset.name, dataset])),
        parameters: new Map(),
        project: "project",
        root,
        stateFolder,
        adapter: async (type) => {
          const found = ADAPTERS.get(type);
          if (found === undefined) throw new Error(`no adapter ${type}`);
          return found;
        },
        connection: (name) => connections[name],
        engine,
        store,
        clock: systemClock,
        random: Math.random,
        newRunId: () => `run-${++runs}`,
        onEvent: (event) => void events.push(event),
        parallel: 2,
        signal: new AbortController().signal,
        ...more,
      }),
    table(database, sql) {
      const opened = new Database(join(root, database));
      try {
        return opened.prepare(sql).raw(true).all([]);
      } finally {
        opened.close();
      }
    },
    change(database, sql) {
      const opened = new Database(join(root, database));
      try {
        opened.exec(sql);
      } finally {
        opened.close();
      }
    },
    async parquet(path) {
      const full = join(root, path);
      const schema: Schema = await engine.schemaOfFile(full);
      const relation: Relation = { kind: "scan", source: { dataset: "file" } };
      const query = engine.compile(relation, { schemaOf: () => schema, parameters: new Map() });
      const names = schema.columns.map((column) => column.name);
      const rows: (readonly unknown[])[] = [];
      const input = {
        format: "parquet",
        groups: [{ order: names, files: [{ path: full, origin: path, bytes: 0 }] }],
        columns: schema.columns,
        validate: "used",
        identity: null,
      } as const;
      for await (const batch of engine.rows(query, {
        inputs: new Map([["file", { input, columns: names }]]),
        parameters: new Map(),
        constants: { now: "2026-01-01T00:00:00Z", today: "2026-01-01" },
        signal: new AbortController().signal,
      })) {
        rows.push(...batch);
      }
      return rows;
    },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

interface Driver {
  exec(sql: string): void;
  prepare(sql: string): { raw(on: boolean): { all(parameters: readonly unknown[]): readonly (readonly unknown[])[] } };
  close(): void;
}
const Database = createRequire(import.meta.url)("libsql") as new (path: string) => Driver;

const systemClock: RunRequest["clock"] = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener(
        "abort",
        () => {
          clearTimeout(timer);
          reject(signal.reason as Error);
        },
        { once: true },
      );
    }),
};

/** A dataset over a CSV file with a header. */
export function csvDataset(
  name: string,
  columns: readonly FrozenColumn[],
  more: Partial<FrozenDataset> = {},
): FrozenDataset {
  return {
    version: 1,
    name,
    source: { type: "file", format: "csv", path: `data/${name}.csv` },
    dialect: {
      delimiter: ",",
      quote: '"',
      escape: '"',
      header: true,
      newline: "lf",
      encoding: "utf-8",
      quotedEmpty: "text",
      compression: "none",
    },
    columns,
    validate: "all",
    drift: "fail",
    reordered: "fail",
    stage: "volatile",
    warnings: [],
    ...more,
  };
}
