import type { CommitResult, Json, Position, Schema } from "@sluice/core";
import type { TextRow } from "../rows.ts";

/** Tables in memory, and what was committed to them. */
export interface MemoryDatabase {
  readonly tables: Map<string, MemoryTable>;
  /** By project, pipeline, step and slice, as JSON. */
  readonly commits: Map<string, MemoryCommit>;
}

export interface MemoryTable {
  readonly schema: Schema;
  readonly rows: readonly TextRow[];
}

export interface MemoryCommit {
  readonly commitId: string;
  readonly epoch: number;
  readonly result: CommitResult;
  readonly position: Position | undefined;
}

/** An empty database. */
export function createMemoryDatabase(): MemoryDatabase {
  return { tables: new Map(), commits: new Map() };
}

/** All that it holds, to compare before and after. */
export function tracesOf(database: MemoryDatabase): Json {
  return JSON.parse(JSON.stringify({ tables: [...database.tables], commits: [...database.commits] })) as Json;
}
