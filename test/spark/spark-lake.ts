import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { askPython } from "../interop/ask-python.ts";
import type { LakeProject, TextRows } from "../interop/lake-project.ts";
import { oursOf, sorted, sparkOf } from "../interop/shared-rows.ts";
import type { SparkVersions } from "./spark-environment.ts";

/** Spark, in a process of its own, over any number of lakes. */
export interface Spark extends AsyncDisposable {
  versions(): Promise<SparkVersions>;
  /** The rows of the last statement. */
  sql(lake: LakeProject, ...statements: readonly string[]): Promise<TextRows>;
}

/** Starts Java, which takes its time. */
export function openSpark(python: string, jars: string): Spark {
  const script = fileURLToPath(new URL("spark_lake.py", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "sluice-spark-home-"));
  const asked = askPython("Spark", python, ["-W", "ignore", script, jars, folder], { SPARK_LOCAL_IP: "127.0.0.1" });
  return {
    versions: () => asked.ask<SparkVersions>("versions"),
    sql: async ({ place }, ...statements) => {
      const found = await asked.ask<readonly TextRows[]>("sql", { lake: place, statements });
      return found.at(-1) ?? [];
    },
    [Symbol.asyncDispose]: async () => {
      await asked[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Seen {
  readonly table: string;
  readonly columns: readonly string[];
  /** A condition that both understand. */
  readonly where?: string;
  /** The number of a snapshot. */
  readonly snapshot?: string;
}

/** What both engines see of a table, row for row. */
export interface BothSee {
  readonly ours: readonly string[];
  readonly spark: readonly string[];
}

export async function bothSee(spark: Spark, lake: LakeProject, seen: Seen): Promise<BothSee> {
  const { table, columns, where, snapshot } = seen;
  const condition = where === undefined ? "" : `where ${where}`;
  const [ours, theirs] = await Promise.all([
    lake.rows(snapshot === undefined ? table : `${table}@${snapshot}`, oursOf(columns), condition),
    spark.sql(
      lake,
      `select ${sparkOf(columns).join(", ")} from ${table}${snapshot === undefined ? "" : ` version as of ${snapshot}`} ${condition}`,
    ),
  ]);
  return { ours: sorted(ours), spark: sorted(theirs) };
}
