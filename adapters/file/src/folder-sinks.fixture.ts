import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Address, OpenContext, Schema, Sink, StageRequest, Staging } from "@sluice/core";
import { createProject, type Surroundings } from "./files.fixture.ts";
import { loadRequest, openSink } from "./sinks.fixture.ts";

export type Row = readonly [id: number, year: number | null, name: string];

/** The columns of every row that is written here. */
export const schema: Schema = {
  columns: [
    { name: "id", type: "int64", nullable: true },
    { name: "year", type: "int64", nullable: true },
    { name: "name", type: "string", nullable: true },
  ],
};

/** The request of a load of these rows, with these changes. */
export const requestOf = (changes: Partial<StageRequest> = {}): StageRequest => loadRequest({ schema, ...changes });

/** Folders of files as a sink, by year where the address says nothing else. */
export interface FolderSinks {
  /** A new project's folder. */
  rootOf(): Promise<string>;
  open(root: string, address?: Partial<Address>, more?: Partial<OpenContext>): Promise<Sink>;
  /** Writes rows where the sink wants them, as the engine does, and gives what is to be committed. */
  write(sink: Sink, rows: readonly Row[], changes?: Partial<StageRequest>): Promise<Staging>;
}

export function folderSinks(surroundings: Surroundings): FolderSinks {
  const { engine } = surroundings;
  return {
    rootOf: async () => (await createProject(surroundings)).root,
    open: (root, address = {}, more = {}) =>
      openSink(surroundings, { path: "out/x", format: "parquet", partitions: ["year"], ...address }, { root, ...more }),
    async write(sink, rows, changes = {}) {
      const request = requestOf(changes);
      const output = await sink.accepts(request);
      const query = engine.compile(
        {
          kind: "values",
          columns: schema.columns,
          rows: rows.map(([id, year, name]) => [String(id), year === null ? null : String(year), name]),
        },
        { schemaOf: () => schema, parameters: new Map() },
      );
      const result = await engine.execute(query, {
        inputs: new Map(),
        parameters: new Map(),
        constants: { now: "2024-01-01T00:00:00Z", today: "2024-01-01" },
        signal: request.signal,
        output,
      });
      const staging = await sink.stage(request);
      await staging.add(result.files);
      return staging;
    },
  };
}

/** The files below a folder, as paths from it. */
export const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
