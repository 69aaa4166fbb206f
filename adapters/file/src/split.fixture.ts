import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScannableInput } from "@sluice/core";
import type { Surroundings, TextRow } from "./files.fixture.ts";

/** What an engine accepts of a text input record by record, and what it rejects: file, record, line, column, rule, raw, bytes. */
export async function readSplit(
  { engine, readInput }: Surroundings,
  input: ScannableInput,
): Promise<{ readonly accepted: readonly TextRow[]; readonly rejected: readonly TextRow[] }> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-split-"));
  const [accepted, rejected] = [join(folder, "accepted.parquet"), join(folder, "rejected.parquet")];
  try {
    const { signal } = new AbortController();
    const columns = input.columns.map(({ name }) => name);
    await engine.split?.({ name: "things", input, columns, accepted, rejected, signal });
    const rowsOf = async (path: string): Promise<readonly TextRow[]> => {
      const { columns: found } = await engine.schemaOfFile(path);
      const files = [{ path, origin: path, bytes: 0 }];
      const groups = [{ order: found.map(({ name }) => name), files }];
      return await readInput(engine, { format: "parquet", groups, columns: found, validate: "all", identity: null });
    };
    return { accepted: await rowsOf(accepted), rejected: await rowsOf(rejected) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
