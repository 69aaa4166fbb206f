import { SluiceError } from "../errors.ts";

const SIMPLE = [
  "bool",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "float32",
  "float64",
  "string",
  "bytes",
  "date",
  "time",
  "timestamp",
  "timestamptz",
  "interval",
  "uuid",
  "json",
] as const;

/** The types that have no parameters, such as `int64` and `timestamptz`. */
export type SimpleKind = (typeof SIMPLE)[number];

/** A logical type, taken apart. `parseType` makes it from its canonical text. */
export type LogicalType =
  | { readonly kind: SimpleKind }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "list"; readonly item: LogicalType }
  | { readonly kind: "map"; readonly key: LogicalType; readonly value: LogicalType }
  | { readonly kind: "struct"; readonly fields: readonly (readonly [string, LogicalType])[] }
  | { readonly kind: "enum"; readonly values: readonly string[] };

/** The canonical text of a logical type: `int64`, `decimal(10,2)`, `list<string>`, `struct{a: int64}`. */
export type TypeText = string;

/** The families on which the typed builder works: one word for all widths of integers, and so on. */
export type Family =
  | "bool"
  | "int"
  | "decimal"
  | "float"
  | "text"
  | "bytes"
  | "date"
  | "time"
  | "timestamp"
  | "timestamptz"
  | "interval"
  | "uuid"
  | "json"
  | "list"
  | "struct"
  | "map";

/** The family of a logical type; an enum counts as text. */
export function familyOf(type: LogicalType): Family {
  switch (type.kind) {
    case "int8":
    case "int16":
    case "int32":
    case "int64":
    case "uint8":
    case "uint16":
    case "uint32":
    case "uint64":
      return "int";
    case "float32":
    case "float64":
      return "float";
    case "string":
    case "enum":
      return "text";
    default:
      return type.kind;
  }
}

/**
 * The canonical text of a type; parsing it gives the type back.
 *
 * @example
 * formatType({ kind: "decimal", precision: 10, scale: 2 }); // "decimal(10,2)"
 */
export function formatType(type: LogicalType): TypeText {
  switch (type.kind) {
    case "decimal":
      return `decimal(${type.precision},${type.scale})`;
    case "list":
      return `list<${formatType(type.item)}>`;
    case "map":
      return `map<${formatType(type.key)},${formatType(type.value)}>`;
    case "struct":
      return `struct{${type.fields.map(([name, field]) => `${quoteName(name)}: ${formatType(field)}`).join(", ")}}`;
    case "enum":
      return `enum(${type.values.map((value) => `'${value.replaceAll("'", "''")}'`).join(", ")})`;
    default:
      return type.kind;
  }
}

/**
 * Reads the text of a logical type.
 *
 * @example
 * parseType("list<decimal(10,2)>"); // { kind: "list", item: { kind: "decimal", precision: 10, scale: 2 } }
 * @throws SluiceError `config` where the text names no type
 */
export function parseType(text: TypeText): LogicalType {
  const reader = new TypeReader(text);
  const type = reader.type();
  reader.end();
  return type;
}

/** Whether the text names a logical type. */
export function isTypeText(text: string): boolean {
  try {
    parseType(text);
    return true;
  } catch {
    return false;
  }
}

/** The type that a text would be without marks for null inside of it, where it is none with them. */
export function withoutNullMarks(text: string): TypeText | undefined {
  const bare = text.replaceAll(/\s*\?/g, "");
  return bare !== text && !isTypeText(text) && isTypeText(bare) ? bare : undefined;
}

/**
 * The one text of a type, however its blanks are written; what names no type stays as it is.
 *
 * @example
 * canonicalType("decimal(10, 2)"); // "decimal(10,2)"
 */
export function canonicalType(text: TypeText): TypeText {
  return isTypeText(text) ? formatType(parseType(text)) : text;
}

function quoteName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

class TypeReader {
  private position = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  type(): LogicalType {
    const word = this.match(/[a-z]+[0-9]*/y);
    if (word === "decimal") return this.decimal();
    if (word === "list") {
      this.expect("<");
      const item = this.type();
      this.expect(">");
      return { kind: "list", item };
    }
    if (word === "map") {
      this.expect("<");
      const key = this.type();
      this.expect(",");
      const value = this.type();
      this.expect(">");
      return { kind: "map", key, value };
    }
    if (word === "struct") return this.struct();
    if (word === "enum") return this.enumeration();
    const simple = SIMPLE.find((kind) => kind === word);
    if (simple === undefined) this.fail();
    return { kind: simple };
  }

  end(): void {
    this.match(/\s*/y);
    if (this.position !== this.text.length) this.fail();
  }

  private decimal(): LogicalType {
    this.expect("(");
    const precision = Number(this.required(/\d{1,2}/y));
    this.expect(",");
    const scale = Number(this.required(/\d{1,2}/y));
    this.expect(")");
    if (precision < 1 || precision > 38 || scale > precision) this.fail();
    return { kind: "decimal", precision, scale };
  }

  private struct(): LogicalType {
    this.expect("{");
    const fields: [string, LogicalType][] = [];
    while (!this.accept("}")) {
      if (fields.length > 0) this.expect(",");
      const quoted = this.match(/"(?:[^"]|"")*"/y);
      const name =
        quoted === undefined ? this.required(/[A-Za-z_][A-Za-z0-9_]*/y) : quoted.slice(1, -1).replaceAll('""', '"');
      this.expect(":");
      fields.push([name, this.type()]);
    }
    return { kind: "struct", fields };
  }

  private enumeration(): LogicalType {
    this.expect("(");
    const values: string[] = [];
    while (!this.accept(")")) {
      if (values.length > 0) this.expect(",");
      values.push(
        this.required(/'(?:[^']|'')*'/y)
          .slice(1, -1)
          .replaceAll("''", "'"),
      );
    }
    return { kind: "enum", values };
  }

  private accept(symbol: string): boolean {
    this.match(/\s*/y);
    if (!this.text.startsWith(symbol, this.position)) return false;
    this.position += symbol.length;
    return true;
  }

  private expect(symbol: string): void {
    if (!this.accept(symbol)) this.fail();
  }

  private required(pattern: RegExp): string {
    const found = this.match(pattern);
    if (found === undefined) this.fail();
    return found;
  }

  private match(pattern: RegExp): string | undefined {
    const skip = /\s*/y;
    skip.lastIndex = this.position;
    this.position += skip.exec(this.text)?.[0].length ?? 0;
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    this.position += found?.length ?? 0;
    return found;
  }

  private fail(): never {
    throw new SluiceError("config", `"${this.text}" is not a type (at character ${this.position + 1})`, {
      offending: this.text,
      hint: `types are ${SIMPLE.join(", ")}, decimal(p,s), list<T>, map<K,V>, struct{name: T}, enum('a', 'b')`,
    });
  }
}
