import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type InputFile, SluiceError, type SplitRequest, type SplitResult } from "@sluice/core";
import type { Client, RunOptions, Session } from "./client.ts";
import { splitJson } from "./json-split.ts";
import { type NumberedPlace, quotedText, writeRaw } from "./read-raw.ts";
import { PlaceWriter } from "./record-places.ts";
import { removeOutput } from "./remove-output.ts";
import { type SplitPart, splitFiles } from "./split-files.ts";
import { type Found, SplitStatements } from "./split-statements.ts";
import { quotePaths } from "./sql-text.ts";

/**
 * Reads a text input record by record: accepted ones land typed, the others with why. Exact where the strict scan is only
 * certain, twice to three times slower, and never an error because of a row.
 */
export async function split(request: SplitRequest, session: Session, client: Client): Promise<SplitResult> {
  const { input, name } = request;
  if (input.format === "ndjson") return splitJson(request, session, client);
  if (input.format !== "csv" || input.dialect === undefined) {
    throw new SluiceError("internal", `"${name}" is no text, so there is nothing to split`);
  }
  const folder = await mkdtemp(join(await client.folder(), "split-"));
  const places = await PlaceWriter.open(join(folder, "places"));
  try {
    const parts = await splitFiles(input, { folder, places, signal: request.signal });
    const checked = input.columns.filter(
      ({ name: column, partition }) =>
        partition !== true && (input.validate === "all" || request.columns.includes(column)),
    );
    const statements = new SplitStatements(request, input.dialect, checked);
    return await new Split(request, { session, statements, parts, places, folder }).run();
  } catch (error) {
    await removeOutput(request.accepted);
    await removeOutput(request.rejected);
    throw error;
  } finally {
    await places.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Given {
  readonly session: Session;
  readonly statements: SplitStatements;
  readonly parts: readonly SplitPart[];
  readonly places: PlaceWriter;
  readonly folder: string;
}

/** Judges records that were told apart. */
class Split {
  private readonly request: SplitRequest;
  private readonly given: Given;
  private readonly options: RunOptions;
  private readonly files: readonly InputFile[];

  constructor(request: SplitRequest, given: Given) {
    this.request = request;
    this.given = given;
    this.options = { signal: request.signal };
    this.files = request.input.groups.flatMap((group) => group.files);
  }

  async run(): Promise<SplitResult> {
    const { session, statements, folder, places } = this.given;
    const parts = this.given.parts.filter(({ chunks }) => chunks.length > 0);
    const doubtful = new Map<SplitPart, readonly string[]>();
    for (const part of parts) doubtful.set(part, await this.doubtful(part));
    const looks = (part: SplitPart): boolean => (doubtful.get(part)?.length ?? 0) > 0;
    const accepted = await session.run(statements.accepted(parts, looks), this.options);
    const discarded = await this.discarded(parts);
    const refused: { path: string; raw: string }[] = [];
    for (const part of parts.filter(looks)) refused.push(await this.refused(part, doubtful.get(part) ?? []));
    const failing = await this.failingPlaces(refused.map(({ path }) => path));
    const unsound = this.given.parts.filter(({ unsoundRecords }) => unsoundRecords > 0).map((part) => part.unsound);
    const found: Found = { refused, unsound, words: statements.words(failing) };
    const names = join(folder, "origins.csv");
    await writeOrigins(this.files, names);
    const rejected = await session.run(statements.rejected(found, names), this.options);
    const reasons = await session.run(statements.reasons(found), this.options);
    const told = places.count + this.given.parts.reduce((sum, { unsoundRecords }) => sum + unsoundRecords, 0);
    if (accepted.rowsChanged + rejected.rowsChanged !== told) {
      const { name } = this.request;
      const judged = `${accepted.rowsChanged} records were accepted and ${rejected.rowsChanged} rejected`;
      throw new SluiceError("internal", `of "${name}" ${judged}, but ${told} were read`);
    }
    return {
      accepted: accepted.rowsChanged,
      rejected: rejected.rowsChanged,
      ...(discarded.length === 0 ? {} : { discarded }),
      reasons: reasons.rows.map(([column, rule, rows, example]) => ({
        column: String(column),
        rule: String(rule),
        rows: Number(rows),
        example: String(example),
      })),
    };
  }

  /** The chunks of a part that hold a record which may be refused, in their order. */
  private async doubtful(part: SplitPart): Promise<readonly string[]> {
    const paths = part.chunks.map(({ path }) => path);
    const sql = this.given.statements.doubtful(part);
    if (sql === undefined) return paths;
    const { rows } = await this.given.session.run(sql, this.options);
    const found = new Set(rows.map(([path]) => String(path)));
    const known = paths.filter((path) => found.has(path));
    // Whatever the engine calls a file otherwise: none is taken for certain that was not found so.
    return known.length === found.size ? known : paths;
  }

  /** Notes which records of some chunks are refused, where they stand and how they read. */
  private async refused(part: SplitPart, paths: readonly string[]): Promise<{ path: string; raw: string }> {
    const { session, statements, folder, parts } = this.given;
    const name = String(parts.indexOf(part));
    const path = join(folder, `${name}.rejects.parquet`);
    await session.run(statements.refused(part, paths, path), this.options);
    const raw = join(folder, `${name}.raw.csv`);
    await writeRaw(this.places(part, paths, path), this.files, raw, this.request.signal);
    return { path, raw };
  }

  /** Where the refused records of some chunks stand, in their order. */
  private async *places(
    part: SplitPart,
    paths: readonly string[],
    refused: string,
  ): AsyncIterable<readonly NumberedPlace[]> {
    const placeOf = this.given.places.reader();
    const orderOf = ordersOf(part, paths);
    const sql = `select "index" from read_parquet(${quotePaths([refused])}) order by "index"`;
    for await (const { rows } of this.given.session.stream(sql, this.options)) {
      const found: NumberedPlace[] = [];
      for (const [value] of rows) {
        const index = Number(value);
        found.push({ index, ...(await placeOf(orderOf(index))) });
      }
      yield found;
    }
  }

  private async failingPlaces(refused: readonly string[]): Promise<readonly number[]> {
    if (refused.length === 0) return [];
    const sql = `select distinct failing from read_parquet(${quotePaths(refused)})`;
    const { rows } = await this.given.session.run(sql, this.options);
    return rows.map(([place]) => Number(place));
  }

  /** How many values of accepted records are null because their column does not accept them. */
  private async discarded(parts: readonly SplitPart[]): Promise<NonNullable<SplitResult["discarded"]>> {
    const found = new Map<string, { column: string; rows: number; example: string }>();
    for (const part of parts) {
      const asked = this.given.statements.discarded(part);
      if (asked === undefined) return [];
      const { rows } = await this.given.session.run(asked.sql, this.options);
      for (const [index, column] of asked.columns.entries()) {
        const count = Number(rows[0]?.[2 * index] ?? 0);
        const before = found.get(column);
        if (count === 0) continue;
        if (before !== undefined) before.rows += count;
        else found.set(column, { column, rows: count, example: String(rows[0]?.[2 * index + 1] ?? "") });
      }
    }
    return [...found.values()];
  }
}

/** Which sound record of the input, from 0, is the nth, from 1, of some chunks that are asked for in their order. */
function ordersOf({ chunks, first }: SplitPart, paths: readonly string[]): (index: number) => number {
  const wanted = new Set(paths);
  const spans: { readonly until: number; readonly shift: number }[] = [];
  let order = first;
  let index = 1;
  for (const { path, records } of chunks) {
    if (wanted.has(path)) {
      spans.push({ until: index + records, shift: order - index });
      index += records;
    }
    order += records;
  }
  let at = 0;
  return (wantedIndex) => {
    while (wantedIndex >= (spans[at]?.until ?? Number.POSITIVE_INFINITY)) at += 1;
    return wantedIndex + (spans[at]?.shift ?? 0);
  };
}

/** The numbers of files and their names: in a list of the statement, 100,000 of them would take minutes. */
async function writeOrigins(files: readonly InputFile[], path: string): Promise<void> {
  const lines = files.map(({ origin }, index) => `${index},${quotedText(Buffer.from(origin))}\n`);
  await writeFile(path, lines.join(""));
}
