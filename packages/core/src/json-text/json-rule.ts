import { acceptanceOf } from "../acceptance/acceptance.ts";
import { SluiceError } from "../errors.ts";
import type { FrozenColumn } from "../schema/frozen.ts";
import { formatType, type LogicalType, parseType } from "../schema/types.ts";

/**
 * What a value of JSON must be: the one place that says which kind of token each type is read from. A leaf is a column
 * of its own, named by its path, whose text `acceptanceOf` judges.
 */
export type JsonRule =
  | { readonly kind: "json" }
  | { readonly kind: "leaf"; readonly column: FrozenColumn; readonly tokens: readonly JsonToken[] }
  | { readonly kind: "list"; readonly item: JsonRule }
  | { readonly kind: "map"; readonly value: JsonRule }
  | { readonly kind: "struct"; readonly fields: readonly (readonly [name: string, rule: JsonRule])[] };

/** The tokens that a leaf may be. */
export type JsonToken = "string" | "number" | "bool";

/**
 * The path of a member, as people write it: `a.b`, `a["b c"]`.
 *
 * @example
 * memberPath("order", "unit price"); // 'order["unit price"]'
 */
export function memberPath(parent: string, name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return parent === "" ? name : `${parent}[${JSON.stringify(name)}]`;
  return parent === "" ? name : `${parent}.${name}`;
}

/**
 * The rule of a column of a JSON source.
 *
 * @example
 * jsonRuleOf({ name: "tags", type: "list<string>", nullable: true }).kind; // "list"
 * @throws SluiceError `config` for a type that JSON does not hold: bytes, interval, a map whose keys are no strings
 */
export function jsonRuleOf(column: FrozenColumn): JsonRule {
  return ruleOf(parseType(column.type), column.name, column);
}

function ruleOf(type: LogicalType, path: string, column: FrozenColumn): JsonRule {
  switch (type.kind) {
    case "json":
      return { kind: "json" };
    case "list":
      return { kind: "list", item: ruleOf(type.item, `${path}[]`, column) };
    case "map":
      if (type.key.kind !== "string")
        throw refusal(path, formatType(type), "its keys are names: declare map<string,…>");
      return { kind: "map", value: ruleOf(type.value, `${path}[]`, column) };
    case "struct":
      return {
        kind: "struct",
        fields: type.fields.map(([name, field]) => [name, ruleOf(field, memberPath(path, name), column)] as const),
      };
    case "bytes":
    case "interval":
      throw refusal(path, type.kind, "declare it as string, and convert it in a step");
    default: {
      const format = path === column.name ? column.format : formatAt(column, path);
      const words = path === column.name && column.words !== undefined ? { words: column.words } : {};
      const leaf = { name: path, type: formatType(type), nullable: true, ...words };
      const own: FrozenColumn = format === undefined ? leaf : { ...leaf, format };
      acceptanceOf(own);
      return { kind: "leaf", column: own, tokens: tokensOf(type.kind) };
    }
  }
}

function formatAt(column: FrozenColumn, path: string): string | undefined {
  return column.formats?.find(([at]) => at === path)?.[1];
}

function tokensOf(kind: LogicalType["kind"]): readonly JsonToken[] {
  if (kind === "bool") return ["bool"];
  // Money is written as text by those who know that a number is a double to most readers.
  if (kind === "decimal") return ["number", "string"];
  return /^(?:u?int|float)/.test(kind) ? ["number"] : ["string"];
}

function refusal(path: string, type: string, hint: string): SluiceError {
  return new SluiceError("config", `"${path}" is ${type}, which a JSON file does not hold`, { offending: type, hint });
}
