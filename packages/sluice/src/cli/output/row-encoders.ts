import type { Cell, Column } from "@sluice/core";
import { cellText } from "./cell-text.ts";

/** Rows as text, piece by piece. */
export interface RowEncoder {
  /** What stands before the first row. */
  readonly start: string;
  batch(rows: readonly (readonly Cell[])[]): string;
  /** What stands behind the last row. */
  end(): string;
}

/** The formats that rows are written in as they come. */
export const STREAM_FORMATS = ["csv", "tsv", "json", "ndjson"] as const;

export type StreamFormat = (typeof STREAM_FORMATS)[number];

/** What writes rows of these columns in a format. */
export function rowEncoder(format: StreamFormat, columns: readonly Column[]): RowEncoder {
  switch (format) {
    case "csv":
      return delimited(columns, ",");
    case "tsv":
      return delimited(columns, "\t");
    case "ndjson": {
      const object = jsonObject(columns);
      return { start: "", batch: (rows) => rows.map((row) => `${object(row)}\n`).join(""), end: () => "" };
    }
    case "json":
      return jsonArray(columns);
    default:
      return format satisfies never;
  }
}

function delimited(columns: readonly Column[], delimiter: string): RowEncoder {
  const needsQuotes = new RegExp(`["\\r\\n${delimiter}]`);
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  // An empty text is told from null by its quotes; a line with nothing in it would be no record.
  const field = (text: string): string => (text === "" || needsQuotes.test(text) ? quoted(text) : text);
  const missing = columns.length === 1 ? '""' : "";
  const types = columns.map(({ type }) => type);
  const line = (row: readonly Cell[]): string =>
    row.map((cell, index) => (cell === null ? missing : field(cellText(cell, types[index] ?? "")))).join(delimiter);
  return {
    start: `${columns.map(({ name }) => field(name)).join(delimiter)}\n`,
    batch: (rows) => rows.map((row) => `${line(row)}\n`).join(""),
    end: () => "",
  };
}

function jsonArray(columns: readonly Column[]): RowEncoder {
  const object = jsonObject(columns);
  let isFirst = true;
  return {
    start: "[",
    batch: (rows) =>
      rows
        .map((row) => {
          const text = `${isFirst ? "\n" : ",\n"}${object(row)}`;
          isFirst = false;
          return text;
        })
        .join(""),
    end: () => (isFirst ? "]\n" : "\n]\n"),
  };
}

function jsonObject(columns: readonly Column[]): (row: readonly Cell[]) => string {
  const fields = columns.map(({ name, type }) => ({ key: `${JSON.stringify(name)}:`, value: jsonValue(type) }));
  return (row) => {
    const members = fields.map(({ key, value }, index) => {
      const cell = row[index];
      return key + (cell === null || cell === undefined ? "null" : value(cell));
    });
    return `{${members.join(",")}}`;
  };
}

/** As a JSON file is written: numbers keep every digit, times follow ISO 8601; what JSON has no number for is text. */
function jsonValue(type: string): (cell: Exclude<Cell, null>) => string {
  if (/^(?:list|struct|map|json)/.test(type)) return (cell) => validJson(String(cell));
  if (/^(?:u?int\d|bool|decimal)/.test(type)) return String;
  if (type === "bytes") return (cell) => JSON.stringify(Buffer.from(String(cell), "hex").toString("base64"));
  if (type.startsWith("timestamp")) {
    return (cell) => JSON.stringify(String(cell).replace(" ", "T").replace(/\+00$/, "Z"));
  }
  if (!type.startsWith("float")) return (cell) => JSON.stringify(String(cell));
  return (cell) => {
    const text = cellText(cell, type);
    return Number.isFinite(Number(cell)) ? text : JSON.stringify(text);
  };
}

/** The engine writes infinities inside of nested values as words, which JSON does not know. */
function validJson(text: string): string {
  if (!/\b(?:inf|nan)/i.test(text)) return text;
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:inf(?:inity)?|nan)\b/gi, (token) => {
    if (token.startsWith('"')) return token;
    return JSON.stringify(token.toLowerCase().replace("infinity", "inf"));
  });
}
