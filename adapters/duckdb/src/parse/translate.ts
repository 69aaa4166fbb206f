import { type CallNode, type Expression, entryOf, nameOfFunction, nameOfOperator, type OrderKey } from "@sluice/core";
import { type Context, refuse } from "./context.ts";
import { operatorAdvice, shortNames, unaryNames } from "./lookup.ts";
import { checkCount, refuseFunction } from "./refuse-call.ts";
import type { Statement } from "./statement.ts";
import { fieldOf, jsonMember, orderOf, slice, structOf } from "./translate-nested.ts";
import { tokenText, translateCast, translateColumn, translateConstant, translateInterval } from "./translate-values.ts";
import { firstLocationOf, locationOf, nodeOf, nodesOf, type Tree, textOf } from "./tree.ts";

/**
 * A parsed expression as IR. What is outside the catalogue is refused by name and position.
 *
 * @throws SluiceError `config`
 */
export function translate(statement: Statement, tree: Tree, sides: boolean): Expression {
  const context: Context = { statement, sides, translate: (node) => translateNode(context, node) };
  return context.translate(tree);
}

const REFUSED: Readonly<Record<string, readonly [what: string, hint?: string]>> = {
  SUBQUERY: ["a query inside an expression is", "use a join"],
  WINDOW: ["a window function is", "in the columns of window it stands without over: row_number(), sum(amount)"],
  STAR: ["* is", "name each column; count(*) counts rows"],
  POSITIONAL_REFERENCE: ["a column by its position is", "name the column"],
  COLLATE: ["collate is", "compare lower(text)"],
  DEFAULT: ["default is"],
};

function translateNode(context: Context, tree: Tree): Expression {
  switch (textOf(tree, "class")) {
    case "COLUMN_REF":
      return translateColumn(context, tree);
    case "CONSTANT":
      return translateConstant(context, tree);
    case "CAST":
      return translateCast(context, tree);
    case "PARAMETER":
      return { kind: "parameter", name: context.statement.original(textOf(tree, "identifier")) };
    case "CONJUNCTION":
      return conjunction(context, tree);
    case "COMPARISON":
      return comparison(context, tree);
    case "BETWEEN":
      return call(
        "between",
        ["input", "lower", "upper"].map((part) => context.translate(nodeOf(tree, part) ?? {})),
      );
    case "CASE":
      return conditional(context, tree);
    case "OPERATOR":
      return operator(context, tree);
    case "FUNCTION":
      return functionCall(context, tree);
    case "LAMBDA":
      return jsonMember(context, tree);
    default: {
      const [what, hint] = REFUSED[textOf(tree, "class")] ?? [`${textOf(tree, "class").toLowerCase()} is`];
      return refuse(context, tree, `${what} not in expressions yet`, hint);
    }
  }
}

function call(name: string, operands: readonly Expression[]): CallNode {
  return { kind: "call", name, arguments: operands };
}

function not(operand: Expression): CallNode {
  return call(unaryNames.get("not") ?? "", [operand]);
}

function conjunction(context: Context, tree: Tree): Expression {
  const name = nameOfOperator(textOf(tree, "type") === "CONJUNCTION_AND" ? "and" : "or") ?? "";
  const operands = nodesOf(tree, "children").map((child) => context.translate(child));
  return call(
    name,
    operands.flatMap((operand) => (operand.kind === "call" && operand.name === name ? operand.arguments : [operand])),
  );
}

const COMPARISONS: Readonly<Record<string, readonly [symbol: string, opposite: string]>> = {
  COMPARE_EQUAL: ["=", "<>"],
  COMPARE_NOTEQUAL: ["<>", "="],
  COMPARE_LESSTHAN: ["<", ">="],
  COMPARE_GREATERTHANOREQUALTO: [">=", "<"],
  COMPARE_GREATERTHAN: [">", "<="],
  COMPARE_LESSTHANOREQUALTO: ["<=", ">"],
  COMPARE_DISTINCT_FROM: ["is distinct from", "is not distinct from"],
  COMPARE_NOT_DISTINCT_FROM: ["is not distinct from", "is distinct from"],
};

function comparison(context: Context, tree: Tree): Expression {
  const [symbol, opposite] = COMPARISONS[textOf(tree, "type")] ?? ["", ""];
  const right = nodeOf(tree, "right") ?? {};
  const truth = nodeOf(right, "value") ?? {};
  const isTruth = textOf(nodeOf(truth, "type") ?? {}, "id") === "BOOLEAN";
  const written = nodeOf(tree, "left") ?? {};
  // `a is true` reaches us as `cast(a as boolean) is not distinct from true`; a literal true of the author does not.
  const left = isTruth ? (nodeOf(written, "child") ?? {}) : written;
  const nots = foldedNots(context, tree, left);
  const name = nameOfOperator(nots % 2 === 0 ? symbol : opposite) ?? "";
  const operand: Expression = isTruth
    ? { kind: "literal", type: "bool", value: truth.value === true }
    : context.translate(right);
  return wrap(call(name, [context.translate(left), operand]), nots);
}

/**
 * DuckDB's parser turns `not (a = b)` into `a <> b`, and leaves the place of the `not`. The text says how many there
 * were, so that a definition comes back from its text as it was.
 */
function foldedNots(context: Context, tree: Tree, left: Tree): number {
  const location = locationOf(tree);
  const first = firstLocationOf(left);
  const { tokens, tokenAt } = context.statement;
  const token = location === undefined ? undefined : tokenAt(location);
  const start = token?.index ?? tokens.length;
  // The `not` of `a not in (…)` stands in the same place and is not folded.
  if (tokens[start + 1]?.text.toLowerCase() === "in") return 0;
  const limit = (first === undefined ? undefined : tokenAt(first)?.index) ?? tokens.length;
  let count = 0;
  for (let index = start; index < limit; index += 1) {
    if (tokens[index]?.text.toLowerCase() === "not") count += 1;
    else if (tokens[index]?.text !== "(") break;
  }
  return count;
}

function wrap(expression: Expression, nots: number): Expression {
  let wrapped = expression;
  for (let count = 0; count < nots; count += 1) wrapped = not(wrapped);
  return wrapped;
}

function conditional(context: Context, tree: Tree): Expression {
  const branches = nodesOf(tree, "case_checks").map((branch) => {
    const condition = context.translate(nodeOf(branch, "when_expr") ?? {});
    return [condition, context.translate(nodeOf(branch, "then_expr") ?? {})] as const;
  });
  const last = nodeOf(tree, "else_expr") ?? {};
  const absent = locationOf(last) === undefined && nodeOf(last, "value")?.is_null === true;
  return { kind: "case", branches, ...(absent ? {} : { otherwise: context.translate(last) }) };
}

function operator(context: Context, tree: Tree): Expression {
  const type = textOf(tree, "type");
  const children = nodesOf(tree, "children");
  const operands = (): Expression[] => children.map((child) => context.translate(child));
  switch (type) {
    case "OPERATOR_NOT": {
      const symbol = tokenText(context, tree);
      if (symbol?.startsWith("!~") === true && !symbol.startsWith("!~~")) refuseOperator(context, tree, symbol);
      return wrap(context.translate(children[0] ?? {}), 1);
    }
    case "OPERATOR_IS_NULL":
      return call(unaryNames.get("is null") ?? "", operands());
    case "OPERATOR_IS_NOT_NULL":
      return call(unaryNames.get("is not null") ?? "", operands());
    case "OPERATOR_COALESCE":
      return call(nameOfFunction("coalesce") ?? "", operands());
    case "COMPARE_IN":
    case "COMPARE_NOT_IN": {
      const nots = foldedNots(context, tree, children[0] ?? {});
      const negative = (type === "COMPARE_NOT_IN") === (nots % 2 === 0);
      return wrap(call(negative ? "notIn" : "in", operands()), nots);
    }
    case "ARRAY_EXTRACT":
      return call(shortNames.get("index") ?? "", operands());
    case "ARRAY_CONSTRUCTOR":
      return call(shortNames.get("list") ?? "", operands());
    case "STRUCT_EXTRACT":
      return fieldOf(
        context,
        context.translate(children[0] ?? {}),
        textOf(nodeOf(children[1] ?? {}, "value") ?? {}, "value"),
      );
    case "ARRAY_SLICE":
      return slice(context, tree, children);
    default: {
      const name = type.replace("OPERATOR_", "").replaceAll("_", " ").toLowerCase();
      return refuse(context, tree, `${name} is not in expressions yet`);
    }
  }
}

/** DuckDB's names of what the catalogue writes in a way of its own. */
const SPECIAL: Readonly<Record<string, readonly [name: string, negative: boolean]>> = {
  "~~": ["like", false],
  "!~~": ["like", true],
  "~~*": ["ilike", false],
  "!~~*": ["ilike", true],
};

function functionCall(context: Context, tree: Tree): Expression {
  const written = context.statement.original(textOf(tree, "function_name"));
  const children = nodesOf(tree, "children");
  const special = SPECIAL[written];
  if (special !== undefined) {
    const [name, negative] = special;
    return wrap(
      call(
        name,
        children.map((child) => context.translate(child)),
      ),
      negative ? 1 : 0,
    );
  }
  const interval = translateInterval(context, tree);
  if (interval !== undefined) return interval;
  if (written === "->>" && children.length === 2) {
    const operands = children.map((child) => context.translate(child));
    return call(nameOfFunction("json_extract_string") ?? "", operands);
  }
  if (tree.is_operator === true) return infix(context, tree, written, children);
  const token = tokenText(context, tree);
  if (token?.toLowerCase() === "in" && written === "contains") {
    return refuse(context, tree, "in without parentheses is not in expressions", "a choice is written x in (1, 2)");
  }
  if (token !== undefined && operatorAdvice.has(token.toLowerCase())) refuseOperator(context, tree, token);
  return named(context, tree, written, children);
}

function infix(context: Context, tree: Tree, symbol: string, children: readonly Tree[]): Expression {
  const name = children.length === 1 ? unaryNames.get(symbol) : nameOfOperator(symbol);
  if (name === undefined) return refuseOperator(context, tree, symbol);
  return call(
    name,
    children.map((child) => context.translate(child)),
  );
}

function refuseOperator(context: Context, tree: Tree, symbol: string): never {
  const shown = symbol.replace("__postfix", "");
  return refuse(
    context,
    tree,
    `the operator ${shown} is not in expressions`,
    operatorAdvice.get(shown.toLowerCase()),
    shown,
  );
}

function named(context: Context, tree: Tree, written: string, children: readonly Tree[]): Expression {
  const schema = textOf(tree, "schema");
  if (schema !== "" && schema !== "main") {
    const hint = `write ${written}(${schema})`;
    return refuse(context, tree, `${schema}.${written}(…) is not a function`, hint, `${schema}.${written}`);
  }
  const lower = written.toLowerCase();
  if (lower === "struct_pack") return structOf(context, tree, children);
  const order = orderOf(context, tree);
  const within = withinGroup(context, lower, children, order);
  if (within !== undefined) return aggregated(context, tree, within, []);
  refuseClauses(context, tree, written, children);
  if ((lower === "now" || lower === "today") && children.length === 0) return { kind: "constant", name: lower };
  const part = lower === "date_part" ? datePart(children) : undefined;
  const name = lower === "count_star" ? "count" : nameOfFunction(part ?? lower);
  if (name === undefined) return refuseFunction(context, tree, lower);
  const operands = (part === undefined ? children : children.slice(1)).map((child) => context.translate(child));
  checkCount(context, tree, part ?? lower, name, operands.length);
  return aggregated(context, tree, call(name, operands), order);
}

/** `percentile_cont(0.5) within group (order by x)`, which reaches us as `quantile_cont(0.5 order by x)`. */
function withinGroup(
  context: Context,
  written: string,
  children: readonly Tree[],
  [key, ...others]: readonly OrderKey[],
): CallNode | undefined {
  const isFraction = (written === "quantile_cont" || written === "quantile_disc") && children.length === 1;
  if (key === undefined || others.length > 0 || key.descending === true || !isFraction) return undefined;
  return call(nameOfFunction(written) ?? "", [key.expression, context.translate(children[0] ?? {})]);
}

function aggregated(context: Context, tree: Tree, made: CallNode, order: readonly OrderKey[]): CallNode {
  const where = nodeOf(tree, "filter");
  return {
    ...made,
    ...(tree.distinct === true ? { distinct: true as const } : {}),
    ...(where === undefined ? {} : { where: context.translate(where) }),
    ...(order.length === 0 ? {} : { order }),
  };
}

/** `extract(hour from x)` is `hour(x)`, where there is such a function. */
function datePart(children: readonly Tree[]): string | undefined {
  const part = textOf(nodeOf(children[0] ?? {}, "value") ?? {}, "value").toLowerCase();
  return children.length === 2 && nameOfFunction(part) !== undefined ? part : undefined;
}

function refuseClauses(context: Context, tree: Tree, written: string, children: readonly Tree[]): void {
  const entry = entryOf(nameOfFunction(written.toLowerCase()) ?? "");
  if (nodesOf(nodeOf(tree, "order_bys") ?? {}, "orders").length > 0 && entry?.ordered !== true) {
    const hint = "min_by and max_by give the first and the last by an order; string_agg and array_agg take one";
    refuse(context, tree, `${written}(…) takes no order: its result does not depend on it`, hint);
  }
  const aliased = children.find((child) => textOf(child, "alias") !== "");
  if (aliased !== undefined && nameOfFunction(written) !== undefined) {
    const name = textOf(aliased, "alias");
    refuse(context, aliased, `${written}(…) takes no arguments by name`, `leave "${name} :=" out`, name);
  }
}
