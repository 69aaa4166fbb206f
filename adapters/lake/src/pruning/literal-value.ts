import type { LiteralNode } from "@sluice/core";
import type { PrimitiveType } from "../format/model.ts";
import { compareValues } from "../values/compare-values.ts";
import { decimalBytes } from "../values/encode-value.ts";
import type { Value } from "../values/primitive.ts";
import { valueOfText } from "../values/value-of-text.ts";

/** A literal beside a column: the column's own value, or, where the engine compares both as floats, about so much. */
export type Compared = { readonly exact: Value } | { readonly about: number };

/** How the engine compares a literal with a column; undefined where that cannot be told. */
export function comparedAs(literal: LiteralNode, type: PrimitiveType): Compared | undefined {
  const { value } = literal;
  if (value === null) return undefined;
  if (typeof value === "boolean") return type.kind === "boolean" ? { exact: value } : undefined;
  switch (type.kind) {
    case "int":
    case "long":
      if (literal.type !== "number") return undefined;
      // Beyond the type too: a bound is below it all the same.
      return /^[+-]?\d+$/.test(value) ? { exact: BigInt(value) } : about(Number(value));
    case "float":
      return literal.type === "number" ? about(Number(value)) : undefined;
    case "double":
      return literal.type === "number" && !Number.isNaN(Number(value)) ? { exact: Number(value) } : undefined;
    case "decimal": {
      if (literal.type !== "number") return undefined;
      // Decimals of more digits may be equal as floats and not equal.
      const exact = type.precision <= 15 ? valueOfText(value, type) : undefined;
      return exact === undefined ? about(Number(value)) : { exact };
    }
    case "date": {
      if (literal.type === "date") return exactly(value, type);
      if (literal.type !== "timestamp" && literal.type !== "timestamptz") return undefined;
      const instant = valueOfText(value, { kind: "timestamp" });
      return instant === undefined ? undefined : about(Number(instant) / 86_400e6);
    }
    case "timestamp":
    case "timestamptz":
      return ["date", "timestamp", "timestamptz"].includes(literal.type) ? exactly(value, type) : undefined;
    case "time":
    case "string":
    case "uuid":
      return literal.type === type.kind ? exactly(value, type) : undefined;
    case "binary":
    case "fixed":
      return literal.type === "bytes" ? exactly(value, type) : undefined;
    case "boolean":
      return undefined;
    default:
      return type satisfies never;
  }
}

function exactly(text: string, type: PrimitiveType): Compared | undefined {
  const exact = valueOfText(text, type);
  return exact === undefined ? undefined : { exact };
}

function about(number: number): Compared | undefined {
  return Number.isNaN(number) ? undefined : { about: number };
}

/** Negative, zero or positive as the value is certainly less, equal or more than the literal; undefined where it is close. */
export function order(value: Value, compared: Compared, type: PrimitiveType): number | undefined {
  if ("exact" in compared) return compareValues(value, compared.exact);
  const number = Number(value) / (type.kind === "decimal" ? 10 ** type.scale : 1);
  // Wider than the rounding of a 32-bit float.
  const margin = Math.max(Math.abs(number), Math.abs(compared.about)) * 1e-6;
  if (number < compared.about - margin) return -1;
  return number > compared.about + margin ? 1 : undefined;
}

/** The literal as a value of the column that can be hashed; undefined where the column cannot hold it. */
export function hashable(compared: Compared, type: PrimitiveType): Value | undefined {
  if (!("exact" in compared)) return undefined;
  const { exact } = compared;
  if (typeof exact !== "bigint") return exact;
  if (type.kind === "int") return BigInt.asIntN(32, exact) === exact ? Number(exact) : undefined;
  return type.kind === "decimal" || decimalBytes(exact).length <= 8 ? exact : undefined;
}
