import { type Cell, type Column, type LogicalType, parseType, SluiceError } from "@sluice/core";

/** What turns the cells of a row into an object without a prototype. */
export type RowMaker = (cells: readonly Cell[]) => Record<string, unknown>;

/**
 * Makes rows of a schema: integers are `number`, an error beyond 2^53, or `bigint` where that is wanted; decimals and times
 * are text; lists are arrays, structs objects, maps a `Map`, bytes a `Uint8Array`.
 */
export function rowMaker(columns: readonly Column[], { bigint }: { readonly bigint: boolean }): RowMaker {
  const readers = columns.map(({ name, type }) => ({
    name,
    read: readerOf(parseType(type), { bigint, column: name }),
  }));
  return (cells) => {
    const row = Object.create(null) as Record<string, unknown>;
    for (const [index, { name, read }] of readers.entries()) {
      const cell = cells[index];
      row[name] = cell === null || cell === undefined ? null : read(cell);
    }
    return row;
  };
}

interface Place {
  readonly bigint: boolean;
  readonly column: string;
}

/** What turns a cell of a type into its value. */
export function readerOf(type: LogicalType, place: Place): (cell: Exclude<Cell, null>) => unknown {
  switch (type.kind) {
    case "list":
    case "struct":
    case "map":
      return (cell) => nestedValue(parseTagged(String(cell)), type, place);
    default:
      return (cell) => scalarValue(cell, type, place);
  }
}

function scalarValue(cell: Exclude<Cell, null>, { kind }: LogicalType, place: Place): unknown {
  switch (kind) {
    case "bool":
      return typeof cell === "string" ? cell === "true" : cell;
    case "float32":
    case "float64":
      return typeof cell === "string" ? floatOf(cell) : cell;
    case "bytes":
      return Uint8Array.from(Buffer.from(String(cell), "hex"));
    default:
      return /^u?int\d/.test(kind) ? integerOf(cell, place) : String(cell);
  }
}

function integerOf(cell: Exclude<Cell, null>, { bigint, column }: Place): number | bigint {
  if (bigint) return BigInt(cell);
  const value = Number(cell);
  if (Number.isSafeInteger(value)) return value;
  throw new SluiceError("data", `the integer ${cell} in "${column}" is beyond what a number holds exactly`, {
    offending: String(cell),
    hint: "ask for bigints: rows({ bigint: true })",
  });
}

function floatOf(text: string): number {
  if (/^[+-]?inf/i.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}

/** JSON of which strings begin with `s` and numbers are strings that begin with `n`: no digit is lost. */
type Tagged = string | boolean | null | readonly Tagged[] | { readonly [key: string]: Tagged };

const TOKEN = /"((?:[^"\\]|\\.)*)"|-?(?:\d[\d.eE+-]*|Infinity|inf(?:inity)?|NaN)/gi;

function parseTagged(json: string): Tagged {
  const tagged = json.replace(TOKEN, (token, text: string | undefined) =>
    text === undefined ? `"n${token}"` : `"s${text}"`,
  );
  return JSON.parse(tagged) as Tagged;
}

function nestedValue(value: Tagged | undefined, type: LogicalType, place: Place): unknown {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case "list":
      return Array.isArray(value) ? value.map((item) => nestedValue(item as Tagged, type.item, place)) : null;
    case "struct": {
      const members = value as { readonly [key: string]: Tagged };
      const made = Object.create(null) as Record<string, unknown>;
      for (const [name, field] of type.fields) made[name] = nestedValue(members[`s${name}`], field, place);
      return made;
    }
    case "map": {
      const entries = Object.entries(value as { readonly [key: string]: Tagged });
      return new Map(
        entries.map(([key, item]) => [
          scalarValue(key.slice(1), type.key, place),
          nestedValue(item, type.value, place),
        ]),
      );
    }
    case "json":
      return plainJson(value);
    case "decimal":
      return withPlaces(String(value).slice(1), type.scale);
    case "bytes":
      return bytesOf(String(value).slice(1));
    default:
      return typeof value === "boolean" ? value : scalarValue(String(value).slice(1), type, place);
  }
}

/** In JSON a decimal has lost the zeros at its end. */
function withPlaces(text: string, scale: number): string {
  const [whole = "", fraction = ""] = text.split(".");
  return scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, "0")}`;
}

/** Bytes in JSON: those that are no printable ASCII as `\\xAA`. */
function bytesOf(text: string): Uint8Array {
  const parts = text.match(/\\x[0-9A-F]{2}|[\s\S]/g) ?? [];
  return Uint8Array.from(parts, (part) =>
    part.length === 4 ? Number.parseInt(part.slice(2), 16) : part.charCodeAt(0),
  );
}

/** The text of JSON inside of a nested value, as it was. */
function plainJson(value: Tagged): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return value.startsWith("n") ? value.slice(1) : JSON.stringify(value.slice(1));
  if (Array.isArray(value)) return `[${value.map((item) => plainJson(item as Tagged)).join(",")}]`;
  const members = Object.entries(value as { readonly [key: string]: Tagged });
  return `{${members.map(([key, item]) => `${JSON.stringify(key.slice(1))}:${plainJson(item)}`).join(",")}}`;
}
