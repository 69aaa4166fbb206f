import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { type Column, familyOf, parseType, SluiceError } from "@sluice/core";
import { readerOf } from "../query/cells-to-values.ts";

const CHUNK_BYTES = 1 << 18;

/** A row as a function is given it: no prototype, so that a name such as `constructor` is a column or nothing. */
export type RowObject = Readonly<Record<string, unknown>>;

/**
 * The rows of a file in `ROWS_DIALECT`, in batches as they are read; one file is open and one chunk in memory.
 */
export function* readBatches(
  path: string,
  columns: readonly Column[],
  options: { readonly bigint: boolean; readonly input: string },
): Generator<readonly RowObject[], void, void> {
  const toRow = rowMaker(columns, options);
  const file = openSync(path, "r");
  try {
    const decoder = new StringDecoder("utf8");
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    let rest = "";
    for (;;) {
      const size = readSync(file, buffer, 0, CHUNK_BYTES, null);
      const text = rest + (size === 0 ? decoder.end() : decoder.write(buffer.subarray(0, size)));
      const { rows, end } = parseRecords(text, toRow);
      rest = text.slice(end);
      if (rows.length > 0) yield rows;
      if (size === 0) break;
    }
    if (rest !== "") throw new SluiceError("internal", `the file of the input "${options.input}" ends within a record`);
  } finally {
    closeSync(file);
  }
}

/** The whole records at the beginning of a text, and where they end. */
function parseRecords(
  text: string,
  toRow: (fields: readonly (string | null)[]) => RowObject,
): { readonly rows: readonly RowObject[]; readonly end: number } {
  const rows: RowObject[] = [];
  let start = 0;
  let quote = text.indexOf('"');
  for (;;) {
    const lineEnd = text.indexOf("\n", start);
    if (lineEnd === -1) return { rows, end: start };
    if (quote !== -1 && quote < start) quote = text.indexOf('"', start);
    if (quote === -1 || quote > lineEnd) {
      rows.push(toRow(text.slice(start, lineEnd).split(",")));
      start = lineEnd + 1;
      continue;
    }
    const record = parseQuoted(text, start);
    if (record === undefined) return { rows, end: start };
    rows.push(toRow(record.fields));
    start = record.end;
  }
}

/** A record with quotes in it; a quoted field is text even where it is empty. Undefined where it goes on in the next chunk. */
function parseQuoted(
  text: string,
  start: number,
): { readonly fields: readonly (string | null)[]; readonly end: number } | undefined {
  const fields: (string | null)[] = [];
  let at = start;
  for (;;) {
    if (text[at] === '"') {
      let field = "";
      let from = at + 1;
      for (;;) {
        const close = text.indexOf('"', from);
        if (close === -1) return undefined;
        field += text.slice(from, close);
        if (text[close + 1] !== '"') {
          at = close + 1;
          break;
        }
        field += '"';
        from = close + 2;
      }
      fields.push(field === "" ? EMPTY : field);
    } else {
      const comma = text.indexOf(",", at);
      const line = text.indexOf("\n", at);
      if (line === -1) return undefined;
      const end = comma === -1 || comma > line ? line : comma;
      fields.push(text.slice(at, end));
      at = end;
    }
    if (text[at] === ",") at += 1;
    else if (text[at] === "\n") return { fields, end: at + 1 };
    else return undefined;
  }
}

/** What a quoted empty field is parsed as: unquoted, it is a null. No text of UTF-8 holds it. */
const EMPTY = "\ud800";

type Convert = (text: string) => unknown;

/** A row without a prototype from the fields of a record. */
function rowMaker(
  columns: readonly Column[],
  { bigint, input }: { readonly bigint: boolean; readonly input: string },
): (fields: readonly (string | null)[]) => RowObject {
  const converts = columns.map((column) => converterOf(column, bigint, input));
  const names = columns.map(({ name }) => name);
  return (fields) => {
    const row: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (let index = 0; index < names.length; index++) {
      const field = fields[index] ?? "";
      row[names[index] ?? ""] = field === "" ? null : field === EMPTY ? "" : converts[index]?.(field);
    }
    return row;
  };
}

function converterOf(column: Column, bigint: boolean, input: string): Convert {
  const type = parseType(column.type);
  switch (familyOf(type)) {
    case "list":
    case "struct":
    case "map":
      return readerOf(type, { bigint, column: column.name });
    case "bool":
      return (text) => text === "true";
    case "float":
      return (text) => (text === "inf" ? Infinity : text === "-inf" ? -Infinity : Number(text));
    case "bytes":
      return (text) => new Uint8Array(Buffer.from(text, "hex"));
    case "int":
      if (bigint) return (text) => BigInt(text);
      return (text) => {
        const value = Number(text);
        if (Number.isSafeInteger(value)) return value;
        throw new SluiceError(
          "data",
          `${text} in column "${column.name}" of the input "${input}" is beyond what a number holds exactly (2^53)`,
          { hint: "ask for bigint: true, or cast the column to string", offending: text, reason: "bigint" },
        );
      };
    default:
      return (text) => text;
  }
}
