import { acceptanceOf, type FrozenColumn, type JsonRule, jsonRuleOf, type TypeText } from "@sluice/core";
import { quoteName, quoteText } from "./sql-text.ts";
import { duckDbTypeOf } from "./types.ts";

/** Beyond so many digits the engine's JSON functions have rounded a fraction to a double already. */
const SURE_DIGITS = 15;

export interface JsonCast {
  /** True where the value is one of the type, by the rules for values of JSON files; JSON's own null is. */
  readonly fits: string;
  /** The value, where it fits. */
  readonly value: string;
}

/**
 * JSON as a list, a struct or a map. Of a struct, what is not there is null, and what it does not name is left aside.
 *
 * @example
 * jsonCast("t.tags", "list<int64>", testOfText).value; // "list_transform(json_extract(t.tags, '$[*]'), lambda …)"
 */
export function jsonCast(term: string, type: TypeText, test: TextTest): JsonCast {
  const rule = jsonRuleOf({ name: "value", type, nullable: true });
  return { fits: fitting(rule, term, test, 0), value: valued(rule, term, 0) };
}

/** Whether a text is one of the type as far as a pattern tells; undefined where none does. */
type TextTest = (text: string, type: TypeText) => string | undefined;

function fitting(rule: JsonRule, term: string, test: TextTest, depth: number): string {
  const isNull = `coalesce(json_type(${term}), 'NULL') = 'NULL'`;
  const is = (kind: string, more: string): string =>
    `case when ${isNull} then true when json_type(${term}) = '${kind}' then ${more} else false end`;
  switch (rule.kind) {
    case "json":
      return "true";
    case "leaf":
      return `case when ${isNull} then true when json_type(${term}) in (${tokens(rule)}) then ${leafFits(rule.column, term, test)} else false end`;
    case "list": {
      const item = `i${depth}`;
      return is(
        "ARRAY",
        `coalesce(list_bool_and(${each(term, item, fitting(rule.item, item, test, depth + 1))}), true)`,
      );
    }
    case "map": {
      const item = `i${depth}`;
      const unique = `len(json_keys(${term})) = len(list_distinct(json_keys(${term})))`;
      return is(
        "OBJECT",
        `${unique} and coalesce(list_bool_and(list_transform(cast(json_extract(${term}, '$.*') as json[]), lambda ${item}: ${fitting(rule.value, item, test, depth + 1)})), true)`,
      );
    }
    case "struct": {
      const fields = rule.fields.map(([name, field]) => fitting(field, member(term, name), test, depth));
      return is("OBJECT", fields.join(" and "));
    }
    default:
      return rule satisfies never;
  }
}

function valued(rule: JsonRule, term: string, depth: number): string {
  const isNull = `coalesce(json_type(${term}), 'NULL') = 'NULL'`;
  switch (rule.kind) {
    case "json":
      return `case when ${isNull} then null else ${term} end`;
    case "leaf":
      return `try_cast(${textOf(term)} as ${duckDbTypeOf(rule.column.type)})`;
    case "list": {
      const item = `i${depth}`;
      return `case when ${isNull} then null else ${each(term, item, valued(rule.item, item, depth + 1))} end`;
    }
    case "map": {
      const item = `i${depth}`;
      const values = `list_transform(cast(json_extract(${term}, '$.*') as json[]), lambda ${item}: ${valued(rule.value, item, depth + 1)})`;
      return `case when ${isNull} then null else map(json_keys(${term}), ${values}) end`;
    }
    case "struct": {
      const fields = rule.fields.map(
        ([name, field]) => `${quoteName(name)} := ${valued(field, member(term, name), depth)}`,
      );
      return `case when ${isNull} then null else struct_pack(${fields.join(", ")}) end`;
    }
    default:
      return rule satisfies never;
  }
}

function each(term: string, item: string, body: string): string {
  return `list_transform(cast(json_extract(${term}, '$[*]') as json[]), lambda ${item}: ${body})`;
}

function textOf(term: string): string {
  return `json_extract_string(${term}, '$')`;
}

/** By a pointer, in which nothing but two characters means something. */
function member(term: string, name: string): string {
  return `json_extract(${term}, ${quoteText(`/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`)})`;
}

const KINDS = {
  string: ["VARCHAR"],
  bool: ["BOOLEAN"],
  number: ["BIGINT", "UBIGINT", "HUGEINT", "UHUGEINT", "DOUBLE"],
} as const;

function tokens(rule: JsonRule & { readonly kind: "leaf" }): string {
  return rule.tokens.flatMap((token) => KINDS[token].map((kind) => `'${kind}'`)).join(", ");
}

function leafFits(column: FrozenColumn, term: string, test: TextTest): string {
  const { type } = column;
  const text = textOf(term);
  if (type === "string") return "true";
  const { pattern } = acceptanceOf(column);
  const written =
    test(text, type) ?? (pattern === undefined ? undefined : `regexp_full_match(${text}, ${quoteText(pattern)})`);
  const isValue = `try_cast(${text} as ${duckDbTypeOf(type)}) is not null`;
  const isSure = type.startsWith("decimal")
    ? [
        `(json_type(${term}) = 'VARCHAR' or not contains(${text}, '.') or length(regexp_replace(${text}, '^-?0*[.]?0*|[.]', '', 'g')) <= ${SURE_DIGITS})`,
      ]
    : [];
  return `(${[...(written === undefined ? [] : [written]), isValue, ...isSure].join(" and ")})`;
}
