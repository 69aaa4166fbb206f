import { beyondInt64Hint, isBeyondInt64, typeOfLiteral } from "../catalogue/literal.ts";
import { type CallArgument, resolveCall } from "../catalogue/resolve.ts";
import { orderedFamilies } from "../catalogue/signature.ts";
import { SluiceError } from "../errors.ts";
import type { CallNode, CaseNode, CastNode, ColumnNode, Expression } from "../ir/expression.ts";
import { printExpression } from "../print/print-expression.ts";
import type { Column } from "../schema/schema.ts";
import { familyOf, isTypeText, parseType, type TypeText } from "../schema/types.ts";
import { castHint, isCastable } from "./cast.ts";
import { didYouMean } from "./closest.ts";
import { findColumn } from "./find-column.ts";

/**
 * The type of an expression that becomes a column: as `typeOf`, but that a whole number beyond int64 is refused. Beside a
 * value it takes that one's type; alone nothing says which of several it means.
 *
 * @example
 * columnTypeOf(parse("9223372036854775808"), scope); // throws "9223372036854775808 does not fit int64 …"
 * @throws SluiceError `config`
 */
export function columnTypeOf(expression: Expression, scope: Scope): ExpressionType {
  if (expression.kind === "literal" && isBeyondInt64(expression)) throw beyondInt64(String(expression.value));
  return typeOf(expression, scope);
}

/** What an expression can see. */
export interface Scope {
  /** Of the input; in a join those of the left side. */
  readonly columns: readonly Column[];
  /** In a join: those of the right side. */
  readonly right?: readonly Column[];
  /** Types by name; one that ends in `?` may be null. */
  readonly parameters: ReadonlyMap<string, TypeText>;
  /** In `when`: the types of the values that steps return. */
  readonly values?: ReadonlyMap<string, ExpressionType>;
}

/** The type of an expression and whether it may be null. */
export interface ExpressionType {
  readonly type: TypeText;
  readonly nullable: boolean;
}

/**
 * The exact type of an expression and whether it may be null.
 *
 * @example
 * typeOf(parse("latitude + 1"), { columns: [{ name: "latitude", type: "float64", nullable: true }], parameters: new Map() });
 * // { type: "float64", nullable: true }
 * @throws SluiceError `config` for an unknown column, function or parameter, and where types do not fit
 */
export function typeOf(expression: Expression, scope: Scope): ExpressionType {
  switch (expression.kind) {
    case "column":
      return typeOfColumn(expression, scope);
    case "literal": {
      const type = typeOfLiteral(expression);
      if (type === undefined) throw untypedNull();
      return { type, nullable: expression.value === null };
    }
    case "parameter": {
      const type = scope.parameters.get(expression.name);
      if (type?.endsWith("?")) return { type: type.slice(0, -1), nullable: true };
      if (type !== undefined) return { type, nullable: false };
      throw new SluiceError("config", `the pipeline declares no parameter "${expression.name}"`, {
        offending: `$${expression.name}`,
        hint: didYouMean(expression.name, [...scope.parameters.keys()], "parameters"),
      });
    }
    case "constant":
      return { type: expression.name === "now" ? "timestamptz" : "date", nullable: false };
    case "call":
      return typeOfCall(expression, scope);
    case "cast":
      return typeOfCast(expression, scope);
    case "case":
      return typeOfCase(expression, scope);
    case "metric": {
      if (expression.name !== "value") return { type: "int64", nullable: false };
      const value = scope.values?.get(expression.step);
      if (value !== undefined) return value;
      throw new SluiceError("config", `the step "${expression.step}" returns no value`, {
        offending: `steps.${expression.step}.value`,
        hint: 'a task that returns one declares its type: value: "int64"',
      });
    }
    case "text":
      throw new SluiceError("internal", `the text "${expression.text}" was never parsed`, {
        offending: expression.text,
      });
    default:
      return expression satisfies never;
  }
}

/**
 * The type of an expression that has to be true or false; `what` begins the error.
 *
 * @example
 * assertCondition(parse("latitude"), scope, "a filter"); // throws "a filter has to be true or false, but it is float64"
 * @throws SluiceError `config` where it is something else
 */
export function assertCondition(expression: Expression, scope: Scope, what: string): ExpressionType {
  if (isNullLiteral(expression)) throw new SluiceError("config", `${what} is always null`);
  const found = typeOf(expression, scope);
  if (found.type === "bool") return found;
  throw new SluiceError("config", `${what} has to be true or false, but it is ${found.type}`, {
    hint: found.nullable ? "compare it with something, for example isNotNull" : "compare it with something",
  });
}

/**
 * What an expression is as an argument of a call: `resolveCall` takes it.
 *
 * @example
 * argumentOf({ kind: "literal", type: "number", value: "5" }, scope); // { type: "int64", nullable: false, literal: { … } }
 */
export function argumentOf(expression: Expression, scope: Scope): CallArgument {
  if (expression.kind !== "literal") return typeOf(expression, scope);
  return {
    type: typeOfLiteral(expression) ?? "string",
    nullable: expression.value === null,
    literal: expression.value === null ? { kind: "literal", type: "null", value: null } : expression,
  };
}

/** The error for a column that is not there. */
export function unknownColumn(name: string, columns: readonly Column[], where: string = ""): SluiceError {
  const names = columns.map((column) => column.name);
  return new SluiceError("config", `there is no column "${name}"${where}`, {
    offending: name,
    hint: didYouMean(name, names, "columns"),
  });
}

function typeOfColumn(node: ColumnNode, scope: Scope): ExpressionType {
  const right = node.side === "right";
  const columns = right ? (scope.right ?? []) : scope.columns;
  const found = findColumn(columns, node.name);
  if (found !== undefined) return { type: found.type, nullable: found.nullable };
  throw unknownColumn(node.name, columns, node.side === undefined ? "" : ` on the ${node.side} side`);
}

const COMPARISONS: readonly string[] = ["eq", "ne", "lt", "lte", "gt", "gte"];

/** `amount = null` is null for every row, whoever wrote it meant `is null`. */
function refuseNullComparison(node: CallNode): void {
  const [first, second] = node.arguments;
  if (!COMPARISONS.includes(node.name) || first === undefined || second === undefined) return;
  const other = isNullLiteral(second) ? first : isNullLiteral(first) ? second : undefined;
  if (other === undefined) return;
  const isNot = node.name === "ne" ? "is not null" : "is null";
  throw new SluiceError("config", `${printExpression(node)} is never true: nothing is known to compare with null`, {
    offending: printExpression(node),
    hint: `write ${printExpression(other)} ${isNot}`,
  });
}

/** `crashes.latitude`: a field of a column that is not there is a column after the name of a table. */
function refuseTableName(node: CallNode, scope: Scope): void {
  const [owner, name] = node.arguments;
  if (node.name !== "field" || owner?.kind !== "column" || name?.kind !== "literal") return;
  const columns = owner.side === "right" ? (scope.right ?? []) : scope.columns;
  if (findColumn(columns, owner.name) !== undefined || findColumn(columns, String(name.value)) === undefined) return;
  throw new SluiceError("config", `there is no column "${owner.name}" that could have a field "${name.value}"`, {
    offending: owner.name,
    hint: `columns have no table here: write ${printExpression({ ...owner, name: String(name.value) })}`,
  });
}

/** JSON and what is nested stand in no order that engines agree on. */
function assertOrderable(expression: Expression, scope: Scope, name: string): void {
  if (expression.kind === "literal") return;
  const { type } = typeOf(expression, scope);
  if (orderedFamilies.includes(familyOf(parseType(type)))) return;
  throw new SluiceError("config", `${name} cannot be ordered by a value of type ${type}`, {
    offending: printExpression(expression),
    hint: "order it by a part that is text, a number or a time",
  });
}

function typeOfCall(node: CallNode, scope: Scope): ExpressionType {
  refuseNullComparison(node);
  refuseTableName(node, scope);
  if (node.where !== undefined) assertCondition(node.where, scope, `the where of ${node.name}`);
  for (const { expression } of node.order ?? []) assertOrderable(expression, scope, node.name);
  const { type, nullable } = resolveCall(
    node.name,
    node.arguments.map((argument) => argumentOf(argument, scope)),
  );
  return { type, nullable };
}

function typeOfCast(node: CastNode, scope: Scope): ExpressionType {
  if (!isTypeText(node.type)) {
    throw new SluiceError("config", `"${node.type}" is not a type`, { offending: node.type });
  }
  if (isNullLiteral(node.value)) return { type: node.type, nullable: true };
  const value = typeOf(node.value, scope);
  if (!isCastable(value.type, node.type)) {
    throw new SluiceError("config", `${value.type} cannot be cast to ${node.type}`, {
      offending: node.type,
      hint: castHint(value.type, node.type),
    });
  }
  return { type: node.type, nullable: value.nullable || node.safe === true };
}

function typeOfCase(node: CaseNode, scope: Scope): ExpressionType {
  const results = node.branches.map(([, result]) => result);
  if (node.otherwise !== undefined) results.push(node.otherwise);
  for (const [condition] of node.branches) assertCondition(condition, scope, "the condition of a case");
  if (results.every(isNullLiteral)) throw untypedNull();
  const found = results.map((result) => argumentOf(result, scope));
  const nullable = node.otherwise === undefined || found.some((result) => result.nullable);
  return { type: commonResult(found), nullable };
}

/** The results of a case meet as the arguments of `orElse` do: literals take the type of the others. */
function commonResult(results: readonly CallArgument[]): TypeText {
  const valued = results.filter((one) => one.literal?.type !== "null");
  try {
    return resolveCall("orElse", valued.length === 1 ? [...valued, ...valued] : valued).type;
  } catch (error) {
    const kinds = [...new Set(valued.map((one) => one.type))];
    throw new SluiceError("config", `the results of a case are of different kinds: ${kinds.join(" and ")}`, {
      hint: "cast them to one type",
      cause: error,
    });
  }
}

function beyondInt64(text: string): SluiceError {
  return new SluiceError("config", `${text} does not fit int64, the type of a whole number alone`, {
    offending: text,
    hint: beyondInt64Hint(text),
  });
}

function isNullLiteral(expression: Expression): boolean {
  return expression.kind === "literal" && expression.value === null;
}

function untypedNull(): SluiceError {
  return new SluiceError("config", "null has no type of its own here", {
    offending: "null",
    hint: "say which: cast(null as string)",
  });
}
