import { type PartitionTransform, parseType, type Schema, SluiceError } from "@sluice/core";
import { bucketFunction, type Hashed } from "./bucket-function.ts";
import { quoteName } from "./sql-text.ts";

/** A partition value as SQL, and what is left to do to its text. */
export interface PartitionTerm {
  readonly sql: string;
  /** The text of the value, from what DuckDB prints. */
  readonly textOf: (printed: string) => string;
}

/**
 * The partition value of a row, as Iceberg computes it.
 *
 * @example
 * partitionTerm({ column: "day", transform: "month" }, schema).sql; // `(year("day") - 1970) * 12 + month("day") - 1`
 */
export function partitionTerm({ column, transform, width = 1 }: PartitionTransform, schema: Schema): PartitionTerm {
  const found = schema.columns.find(({ name }) => name === column);
  if (found === undefined) throw new SluiceError("internal", `rows are parted by "${column}", which they do not have`);
  const type = parseType(found.type);
  const name = quoteName(column);
  const asPrinted = (sql: string): PartitionTerm => ({ sql, textOf: (printed) => printed });
  switch (transform) {
    case "void":
      return asPrinted("null::integer");
    case "identity":
      return asPrinted(type.kind === "bytes" ? `lower(hex(${name}))` : name);
    case "year":
      return asPrinted(`year(${name}) - 1970`);
    case "month":
      return asPrinted(`(year(${name}) - 1970) * 12 + month(${name}) - 1`);
    case "day":
      return asPrinted(`datediff('day', date '1970-01-01', cast(${name} as date))`);
    case "hour": {
      const start = type.kind === "timestamptz" ? "timestamptz '1970-01-01 00:00:00+00'" : "timestamp '1970-01-01'";
      return asPrinted(`datediff('hour', ${start}, ${name})`);
    }
    case "bucket": {
      const [hashed, value] = hashedAs(name, type.kind);
      return asPrinted(`${bucketFunction(hashed)}(${value}, ${width})`);
    }
    case "truncate":
      if (type.kind === "bytes") return asPrinted(`left(lower(hex(${name})), ${2 * width})`);
      if (type.kind === "decimal") {
        const { scale } = type;
        return { sql: rounded(digits(name), width), textOf: (printed) => withPoint(printed, scale) };
      }
      return asPrinted(isWhole(type.kind) ? rounded(`${name}::hugeint`, width) : `left(${name}, ${width})`);
    default:
      return transform satisfies never;
  }
}

function hashedAs(name: string, kind: string): readonly [Hashed, string] {
  switch (kind) {
    case "date":
      return ["long", `datediff('day', date '1970-01-01', ${name})`];
    case "time":
    case "timestamp":
    case "timestamptz":
      return ["long", `epoch_us(${name})`];
    case "decimal":
    case "uint64":
      return ["digits", digits(name)];
    case "uuid":
      return ["bytes", `unhex(replace(${name}::varchar, '-', ''))`];
    case "bytes":
      return ["bytes", name];
    default:
      return isWhole(kind) ? ["long", `${name}::bigint`] : ["text", `${name}::varchar`];
  }
}

function isWhole(kind: string): boolean {
  return /^u?int\d+$/.test(kind);
}

/** A decimal without its point. */
function digits(name: string): string {
  return `replace(${name}::varchar, '.', '')::hugeint`;
}

function rounded(whole: string, width: number): string {
  return `${whole} - (((${whole}) % ${width}) + ${width}) % ${width}`;
}

function withPoint(whole: string, scale: number): string {
  if (scale === 0) return whole;
  const sign = whole.startsWith("-") ? "-" : "";
  const padded = whole.slice(sign.length).padStart(scale + 1, "0");
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}
