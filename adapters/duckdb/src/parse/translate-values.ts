import { didYouMean, type Expression, type LiteralNode, type LiteralType, type MetricNode } from "@sluice/core";
import { type Context, refuse } from "./context.ts";
import { durationOf, intervalUnit, signedNumber, typedLiteral } from "./literals.ts";
import { specialColumns, unaryNames } from "./lookup.ts";
import { fieldOf } from "./translate-nested.ts";
import { locationOf, nodeOf, nodesOf, type Tree, textOf } from "./tree.ts";
import { typeOf, type UnknownType } from "./types.ts";

const METRICS: readonly MetricNode["name"][] = ["rowsIn", "rowsOut", "rejected", "value"];

/** A column, a side's column, or a figure of a step. */
export function translateColumn(context: Context, tree: Tree): Expression {
  const names = (tree.column_names as readonly string[]).map((name) => context.statement.original(name));
  const [first = "", second = "", third = ""] = names;
  const written = names.join(".");
  if (names.length === 3 && first.toLowerCase() === "steps") {
    const name = METRICS.find((metric) => metric === third);
    if (name === undefined) {
      return refuse(context, tree, `a step has no figure "${third}"`, didYouMean(third, METRICS, "figures"), written);
    }
    return { kind: "metric", step: second, name };
  }
  if (context.sides) return sidedColumn(context, tree, names);
  if (names.length > 1) return fieldsOf(context, { kind: "column", name: first }, names.slice(1));
  const advice = specialColumns.get(first.toLowerCase());
  if (advice !== undefined && tokenText(context, tree)?.startsWith('"') !== true) {
    return refuse(context, tree, `${first} is not in expressions`, advice, first);
  }
  return { kind: "column", name: first };
}

/** `a.b.c`: a field of a field of a column. */
function fieldsOf(context: Context, owner: Expression, names: readonly string[]): Expression {
  return names.reduce((inner, name) => fieldOf(context, inner, name), owner);
}

function sidedColumn(context: Context, tree: Tree, names: readonly string[]): Expression {
  const [side = "", name = ""] = names;
  const written = names.join(".");
  const known = side === "l" ? "left" : side === "r" ? "right" : undefined;
  if (names.length > 1 && known !== undefined) {
    return fieldsOf(context, { kind: "column", name, side: known }, names.slice(2));
  }
  const last = names.at(-1) ?? "";
  const hint = `write l.${last} for the left side, r.${last} for the right one`;
  return refuse(context, tree, `"${written}" does not say which side of the join it is of`, hint, written);
}

/** A constant of the text; its digits are read from there, since the tree rounds them. */
export function translateConstant(context: Context, tree: Tree): Expression {
  const value = nodeOf(tree, "value") ?? {};
  const type = textOf(nodeOf(value, "type") ?? {}, "id");
  if (value.is_null === true || type === "NULL") return { kind: "literal", type: "null", value: null };
  if (type === "VARCHAR") return { kind: "literal", type: "string", value: textOf(value, "value") };
  const location = locationOf(tree);
  const { tokens, tokenAt } = context.statement;
  const token = location === undefined ? undefined : tokenAt(location);
  const start = token?.index ?? -1;
  const number = signedNumber(tokens, start, unaryNames.get("-") ?? "");
  return number ?? refuse(context, tree, `a constant of type ${type} is not in expressions`);
}

const LITERALS: ReadonlySet<string> = new Set<LiteralType>([
  "date",
  "time",
  "timestamp",
  "timestamptz",
  "interval",
  "uuid",
]);

/** A cast, or a literal that DuckDB's parser writes as one: `true`, `date '2024-01-31'`. */
export function translateCast(context: Context, tree: Tree): Expression {
  const type = typeOf(nodeOf(tree, "cast_type") ?? {}, context.statement.original);
  if (typeof type !== "string") return refuseType(context, tree, type);
  const child = nodeOf(tree, "child") ?? {};
  const literal = tree.try_cast === true ? undefined : literalOf(context, tree, child, type);
  if (literal !== undefined) return literal;
  const value = context.translate(child);
  return { kind: "cast", value, type, ...(tree.try_cast === true ? { safe: true as const } : {}) };
}

function refuseType(context: Context, tree: Tree, { unknown, hint }: UnknownType): never {
  const { tokens, tokenAt, original } = context.statement;
  const location = locationOf(tree);
  const start = location === undefined ? undefined : tokenAt(location);
  const next = start?.text === "::" ? tokens[start.index + 1] : undefined;
  const named = tokens.find(({ text }) => original(text).replaceAll('"', "").toLowerCase() === unknown.toLowerCase());
  return refuse(context, tree, `there is no type ${unknown}`, hint, next ?? named);
}

function literalOf(context: Context, tree: Tree, child: Tree, type: string): LiteralNode | undefined {
  const value = nodeOf(child, "value") ?? {};
  const location = locationOf(tree);
  const prefixed = location === undefined || location === locationOf(child);
  if (!prefixed || textOf(nodeOf(value, "type") ?? {}, "id") !== "VARCHAR") return undefined;
  const text = textOf(value, "value");
  if (type === "bool") {
    if (text === "t" || text === "true") return { kind: "literal", type: "bool", value: true };
    if (text === "f" || text === "false") return { kind: "literal", type: "bool", value: false };
    return refuse(context, child, `'${text}' is not true or false`, "write true or false");
  }
  if (type !== "bytes" && !LITERALS.has(type)) return undefined;
  const blob = textOf(nodeOf(tree, "cast_type") ?? {}, "id") === "BLOB";
  const literal = typedLiteral(type as LiteralType, blob ? hexOf(text) : text);
  return "problem" in literal ? refuse(context, child, `'${text}' ${literal.problem}`) : literal;
}

/** DuckDB writes bytes as letters and `\xAA`. */
function hexOf(text: string): string {
  return text.replace(/\\x([0-9A-Fa-f]{2})|([\s\S])/g, (_, hex: string | undefined, letter: string | undefined) => {
    if (hex !== undefined) return hex.toLowerCase();
    const code = letter?.charCodeAt(0) ?? 0;
    return code < 0x80 ? code.toString(16).padStart(2, "0") : "?";
  });
}

/** `interval 3 hours` and `interval '3' hour`, which reach us as `to_hours(cast(trunc(cast(3 as double)) as bigint))`. */
export function translateInterval(context: Context, tree: Tree): LiteralNode | undefined {
  const unit = intervalUnit(textOf(tree, "function_name"));
  const [cast] = nodesOf(tree, "children");
  const trunc = nodeOf(cast ?? {}, "child") ?? {};
  if (unit === undefined || textOf(trunc, "function_name") !== "trunc") return undefined;
  const amount = nodeOf(nodesOf(trunc, "children")[0] ?? {}, "child") ?? {};
  if (textOf(amount, "class") !== "CONSTANT") {
    return refuse(
      context,
      tree,
      "an interval has to be a constant here",
      "to add a computed number of days, write add_days(value, days)",
    );
  }
  const constant = translateConstant(context, amount);
  const text = constant.kind === "literal" ? String(constant.value) : "";
  const duration = /^\d+$/.test(text) ? durationOf(`${text} ${unit}`) : undefined;
  if (duration === undefined) {
    return refuse(context, amount, `${tokenText(context, amount) ?? text} is not a whole number of ${unit}`);
  }
  return { kind: "literal", type: "interval", value: duration };
}

export function tokenText(context: Context, tree: Tree): string | undefined {
  const location = locationOf(tree);
  return location === undefined ? undefined : context.statement.tokenAt(location)?.text;
}
