import { type Cell, type LogicalType, parseType, SluiceError, type TypeText } from "@sluice/core";
import type { Value } from "./client.ts";

/**
 * Types, both ways. SQLite knows five storage classes; a column's declared type only gives it an affinity, which may
 * rewrite a value on its way in: DECIMAL turns `12.30` into 12.3, STRING turns `007` into 7. Hence the declarations here.
 *
 * | type | declared | stored | read back as | lost |
 * |---|---|---|---|---|
 * | bool | BOOLEAN | 0, 1 | bool | |
 * | int8 … int64, uint8 … uint32 | INTEGER | integer | int64 | the width |
 * | uint64 | TEXT DECIMAL(20,0) | digits | decimal(20,0) | arithmetic in SQLite |
 * | float32, float64 | REAL | float | float64 | the width; NaN is refused, since SQLite makes it null |
 * | decimal(p,s) | TEXT DECIMAL(p,s) | text | decimal(p,s) | arithmetic and order in SQLite |
 * | string, enum, interval, uuid | TEXT | text | string | the type |
 * | json, list, struct, map | TEXT | JSON or the engine's text | string | the type |
 * | bytes | BLOB | bytes | string of hexadecimal digits | the type |
 * | date, time, timestamp | DATE, TIME, TIMESTAMP | ISO text | the same | |
 * | timestamptz | TIMESTAMPTZ | ISO text, UTC, `+00:00` | timestamptz | |
 */
export function declaredType(text: TypeText): string {
  const type = parseType(text);
  switch (type.kind) {
    case "bool":
      return "BOOLEAN";
    case "int8":
    case "int16":
    case "int32":
    case "int64":
    case "uint8":
    case "uint16":
    case "uint32":
      return "INTEGER";
    case "uint64":
      return "TEXT DECIMAL(20,0)";
    case "float32":
    case "float64":
      return "REAL";
    case "decimal":
      return `TEXT DECIMAL(${type.precision},${type.scale})`;
    case "string":
    case "enum":
    case "interval":
    case "uuid":
    case "json":
    case "list":
    case "struct":
    case "map":
      return "TEXT";
    case "bytes":
      return "BLOB";
    case "date":
      return "DATE";
    case "time":
      return "TIME";
    case "timestamp":
      return "TIMESTAMP";
    case "timestamptz":
      return "TIMESTAMPTZ";
    default:
      return type satisfies never;
  }
}

/**
 * The type whose values a column declared so takes as they are: the one that a load declares so, where one does, else one of its
 * affinity.
 */
export function typeDeclaredAs(declared: string): TypeText {
  const word = declared.trim().toUpperCase();
  const own = OWN.get(word);
  if (own !== undefined) return own;
  if (/^TEXT DECIMAL\(\d+,\d+\)$/.test(word)) return word.slice("TEXT ".length).toLowerCase();
  const affinity = affinityOf(word);
  if (affinity === "INTEGER" || affinity === "NUMERIC") return "int64";
  return affinity === "REAL" ? "float64" : "string";
}

const OWN: ReadonlyMap<string, TypeText> = new Map(
  ["bool", "int64", "float64", "string", "bytes", "date", "time", "timestamp", "timestamptz"].map((type) => [
    declaredType(type),
    type,
  ]),
);

export type Affinity = "INTEGER" | "TEXT" | "BLOB" | "REAL" | "NUMERIC";

/** The affinity of a declared type, by the rules of https://www.sqlite.org/datatype3.html#determination_of_column_affinity. */
export function affinityOf(declared: string): Affinity {
  const word = declared.toUpperCase();
  if (word.includes("INT")) return "INTEGER";
  if (/CHAR|CLOB|TEXT/.test(word)) return "TEXT";
  if (word === "" || word.includes("BLOB")) return "BLOB";
  if (/REAL|FLOA|DOUB/.test(word)) return "REAL";
  return "NUMERIC";
}

/** Why values of the type would not survive in a column declared so, as the end of a sentence; undefined where they do. */
export function misfitOf(text: TypeText, declared: string): string | undefined {
  const affinity = affinityOf(declared);
  const shown = declared === "" ? "has no type" : `is ${declared}`;
  switch (storageOf(parseType(text))) {
    case "integer":
      if (affinity === "INTEGER" || affinity === "NUMERIC") return undefined;
      return `${shown}, which does not keep integers as integers`;
    case "real":
      return affinity === "REAL" || affinity === "NUMERIC" ? undefined : `${shown}, which does not hold floats`;
    case "text":
      if (affinity === "TEXT" || affinity === "BLOB") return undefined;
      return `${shown}, which would turn the text 12.30 into 12.3`;
    case "moment":
      if (affinity === "TEXT" || affinity === "BLOB" || affinity === "NUMERIC") return undefined;
      return `${shown}, which does not hold dates as text`;
    case "blob":
      return undefined;
  }
}

type Storage = "integer" | "real" | "text" | "moment" | "blob";

function storageOf(type: LogicalType): Storage {
  switch (type.kind) {
    case "bool":
    case "int8":
    case "int16":
    case "int32":
    case "int64":
    case "uint8":
    case "uint16":
    case "uint32":
      return "integer";
    case "float32":
    case "float64":
      return "real";
    case "date":
    case "time":
    case "timestamp":
    case "timestamptz":
      return "moment";
    case "bytes":
      return "blob";
    default:
      return "text";
  }
}

/** Turns a cell of the engine into what SQLite stores; undefined where it is stored as it is. */
export type Binder = ((cell: Cell) => Value) | undefined;

/** How cells of a column are bound. */
export function binderOf(name: string, text: TypeText): Binder {
  const type = parseType(text);
  switch (type.kind) {
    case "bool":
      return (cell) => (cell === null ? null : cell === true || cell === "true" || cell === 1 ? 1 : 0);
    case "int8":
    case "int16":
    case "int32":
    case "int64":
    case "uint8":
    case "uint16":
    case "uint32":
      // A number is bound as a float and made an integer again by the column's affinity, exactly below 2^53.
      return (cell) => (typeof cell === "string" ? BigInt(cell) : (cell as Value));
    case "float32":
    case "float64":
      return (cell) => (cell === null ? null : requireNumber(name, cell));
    case "bytes":
      return (cell) => (cell === null ? null : Buffer.from(String(cell), "hex"));
    case "timestamptz":
      return (cell) => (cell === null ? null : String(cell).replace(/(?:Z|[+-]00(?::?00)?)$/, "+00:00"));
    default:
      return (cell) => (typeof cell === "string" || cell === null ? cell : String(cell));
  }
}

function requireNumber(name: string, cell: Cell): number {
  const number = typeof cell === "number" ? cell : floatOf(String(cell));
  if (Number.isNaN(number)) {
    throw new SluiceError("data", `column "${name}" holds NaN, which SQLite would store as null`, {
      offending: "NaN",
      hint: "turn it into null or a number before the load",
    });
  }
  return number;
}

function floatOf(text: string): number {
  if (/^[+-]?inf/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return Number(text);
}
