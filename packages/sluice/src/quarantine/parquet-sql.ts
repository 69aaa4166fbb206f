import type { Cell, Column, CompiledQuery, QueryRequest, Relation, ScannableInput, Schema } from "@sluice/core";
import type { Session } from "../composition.ts";

/** A Parquet file that a query reads. */
export interface ParquetFile {
  readonly path: string;
  readonly columns: readonly Column[];
}

/** SQL with files in it, in place of tables. */
export type SqlParts = readonly (string | ParquetFile)[];

/** A Parquet file, looked at. */
export async function parquetFile(session: Session, path: string): Promise<ParquetFile> {
  const engine = await session.engine();
  return { path, columns: (await engine.schemaOfFile(path)).columns };
}

/** The rows of a query over Parquet files, a batch at a time. */
export async function* rowsOf(session: Session, parts: SqlParts): AsyncIterable<readonly (readonly Cell[])[]> {
  const engine = await session.engine();
  const { query, request } = await compiled(session, parts);
  yield* engine.rows(query, request);
}

/** Writes the rows of a query over Parquet files into another; gives their number. */
export async function writeRows(session: Session, parts: SqlParts, path: string): Promise<number> {
  const engine = await session.engine();
  const { query, request } = await compiled(session, parts);
  const output = { format: "parquet", path, ordered: true } as const;
  return (await engine.execute(query, { ...request, output })).rowsOut;
}

async function compiled(
  session: Session,
  parts: SqlParts,
): Promise<{ readonly query: CompiledQuery; readonly request: QueryRequest }> {
  const engine = await session.engine();
  const texts = [""];
  const names = new Map<string, string>();
  const inputs: Relation[] = [];
  const files = new Map<string, { input: ScannableInput; columns: readonly string[] }>();
  const schemas = new Map<string, Schema>();
  for (const part of parts) {
    if (typeof part === "string") {
      texts.push(`${texts.pop() ?? ""}${part}`);
      continue;
    }
    const name = names.get(part.path) ?? `file_${names.size + 1}`;
    names.set(part.path, name);
    inputs.push({ kind: "scan", source: { stage: name } });
    texts.push("");
    schemas.set(name, { columns: part.columns });
    files.set(name, inputOf(part));
  }
  const relation: Relation = { kind: "sql", engine: "duckdb", texts, inputs };
  const query = engine.compile(relation, {
    schemaOf: (source) => ("stage" in source ? schemas.get(source.stage) : undefined) ?? { columns: [] },
    parameters: new Map(),
  });
  const constants = { now: new Date(0).toISOString(), today: "1970-01-01" };
  return { query, request: { inputs: files, parameters: new Map(), constants, signal: session.signal } };
}

function inputOf({ path, columns }: ParquetFile): { input: ScannableInput; columns: readonly string[] } {
  const order = columns.map(({ name }) => name);
  const input: ScannableInput = {
    format: "parquet",
    groups: [{ order, files: [{ path, origin: path, bytes: 0 }] }],
    columns,
    validate: "used",
    identity: null,
  };
  return { input, columns: order };
}

/** A text as SQL writes it. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as SQL writes it. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
