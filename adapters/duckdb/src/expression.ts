import {
  acceptanceOf,
  argumentOf,
  type CallNode,
  type CaseNode,
  type CastNode,
  type Column,
  type ColumnNode,
  type Expression,
  entryOf,
  type Family,
  type FunctionEntry,
  familyOf,
  framedFunctions,
  parseType,
  renderCall,
  resolveCall,
  SluiceError,
  type TypeText,
  typeOf,
} from "@sluice/core";
import { decimalText } from "./decimal-text.ts";
import { CAST_MARK } from "./errors.ts";
import { jsonCast } from "./json-cast.ts";
import { soundJson } from "./json-text.ts";
import { renderLiteral } from "./literal.ts";
import { quoteName, quoteText } from "./sql-text.ts";
import { duckDbTypeOf } from "./types.ts";

/** What an expression can see, and how it says it. */
export interface ExpressionScope {
  readonly columns: readonly Column[];
  readonly right?: readonly Column[];
  readonly parameters: ReadonlyMap<string, TypeText>;
  /** What stands before a column's name: `t` where an alias could be taken for it, `l` and `r` in a join. */
  readonly qualifier?: { readonly left: string; readonly right: string };
  /** In the columns of a window: what stands behind `over`. */
  readonly over?: WindowTerms;
  /** Told of every parameter and constant that is used. */
  readonly onParameter: (name: string) => string;
}

/** A window as it stands behind `over`, with its frame and without. */
export interface WindowTerms {
  readonly framed: string;
  readonly unframed: string;
}

/**
 * An expression as a closed SQL term: a name, a literal, a call, a cast, or in parentheses. Its DuckDB type is the one
 * that `typeOf` declares, or the one asked for.
 */
export function renderExpression(expression: Expression, scope: ExpressionScope, wanted?: TypeText): string {
  switch (expression.kind) {
    case "literal": {
      if (wanted !== undefined) return renderLiteral(expression.value, wanted);
      return renderLiteral(expression.value, expression.value === null ? "string" : typeOf(expression, scope).type);
    }
    case "column":
      return as(renderColumn(expression, scope), typeOf(expression, scope).type, wanted);
    case "parameter": {
      const { type } = typeOf(expression, scope);
      return as(`$${scope.onParameter(expression.name)}::${duckDbTypeOf(type)}`, type, wanted);
    }
    case "constant": {
      const { type } = typeOf(expression, scope);
      return as(`$sluice_${expression.name}::${duckDbTypeOf(type)}`, type, wanted);
    }
    case "call":
      return renderFunction(expression, scope, wanted);
    case "cast":
      return as(renderCast(expression, scope), expression.type, wanted);
    case "case":
      return renderCase(expression, scope, wanted ?? typeOf(expression, scope).type);
    case "metric":
      throw new SluiceError("config", `steps.${expression.step}.${expression.name} is known in a step's when only`, {
        offending: `steps.${expression.step}.${expression.name}`,
      });
    case "text":
      throw new SluiceError("internal", `the text "${expression.text}" was never parsed`);
    default:
      return expression satisfies never;
  }
}

function as(term: string, type: TypeText, wanted: TypeText | undefined): string {
  return wanted === undefined || wanted === type ? term : castTo(term, type, wanted);
}

function castTo(term: string, type: TypeText, wanted: TypeText): string {
  const given = parseType(type);
  if (given.kind === "decimal" && wanted === "string") return decimalText(given, term);
  return `cast(${term} as ${duckDbTypeOf(wanted)})`;
}

function renderColumn(node: ColumnNode, { qualifier }: ExpressionScope): string {
  const name = quoteName(node.name);
  if (qualifier === undefined) return name;
  return `${node.side === "right" ? qualifier.right : qualifier.left}.${name}`;
}

/** Results that DuckDB's functions give in that very type; all others are cast. */
const NATURAL: ReadonlySet<TypeText> = new Set(["bool", "string"]);

function renderFunction(node: CallNode, scope: ExpressionScope, wanted: TypeText | undefined): string {
  const entry = entryOf(node.name);
  if (entry === undefined) throw new SluiceError("config", `no function is named "${node.name}"`);
  const call = resolveCall(
    node.name,
    node.arguments.map((argument) => argumentOf(argument, scope)),
  );
  const terms = node.arguments.map((argument, index) => renderExpression(argument, scope, call.arguments[index]));
  const { duckdb } = entry.render;
  const template = typeof duckdb === "string" ? duckdb : (duckdb[call.signature] ?? "");
  const filter = node.where === undefined ? "" : ` filter (where ${renderExpression(node.where, scope)})`;
  const made = renderCall(template, terms, {
    distinct: node.distinct === true ? "distinct " : "",
    order: template.includes("$order") ? renderOrder(node, terms[0] ?? "", scope) : "",
    filter: `${filter}${overOf(node, entry, scope)}`,
  });
  const [first] = node.arguments;
  const isJson = node.name === "toJson" && first !== undefined;
  const text = isJson ? soundJson(parseType(typeOf(first, scope).type), terms[0] ?? "", made) : made;
  const target = wanted ?? call.type;
  if (target === call.type && NATURAL.has(target)) return isClosed(text) ? text : `(${text})`;
  return castTo(text, call.type, target);
}

/** What stands behind a call in the columns of a window. */
function overOf(node: CallNode, { kind }: FunctionEntry, { over }: ExpressionScope): string {
  if (over === undefined || kind === "scalar") return "";
  return ` over ${kind === "aggregate" || framedFunctions.has(node.name) ? over.framed : over.unframed}`;
}

/** The order that was asked for, and last the value itself: else rows that stand alike there came in any order. */
function renderOrder(node: CallNode, value: string, scope: ExpressionScope): string {
  const keys = (node.order ?? []).map(({ expression, descending, nulls }) => {
    return `${orderTerm(expression, renderExpression(expression, scope), scope)} ${descending ? "desc" : "asc"} nulls ${nulls ?? "last"}`;
  });
  if (node.distinct === true && keys.length > 0) return keys.join(", ");
  const [first] = node.arguments;
  const last = first === undefined ? value : orderTerm(first, value, scope);
  return [...keys, `${last} asc nulls last`].join(", ");
}

/** A literal there would be taken for a mistake, and a whole number for a place among the columns. */
function orderTerm(expression: Expression, term: string, scope: ExpressionScope): string {
  if (expression.kind !== "literal") return term;
  const type = expression.value === null ? "string" : typeOf(expression, scope).type;
  return `cast(${term} as ${duckDbTypeOf(type)})`;
}

/** Whether it is one call, so that it needs no parentheses. */
function isClosed(text: string): boolean {
  if (!/^[a-z_]+\(.*\)$/s.test(text)) return false;
  let depth = 0;
  let quote = "";
  for (let index = 0; index < text.length; index++) {
    const letter = text.charAt(index);
    if (quote !== "") {
      if (letter === quote) quote = "";
    } else if (letter === "'" || letter === '"') {
      quote = letter;
    } else if (letter === "(") {
      depth += 1;
    } else if (letter === ")") {
      depth -= 1;
      if (depth === 0 && index < text.length - 1) return false;
    }
  }
  return true;
}

function renderCase(node: CaseNode, scope: ExpressionScope, type: TypeText): string {
  const branches = node.branches.map(
    ([condition, result]) => `when ${renderExpression(condition, scope)} then ${renderExpression(result, scope, type)}`,
  );
  const otherwise = node.otherwise === undefined ? "" : ` else ${renderExpression(node.otherwise, scope, type)}`;
  const text = `case ${branches.join(" ")}${otherwise} end`;
  return `(${text})`;
}

function renderCast(node: CastNode, scope: ExpressionScope): string {
  const target = duckDbTypeOf(node.type);
  if (node.value.kind === "literal" && node.value.value === null) return renderLiteral(null, node.type);
  const { type, nullable } = typeOf(node.value, scope);
  const value = renderExpression(node.value, scope);
  const given = parseType(type);
  const [from, to] = [familyOf(given), familyOf(parseType(node.type))];
  const cast = node.safe === true ? "try_cast" : "cast";
  if (from === "text") return castText(value, node, to);
  if (from === "json" && (to === "list" || to === "struct" || to === "map")) return castJson(value, node, nullable);
  if (given.kind === "decimal" && node.type === "string") return decimalText(given, value);
  if (to === "json") return renderFunction({ kind: "call", name: "toJson", arguments: [node.value] }, scope, undefined);
  // DuckDB rounds to the even neighbour here; the fraction goes, as in every other place.
  if (from === "float" && to === "int") return `${cast}(trunc(${value}) as ${target})`;
  return `${cast}(${value} as ${target})`;
}

const LEXICAL: ReadonlySet<Family> = new Set(["int", "decimal", "float", "uuid"]);
const DAY = "[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}";
const CLOCK = "([01]?[0-9]|2[0-3]):[0-5]?[0-9](:[0-5]?[0-9]([.][0-9]{1,6})?)?";
const ZONE = "( ?([zZ]|[+-][0-9]{2}(:?[0-9]{2}){0,2})| [A-Za-z][A-Za-z0-9_/+-]*)";
/**
 * What DuckDB's casts take beyond these they change without a word: an offset is dropped, a time that does not exist
 * becomes a day, "infinity" a date of the year 5881580.
 */
const TIMES: Partial<Readonly<Record<Family, string>>> = {
  date: `${DAY}([ T]${CLOCK})?`,
  time: CLOCK,
  timestamp: `${DAY}([ T]${CLOCK})?`,
  timestamptz: `${DAY}([ T]${CLOCK}${ZONE}?)?`,
};

/** Text becomes a value by the same rule by which a file's text is accepted: `1.7` is no int64, `12.345` no decimal(10,2). */
function castText(value: string, node: CastNode, to: Family): string {
  const target = duckDbTypeOf(node.type);
  const fits = textTest(value, node.type, to);
  if (fits === undefined) return `${node.safe === true ? "try_cast" : "cast"}(${value} as ${target})`;
  if (node.safe === true) return `try_cast(case when ${fits} then ${value} end as ${target})`;
  const complaint = `error(concat(${quoteText(`${CAST_MARK}${node.type}:`)}, ${value}))`;
  return `cast(case when ${value} is null or ${fits} then ${value} else ${complaint} end as ${target})`;
}

/** JSON becomes nested values by the rules for those of JSON files; its null is a value only where there may be none. */
function castJson(term: string, node: CastNode, nullable: boolean): string {
  const target = duckDbTypeOf(node.type);
  const { fits, value } = jsonCast(term, node.type, (text, type) => textTest(text, type, familyOf(parseType(type))));
  const isThere = nullable || node.safe === true ? "" : `json_type(${term}) <> 'NULL' and `;
  const shown = `case when length(${term}) > 200 then concat(left(${term}, 200), '…') else cast(${term} as varchar) end`;
  const complaint = `error(concat(${quoteText(`${CAST_MARK}${node.type.replaceAll(":", "\u0001")}:`)}, ${shown}))`;
  const otherwise = node.safe === true ? "" : ` when ${term} is not null then ${complaint}`;
  return `cast(case when ${isThere}${fits} then ${value}${otherwise} end as ${target})`;
}

function textTest(value: string, type: TypeText, to: Family): string | undefined {
  if (LEXICAL.has(to)) {
    const { pattern } = acceptanceOf({ name: "value", type, nullable: true });
    return pattern === undefined ? undefined : `regexp_full_match(${value}, ${quoteText(pattern)})`;
  }
  const pattern = TIMES[to];
  return pattern === undefined ? undefined : `regexp_full_match(${value}, ${quoteText(pattern)})`;
}
