import { type LogicalType, parseType, SluiceError, type TypeText } from "@sluice/core";
import { quoteName, quoteText } from "./sql-text.ts";

const SIMPLE = {
  bool: "boolean",
  int8: "tinyint",
  int16: "smallint",
  int32: "integer",
  int64: "bigint",
  uint8: "utinyint",
  uint16: "usmallint",
  uint32: "uinteger",
  uint64: "ubigint",
  float32: "float",
  float64: "double",
  string: "varchar",
  bytes: "blob",
  date: "date",
  time: "time",
  timestamp: "timestamp",
  timestamptz: "timestamptz",
  interval: "interval",
  uuid: "uuid",
  json: "json",
} as const;

/**
 * A logical type as DuckDB writes it.
 *
 * @example
 * duckDbTypeOf("list<int64>"); // "bigint[]"
 */
export function duckDbTypeOf(type: TypeText): string {
  return render(parseType(type));
}

/** The same with text in place of intervals. */
export function duckDbTypeWithoutIntervals(type: TypeText): string {
  return render(parseType(type), SIMPLE.string);
}

function render(type: LogicalType, interval: string = SIMPLE.interval): string {
  switch (type.kind) {
    case "interval":
      return interval;
    case "decimal":
      return `decimal(${type.precision},${type.scale})`;
    case "list":
      return `${render(type.item, interval)}[]`;
    case "map":
      return `map(${render(type.key, interval)}, ${render(type.value, interval)})`;
    case "struct":
      return `struct(${type.fields.map(([name, field]) => `${quoteName(name)} ${render(field, interval)}`).join(", ")})`;
    case "enum":
      return `enum(${type.values.map(quoteText).join(", ")})`;
    default:
      return SIMPLE[type.kind];
  }
}

/**
 * The logical type of one of DuckDB's. What is lost: nanoseconds (`timestamp_ns` becomes `timestamp`, in microseconds),
 * the fixed length of arrays, and the top of the range of `hugeint` (it becomes decimal(38,0); more is an error when read).
 *
 * @example
 * logicalTypeOf("STRUCT(a HUGEINT, b VARCHAR[])"); // "struct{a: decimal(38,0), b: list<string>}"
 * @throws SluiceError `unsupported` for types that no logical type holds: unions, bit strings beyond text, times with a zone
 */
export function logicalTypeOf(duckDbType: string): TypeText {
  const reader = new TypeReader(duckDbType);
  const type = reader.type();
  if (!reader.isAtEnd()) reader.fail();
  return type;
}

const LOGICAL: ReadonlyMap<string, TypeText> = new Map([
  ["BOOLEAN", "bool"],
  ["TINYINT", "int8"],
  ["SMALLINT", "int16"],
  ["INTEGER", "int32"],
  ["BIGINT", "int64"],
  ["HUGEINT", "decimal(38,0)"],
  ["UHUGEINT", "decimal(38,0)"],
  ["UTINYINT", "uint8"],
  ["USMALLINT", "uint16"],
  ["UINTEGER", "uint32"],
  ["UBIGINT", "uint64"],
  ["FLOAT", "float32"],
  ["DOUBLE", "float64"],
  ["VARCHAR", "string"],
  ["BIT", "string"],
  ['"NULL"', "string"],
  ["NULL", "string"],
  ["BLOB", "bytes"],
  ["DATE", "date"],
  ["TIME", "time"],
  ["TIMESTAMP", "timestamp"],
  ["TIMESTAMP_S", "timestamp"],
  ["TIMESTAMP_MS", "timestamp"],
  ["TIMESTAMP_NS", "timestamp"],
  ["TIMESTAMP WITH TIME ZONE", "timestamptz"],
  ["INTERVAL", "interval"],
  ["UUID", "uuid"],
  ["JSON", "json"],
]);

class TypeReader {
  private rest: string;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
    this.rest = text;
  }

  isAtEnd(): boolean {
    return this.rest.trim() === "";
  }

  fail(): never {
    throw new SluiceError("unsupported", `DuckDB's type ${this.text} has no logical type`, {
      offending: this.text,
      hint: "cast the column to another type, for example to varchar",
    });
  }

  type(): TypeText {
    let type = this.single();
    for (let array = this.take(/^\[\d*\]/); array !== undefined; array = this.take(/^\[\d*\]/)) type = `list<${type}>`;
    return type;
  }

  private single(): TypeText {
    const decimal = this.take(/^DECIMAL\(\d+,\s*\d+\)/);
    if (decimal !== undefined) return decimal.toLowerCase().replace(/\s/g, "");
    if (this.take(/^STRUCT\(/) !== undefined) return `struct{${this.items(() => this.field()).join(", ")}}`;
    if (this.take(/^MAP\(/) !== undefined) return `map<${this.items(() => this.type()).join(",")}>`;
    if (this.take(/^ENUM\(/) !== undefined) {
      return `enum(${this.items(() => this.take(/^'(?:[^']|'')*'/) ?? this.fail()).join(", ")})`;
    }
    const word = this.take(/^(?:TIMESTAMP WITH TIME ZONE|"NULL"|[A-Z_0-9]+)/);
    return (word === undefined ? undefined : LOGICAL.get(word)) ?? this.fail();
  }

  private field(): string {
    const name = this.take(/^(?:"(?:[^"]|"")*"|[^\s"]+)/) ?? this.fail();
    this.take(/^\s+/);
    return `${/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name.startsWith('"') ? name : `"${name}"`}: ${this.type()}`;
  }

  private items(read: () => string): string[] {
    const found = [read()];
    while (this.take(/^,\s*/) !== undefined) found.push(read());
    if (this.take(/^\)/) === undefined) this.fail();
    return found;
  }

  private take(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.rest)?.[0];
    if (found !== undefined) this.rest = this.rest.slice(found.length);
    return found;
  }
}
