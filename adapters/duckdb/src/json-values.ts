import { type FrozenColumn, formatType, type JsonRule, jsonRuleOf, type LogicalType, parseType } from "@sluice/core";
import { quoteName, quoteText } from "./sql-text.ts";
import { textValue } from "./text-values.ts";
import { duckDbTypeOf } from "./types.ts";

/**
 * Whether a record is as its author wrote it, or as `createJsonReader` normalised it, with values of type json in strings
 * of their own.
 */
export type JsonForm = "raw" | "normalised";

/**
 * The structure for DuckDB's `json_transform`: numbers, booleans and nesting as they are frozen, the rest as text.
 *
 * @example
 * structureOf([{ name: "day", type: "date", nullable: true }], "raw"); // '{"day":"varchar"}'
 */
export function structureOf(columns: readonly FrozenColumn[], form: JsonForm): string {
  const members = columns.map(({ name, type }) => {
    const carried = duckDbTypeOf(formatType(carriedType(parseType(type), form)));
    return `${JSON.stringify(name)}:${JSON.stringify(carried)}`;
  });
  return `{${members.join(",")}}`;
}

function carriedType(type: LogicalType, form: JsonForm): LogicalType {
  switch (type.kind) {
    case "list":
      return { kind: "list", item: carriedType(type.item, form) };
    case "map":
      return { kind: "map", key: { kind: "string" }, value: carriedType(type.value, form) };
    case "struct":
      return { kind: "struct", fields: type.fields.map(([name, field]) => [name, carriedType(field, form)] as const) };
    case "date":
    case "time":
    case "timestamp":
    case "timestamptz":
    case "uuid":
    case "enum":
      return { kind: "string" };
    case "json":
      return form === "raw" ? type : { kind: "string" };
    default:
      return type;
  }
}

/** The value of a column, typed, from the term that `json_transform` gave for it. */
export function jsonValue(column: FrozenColumn, term: string, form: JsonForm): string {
  return typedValue(jsonRuleOf(column), term, form, 0);
}

function typedValue(rule: JsonRule, term: string, form: JsonForm, depth: number): string {
  if (isCarried(rule, form)) return term;
  switch (rule.kind) {
    case "json":
      return `cast(${term} as json)`;
    case "leaf":
      return textValue(rule.column, "sure", term);
    case "list": {
      const item = `i${depth}`;
      return `list_transform(${term}, lambda ${item}: ${typedValue(rule.item, item, form, depth + 1)})`;
    }
    case "map": {
      const item = `i${depth}`;
      const value = typedValue(rule.value, item, form, depth + 1);
      return `map(map_keys(${term}), list_transform(map_values(${term}), lambda ${item}: ${value}))`;
    }
    case "struct": {
      const fields = rule.fields.map(([name, field]) => {
        const inner = `struct_extract(${term}, ${quoteText(name)})`;
        return `${quoteName(name)} := ${typedValue(field, inner, form, depth)}`;
      });
      return `case when ${term} is null then null else struct_pack(${fields.join(", ")}) end`;
    }
    default:
      return rule satisfies never;
  }
}

/** Whether `json_transform` gives the value itself. */
function isCarried(rule: JsonRule, form: JsonForm): boolean {
  switch (rule.kind) {
    case "json":
      return form === "raw";
    case "leaf": {
      const { kind } = parseType(rule.column.type);
      return formatType(carriedType({ kind } as LogicalType, form)) !== "string" || kind === "string";
    }
    case "list":
      return isCarried(rule.item, form);
    case "map":
      return isCarried(rule.value, form);
    case "struct":
      return rule.fields.every(([, field]) => isCarried(field, form));
    default:
      return rule satisfies never;
  }
}
