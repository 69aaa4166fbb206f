import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Cell,
  type Engine,
  type EngineInput,
  type FrozenDataset,
  isSluiceError,
  type OutputSpec,
  parseType,
  type QueryRequest,
  type ScannableInput,
  type Schema,
  SluiceError,
  type Source,
  type TypeText,
  type WrittenFile,
} from "@sluice/core";

/** A row as the suites write it: each value is the text of a literal of its column's type, a boolean, or null. */
export type TextRow = readonly (string | boolean | null)[];

/** A row made comparable: one text per value, whatever an engine or a target calls it. */
export type PlainRow = readonly (string | null)[];

/**
 * One text for equal values of a type.
 *
 * @example
 * plainCell("float64", 1.5); // "1.5"
 * plainCell("bool", 1n); // "true"
 * plainCell("timestamp", "2024-01-01T10:00:00.500"); // "2024-01-01 10:00:00.5"
 */
export function plainCell(type: TypeText, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const { kind } = parseType(type);
  if (kind === "bool") return /^(?:true|1)$/.test(String(value)) ? "true" : "false";
  if (kind === "float32" || kind === "float64") return String(numberOf(value));
  if (kind === "bytes") {
    return (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : String(value)).toLowerCase();
  }
  if (kind === "time" || kind === "timestamp" || kind === "timestamptz") {
    const text = String(value).replace("T", " ");
    const local = kind === "timestamptz" ? text.replace(/(?:Z|[+-]00(?::?00)?)$/, "") : text;
    return local.includes(".") ? local.replace(/\.?0*$/, "") : local;
  }
  return String(value);
}

function numberOf(value: unknown): number {
  const text = String(value);
  if (/^[+-]?inf/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return Number(text);
}

/** Rows made comparable. */
export function plainRows(schema: Schema, rows: readonly (readonly unknown[])[]): readonly PlainRow[] {
  return rows.map((row) => schema.columns.map((column, index) => plainCell(column.type, row[index])));
}

/** In one order, for targets and sources that promise none. */
export function sortedRows(rows: readonly PlainRow[]): readonly PlainRow[] {
  return [...rows].sort((a, b) => {
    const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

/** Has an engine write rows to the file that a sink asked for. */
export async function writeRows(
  engine: Engine,
  schema: Schema,
  rows: readonly TextRow[],
  output: OutputSpec,
): Promise<readonly WrittenFile[]> {
  const relation = { kind: "values", columns: schema.columns, rows } as const;
  const query = engine.compile(relation, { schemaOf: () => schema, parameters: new Map() });
  const result = await engine.execute(query, { ...queryRequest(new Map()), output });
  return result.files;
}

/**
 * The rows of an input as an engine accepts them, made comparable. A strict read may be refused out of caution (an
 * integer of 19 digits, for example): then, as the runtime does, the engine goes through it record by record.
 *
 * @throws SluiceError `data` where a record is rejected
 */
export async function readInput(
  engine: Engine,
  input: ScannableInput,
  columns: readonly string[] = input.columns.map((column) => column.name),
): Promise<readonly PlainRow[]> {
  try {
    return await readStrictly(engine, input, columns);
  } catch (error) {
    if (!isSluiceError(error) || error.reason !== "strict") throw error;
  }
  const folder = await mkdtemp(join(tmpdir(), "sluice-split-"));
  try {
    const [accepted, rejected] = [join(folder, "accepted.parquet"), join(folder, "rejected.parquet")];
    const order = input.columns.map((column) => column.name);
    const { signal } = new AbortController();
    const result = await engine.split({ name: "input", input, columns: order, accepted, rejected, signal });
    if (result.rejected > 0) {
      throw new SluiceError("data", `${result.rejected} records were rejected: ${JSON.stringify(result.reasons)}`);
    }
    const { size: bytes } = await stat(accepted);
    const files = [{ path: accepted, origin: accepted, bytes }];
    const { columns: frozen, validate, identity } = input;
    const landed: ScannableInput = {
      format: "parquet",
      groups: [{ order, files }],
      columns: frozen,
      validate,
      identity,
    };
    return await readStrictly(engine, landed, columns);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readStrictly(
  engine: Engine,
  input: ScannableInput,
  columns: readonly string[],
): Promise<readonly PlainRow[]> {
  const schema: Schema = { columns: input.columns };
  const scanned = columns.flatMap((name) => input.columns.filter((column) => column.name === name));
  // In frozen order, as the contract of an engine's input says.
  const ordered = input.columns.filter((column) => columns.includes(column.name));
  const relation = { kind: "keep", input: { kind: "scan", source: { dataset: "input" } }, columns } as const;
  const whole = columns.length === ordered.length && ordered.every((column, index) => column.name === columns[index]);
  const query = engine.compile(whole && columns.length === input.columns.length ? relation.input : relation, {
    schemaOf: () => schema,
    parameters: new Map(),
  });
  const inputs = new Map<string, EngineInput>([["input", { input, columns: ordered.map((column) => column.name) }]]);
  const found: (readonly Cell[])[] = [];
  for await (const batch of engine.rows(query, queryRequest(inputs))) found.push(...batch);
  return plainRows({ columns: scanned }, found);
}

/** All rows of a source, by `scan` or `read`, as an engine accepts them. */
export async function readSource(engine: Engine, source: Source, dataset: FrozenDataset): Promise<readonly PlainRow[]> {
  const request = {
    dataset,
    columns: dataset.columns.map((column) => column.name),
    parameters: new Map<string, string>(),
    signal: new AbortController().signal,
    warn: () => {},
  };
  if (source.scan !== undefined) return readInput(engine, await source.scan(request));
  const found: PlainRow[] = [];
  for await (const { batch } of source.read?.(request) ?? []) {
    const order = batch.schema.columns.map((column) => column.name);
    found.push(
      ...(await readInput(engine, {
        format: batch.format,
        groups: [{ order, files: batch.files }],
        ...(batch.dialect === undefined ? {} : { dialect: batch.dialect }),
        columns: dataset.columns,
        validate: dataset.validate,
        identity: null,
      })),
    );
  }
  return found;
}

function queryRequest(inputs: ReadonlyMap<string, EngineInput>): QueryRequest {
  return {
    inputs,
    parameters: new Map(),
    constants: { now: "2024-02-29T12:00:00.000Z", today: "2024-02-29" },
    signal: new AbortController().signal,
  };
}
