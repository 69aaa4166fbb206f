import { entryOf } from "../catalogue/index.ts";
import { SluiceError } from "../errors.ts";
import type { CallNode, CaseNode, Expression, LiteralNode } from "../ir/expression.ts";
import { printName } from "./print-name.ts";
import { printTypeName } from "./print-type-name.ts";

/** How tightly the outermost part of a text binds: the levels of `TextForm`, 9 for what needs no parentheses anywhere. */
const CLOSED = 9;
const NOT = 3;
const COMPARISON = 4;
const ADDITIVE = 6;
const UNARY = 8;

interface Printed {
  readonly text: string;
  readonly level: number;
}

/**
 * The SQL text of an expression: what a person would write in YAML. Parsing it gives the expression back.
 *
 * @example
 * printExpression({ kind: "call", name: "gt", arguments: [{ kind: "column", name: "Total" }, { kind: "literal", type: "number", value: "1.5" }] });
 * // '"Total" > 1.5'
 * @throws SluiceError `config` for what has no text: an unknown function, `in` without values, text that is not Unicode
 */
export function printExpression(expression: Expression): string {
  return print(expression).text;
}

function print(expression: Expression): Printed {
  switch (expression.kind) {
    case "column": {
      const side = expression.side === undefined ? "" : expression.side === "left" ? "l." : "r.";
      return closed(`${side}${printName(expression.name)}`);
    }
    case "literal":
      return printLiteral(expression);
    case "parameter":
      return closed(
        /^[A-Za-z_][A-Za-z0-9_]*$/.test(expression.name) ? `$${expression.name}` : `$${quoted(expression.name)}`,
      );
    case "constant":
      return closed(`${expression.name}()`);
    case "metric":
      return closed(`steps.${printName(expression.step)}.${quotedUnlessPlain(expression.name)}`);
    case "call":
      return printCall(expression);
    case "cast": {
      const value = print(expression.value).text;
      return closed(`${expression.safe ? "try_cast" : "cast"}(${value} as ${printTypeName(expression.type)})`);
    }
    case "case":
      return printCase(expression);
    case "text":
      throw new SluiceError("internal", `the expression "${expression.text}" was never parsed`);
    default:
      return expression satisfies never;
  }
}

function closed(text: string): Printed {
  return { text, level: CLOSED };
}

function quotedUnlessPlain(name: string): string {
  return /^[A-Za-z]+$/.test(name) ? name : quoted(name);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The operand, in parentheses where it binds less tightly than its place asks for. */
function operand(expression: Expression, level: number): string {
  const printed = print(expression);
  return printed.level >= level ? printed.text : `(${printed.text})`;
}

function printLiteral({ type, value }: LiteralNode): Printed {
  if (value === null || type === "null") return closed("null");
  if (type === "bool") return closed(String(value));
  const text = String(value);
  if (/\0|\p{Surrogate}/u.test(text)) {
    throw new SluiceError("config", "a text with a NUL or half a character cannot be written in SQL", {
      offending: text,
    });
  }
  if (type === "number") return { text, level: text.startsWith("-") ? UNARY : CLOSED };
  const literal = `'${text.replaceAll("'", "''")}'`;
  return closed(type === "string" ? literal : `${type} ${literal}`);
}

function printCase({ branches, otherwise }: CaseNode): Printed {
  const [first] = branches;
  if (first === undefined) throw new SluiceError("config", "a case without a when cannot be written in SQL");
  const parts = branches.map(([condition, result]) => `when ${print(condition).text} then ${print(result).text}`);
  if (otherwise !== undefined) parts.push(`else ${print(otherwise).text}`);
  return closed(`case ${parts.join(" ")} end`);
}

function printCall(call: CallNode): Printed {
  const entry = entryOf(call.name);
  if (entry === undefined) {
    throw new SluiceError("config", `"${call.name}" is no function of the catalogue`, { offending: call.name });
  }
  const { text } = entry;
  const [first, second] = call.arguments;
  if ("function" in text) return (text.short && printShort(text.short, call)) || printFunction(text.function, call);
  if ("special" in text) return printSpecial(text.special, call);
  if (first === undefined) throw countError(call);
  if ("prefix" in text) return printPrefix(text.prefix, text.level, first);
  if ("postfix" in text) return { text: `${operand(first, text.level + 1)} ${text.postfix}`, level: text.level };
  if (second === undefined) throw countError(call);
  return printInfix(text.infix, text.level, call.arguments);
}

function countError(call: CallNode): SluiceError {
  return new SluiceError("config", `${call.name} lacks an argument`, { offending: call.name });
}

function printFunction(name: string, call: CallNode): Printed {
  const distinct = call.distinct ? "distinct " : "";
  return closed(`${name}(${distinct}${list(call.arguments)}${printOrder(call)})${printWhere(call)}`);
}

function printOrder({ order = [] }: CallNode): string {
  if (order.length === 0) return "";
  const keys = order.map(({ expression, descending, nulls }) => {
    return `${print(expression).text}${descending ? " desc" : ""}${nulls === undefined ? "" : " nulls first"}`;
  });
  return ` order by ${keys.join(", ")}`;
}

/** As a person writes it; undefined where only the call has room for the arguments. */
function printShort(short: string, call: CallNode): Printed | undefined {
  const [first, second] = call.arguments;
  switch (short) {
    case "list":
      return closed(`[${list(call.arguments)}]`);
    case "struct":
      return printStruct(call);
    default: {
      if (first === undefined || second === undefined || call.arguments.length > 2) return undefined;
      if (short === "index") return closed(`${owner(first)}[${print(second).text}]`);
      const name = second.kind === "literal" && second.type === "string" ? String(second.value) : "";
      return name === "" || /\0|\p{Surrogate}/u.test(name) ? undefined : closed(`${owner(first)}.${printName(name)}`);
    }
  }
}

/** What stands before `[` or `.`: a column called steps would begin a figure of a step. */
function owner(expression: Expression): string {
  const { text } = print(expression);
  const isPlain = expression.kind === "column" && expression.name.toLowerCase() !== "steps";
  return isPlain || isPath(expression) ? text : `(${text})`;
}

function isPath(expression: Expression): boolean {
  if (expression.kind !== "call") return false;
  const form = entryOf(expression.name)?.text;
  const short = form !== undefined && "function" in form ? form.short : undefined;
  return (short === "index" || short === "field") && printShort(short, expression) !== undefined;
}

function printStruct(call: CallNode): Printed | undefined {
  const fields: string[] = [];
  const names = new Set<string>();
  for (let index = 0; index < call.arguments.length; index += 2) {
    const [name, value] = [call.arguments[index], call.arguments[index + 1]];
    if (name?.kind !== "literal" || name.type !== "string" || value === undefined) return undefined;
    const text = String(name.value);
    if (text === "" || names.has(text.toLowerCase())) return undefined;
    names.add(text.toLowerCase());
    fields.push(`${print(name).text}: ${print(value).text}`);
  }
  return fields.length === 0 ? undefined : closed(`{${fields.join(", ")}}`);
}

function printWhere({ where }: CallNode): string {
  return where === undefined ? "" : ` filter (where ${print(where).text})`;
}

function list(expressions: readonly Expression[]): string {
  return expressions.map((expression) => print(expression).text).join(", ");
}

/** A sign stands before closed text only: `-(-3)` and `-(3)` are not `--3` (a comment) and `-3` (a literal). */
function printPrefix(symbol: string, level: number, only: Expression): Printed {
  const isWord = /^[a-z]/.test(symbol);
  const isNumber = only.kind === "literal" && only.type === "number";
  const text = !isWord && isNumber ? `(${print(only).text})` : operand(only, CLOSED);
  return { text: `${symbol}${isWord ? " " : ""}${text}`, level };
}

/** Comparisons do not chain; other operators are read from the left. */
function printInfix(symbol: string, level: number, operands: readonly Expression[]): Printed {
  const first = operands[0];
  if (first === undefined) return closed("");
  const associative = level < NOT;
  const chains = level > COMPARISON || associative;
  const parts = [operand(first, chains && !associative ? level : level + 1)];
  for (const next of operands.slice(1)) parts.push(operand(next, level + 1));
  return { text: parts.join(` ${symbol} `), level };
}

function printSpecial(special: string, call: CallNode): Printed {
  const [first, second, third] = call.arguments;
  if (special === "countRows") return closed(`count(*)${printWhere(call)}`);
  if (first === undefined || second === undefined) throw countError(call);
  const self = operand(first, ADDITIVE);
  switch (special) {
    case "in": {
      const word = call.name === "notIn" ? "not in" : "in";
      return { text: `${self} ${word} (${list(call.arguments.slice(1))})`, level: COMPARISON };
    }
    case "between": {
      if (third === undefined) throw countError(call);
      return {
        text: `${self} between ${operand(second, ADDITIVE)} and ${operand(third, ADDITIVE)}`,
        level: COMPARISON,
      };
    }
    default:
      return { text: `${self} ${special} ${operand(second, ADDITIVE)}`, level: COMPARISON };
  }
}
