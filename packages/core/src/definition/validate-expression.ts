import { entryOf } from "../catalogue/catalogue.ts";
import { literalProblem } from "../catalogue/literal.ts";
import { didYouMean } from "../infer/closest.ts";
import { type CallNode, type Expression, type LiteralNode, operandsOf } from "../ir/expression.ts";
import { isTypeText, parseType } from "../schema/types.ts";
import type { Problems } from "./problems.ts";

/** What engines parse by default, DuckDB among them. */
const DEEPEST = 1000;

/** Where an expression stands decides what may be in it. */
export interface ExpressionPlace {
  readonly path: string;
  readonly parameters: readonly string[];
  /** In a join's condition and selection every column has a side; elsewhere none has. */
  readonly sided?: true;
  /** In an aggregate: the keys, which may stand outside of functions such as `sum`. */
  readonly keys?: readonly string[];
  /** In the columns of a window, with an order or without: its functions and aggregates may stand there. */
  readonly window?: "ordered" | "unordered";
  /** In `when`: no columns, but figures of earlier steps. */
  readonly metrics?: true;
}

/** Reports what is wrong with an expression whatever the types of its columns are. False where it is too deep to be walked. */
export function validateExpression(
  expression: Expression,
  place: ExpressionPlace,
  isAggregate: (name: string) => boolean,
  problems: Problems,
): boolean {
  const depth = expressionDepth(expression);
  if (depth > DEEPEST) {
    problems.add(place.path, `${depth} operations are nested in one expression; at most ${DEEPEST} can be`, {
      hint: "compute parts of it in columns of their own",
    });
    return false;
  }
  const visit = (node: Expression, inside: boolean): void => {
    const aggregate = node.kind === "call" && isAggregate(node.name);
    const windowed = node.kind === "call" && entryOf(node.name)?.kind === "window";
    validateNode(node, place, inside, problems);
    if (aggregate) validateAggregate(node.name, place, inside, problems);
    if (node.kind === "call") validateOrder(node, place, problems);
    if (windowed) validateWindowed(node.name, place, inside, problems);
    if (node.kind === "call" && !aggregate && (node.distinct || node.where !== undefined)) {
      const what = node.distinct ? "distinct" : "where";
      problems.add(place.path, `"${node.name}" takes no ${what}: only aggregates such as sum do`, {
        offending: node.name,
      });
    }
    for (const operand of operandsOf(node)) visit(operand, inside || aggregate || windowed);
  };
  visit(expression, false);
  return true;
}

/** An order belongs to what depends on it; beside distinct only the value itself has one place for each value. */
function validateOrder(node: CallNode, { path }: ExpressionPlace, problems: Problems): void {
  const { order = [], name } = node;
  if (order.length === 0) return;
  if (entryOf(name)?.ordered !== true) {
    problems.add(path, `"${name}" takes no order: its result does not depend on it`, { offending: name });
    return;
  }
  const value = JSON.stringify(node.arguments[0]);
  if (node.distinct !== true || order.every(({ expression }) => JSON.stringify(expression) === value)) return;
  problems.add(path, `"${name}" of distinct values can be ordered by the value only`, {
    offending: name,
    hint: "leave distinct or the order out",
  });
}

/** How deep operations are nested; found without recursion, so that any depth can be asked about. */
function expressionDepth(expression: Expression): number {
  let deepest = 0;
  const pending: [Expression, number][] = [[expression, 1]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [node, depth] = next;
    deepest = Math.max(deepest, depth);
    for (const operand of operandsOf(node)) pending.push([operand, depth + 1]);
  }
  return deepest;
}

function validateAggregate(name: string, place: ExpressionPlace, inside: boolean, problems: Problems): void {
  if (inside && place.window !== undefined) nested(name, place, problems);
  else if (inside)
    problems.add(place.path, `the aggregate "${name}" stands inside another aggregate`, { offending: name });
  else if (place.keys === undefined && place.window === undefined) {
    problems.add(place.path, `the aggregate "${name}" computes over many rows and cannot stand here`, {
      offending: name,
      hint: "aggregate first, then filter or select over its result; or add it to each row with window",
    });
  }
}

function validateWindowed(name: string, place: ExpressionPlace, inside: boolean, problems: Problems): void {
  if (place.window === undefined) {
    problems.add(place.path, `the window function "${name}" looks at the rows around a row and cannot stand here`, {
      offending: name,
      hint: "use window, which adds columns computed over the rows of a partition; then go on from its columns",
    });
  } else if (inside) nested(name, place, problems);
  else if (place.window === "unordered") {
    problems.add(place.path, `"${name}" needs an order, and the window has none`, {
      offending: name,
      hint: "give by: what the rows of the window are ordered by",
    });
  }
}

function nested(name: string, { path }: ExpressionPlace, problems: Problems): void {
  problems.add(path, `"${name}" stands inside another function over rows`, {
    offending: name,
    hint: "compute the inner one in a window of its own, then the outer one over its column",
  });
}

function validateNode(node: Expression, place: ExpressionPlace, inside: boolean, problems: Problems): void {
  const { path } = place;
  switch (node.kind) {
    case "text":
      problems.add(path, `the text "${node.text}" was never parsed`, { code: "internal", offending: node.text });
      return;
    case "column":
      validateColumn(node.name, node.side, place, inside, problems);
      return;
    case "metric":
      if (place.metrics === undefined) {
        problems.add(path, `"steps.${node.step}.${node.name}" can only stand in "when"`, {
          offending: `steps.${node.step}.${node.name}`,
        });
      }
      return;
    case "parameter":
      if (!place.parameters.includes(node.name)) {
        problems.add(path, `the pipeline declares no parameter "${node.name}"`, {
          offending: `$${node.name}`,
          hint: didYouMean(node.name, place.parameters, "parameters"),
        });
      }
      return;
    case "literal":
      validateLiteral(node, path, problems);
      return;
    case "cast":
      validateType(node.type, path, problems);
      return;
    case "case":
      if (node.branches.length === 0) problems.add(path, "a case has no branch");
      return;
    case "call":
    case "constant":
      return;
    default:
      node satisfies never;
  }
}

function validateColumn(
  name: string,
  side: "left" | "right" | undefined,
  place: ExpressionPlace,
  inside: boolean,
  problems: Problems,
): void {
  const { path } = place;
  if (place.metrics) {
    problems.add(path, `the column "${name}" cannot stand in "when", which is decided before any row is read`, {
      offending: name,
      hint: "use a figure of an earlier step: steps.<step>.rowsOut",
    });
  } else if (place.sided && side === undefined) {
    problems.add(path, `the column "${name}" does not say its side`, {
      offending: name,
      hint: `write l.${name} or r.${name}`,
    });
  } else if (!place.sided && side !== undefined) {
    problems.add(path, `the column "${name}" has a side, but there is only one input here`, { offending: name });
  } else if (place.keys !== undefined && !inside && !place.keys.includes(name)) {
    problems.add(path, `the column "${name}" stands outside an aggregate and is no key of the group`, {
      offending: name,
      hint: `group by it, or take one of its values: min(${name}), max(${name}), any_value(${name})`,
    });
  }
}

function validateLiteral(node: LiteralNode, path: string, problems: Problems): void {
  const { type, value } = node;
  if (value === null) return;
  if (type === "null") {
    problems.add(path, `a literal of type null has the value ${JSON.stringify(value)}`, { code: "internal" });
    return;
  }
  const problem = literalProblem(value, parseType(type === "number" ? "float64" : type));
  if (problem === undefined) return;
  if (typeof value === "string" && refuseNul(value, path, problems)) return;
  problems.add(path, `"${value}" ${problem}`, { offending: String(value) });
}

/** Reports a text that holds NUL, as its escape. */
export function refuseNul(text: string, path: string, problems: Problems): boolean {
  if (!text.includes("\0")) return false;
  const shown = JSON.stringify(text);
  problems.add(path, `${shown} holds the character NUL, which no text in SQL can`, {
    offending: shown,
    hint: "take it out; what is not text is written as bytes",
  });
  return true;
}

/** Reports a text that names no type. */
export function validateType(type: string, path: string, problems: Problems): void {
  if (isTypeText(type)) return;
  problems.add(path, `"${type}" is not a type`, {
    offending: type,
    hint: didYouMean(type, ["bool", "int64", "float64", "decimal(10,2)", "string", "date", "timestamp"], "types"),
  });
}
