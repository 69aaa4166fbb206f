import type { CheckDefinition } from "../definition/definition.ts";
import { SluiceError } from "../errors.ts";
import type { Expression, LiteralNode, LiteralType } from "../ir/expression.ts";
import { columnOf, type Schema } from "../schema/schema.ts";
import { familyOf, parseType, type TypeText } from "../schema/types.ts";

/** A call of the catalogue. */
export function call(name: string, ...args: readonly Expression[]): Expression {
  return { kind: "call", name, arguments: args };
}

/** A column of the input. */
export function column(name: string): Expression {
  return { kind: "column", name };
}

/** One condition out of several; of one it is that one. */
export function combined(name: "and" | "or", conditions: readonly Expression[]): Expression {
  const [first, ...rest] = conditions;
  if (first === undefined) throw new SluiceError("internal", `an ${name} of nothing`);
  return rest.length === 0 ? first : call(name, ...conditions);
}

/** True for the rows that fail the check; false or null for the others. Undefined for checks that judge no single row. */
export function failingCondition(check: CheckDefinition, schema: Schema): Expression | undefined {
  switch (check.kind) {
    case "notNull":
      return combined(
        "or",
        check.columns.map((name) => call("isNull", column(name))),
      );
    case "accepted": {
      const type = typeOfColumn(check.column, schema);
      return call("notIn", column(check.column), ...check.values.map((value) => literalOf(value, type)));
    }
    case "range":
      return outOfRange(check.column, check.min, check.max, typeOfColumn(check.column, schema));
    case "pattern":
      return call("not", call("matches", column(check.column), literalOf(check.pattern, "string")));
    case "expression":
      return call("not", check.condition);
    case "unique":
    case "rowCount":
    case "schema":
      return undefined;
    default:
      return check satisfies never;
  }
}

/** True for the rows that do not fail, never null: what stays when failing rows are taken out. */
export function passingCondition(failing: Expression): Expression {
  return call("isDistinctFrom", failing, { kind: "literal", type: "bool", value: true });
}

function outOfRange(name: string, min: string | undefined, max: string | undefined, type: TypeText): Expression {
  return combined("or", [
    ...(min === undefined ? [] : [call("lt", column(name), literalOf(min, type))]),
    ...(max === undefined ? [] : [call("gt", column(name), literalOf(max, type))]),
  ]);
}

function typeOfColumn(name: string, schema: Schema): TypeText {
  const found = columnOf(schema, name);
  if (found === undefined) throw new SluiceError("internal", `a check of the column "${name}", which is not there`);
  return found.type;
}

/** The literal of a value that is compared with a column of the type. */
export function literalOf(value: string | boolean, type: TypeText): LiteralNode {
  return { kind: "literal", type: literalTypeFor(type, value), value };
}

function literalTypeFor(type: TypeText, value: string | boolean): LiteralType {
  const family = familyOf(parseType(type));
  switch (family) {
    case "int":
    case "decimal":
    case "float":
      return "number";
    case "text":
      return "string";
    case "bool":
    case "bytes":
    case "date":
    case "time":
    case "timestamp":
    case "timestamptz":
    case "interval":
    case "uuid":
      return family;
    case "json":
    case "list":
    case "struct":
    case "map":
      throw new SluiceError("config", `values of type ${type} cannot be compared with ${JSON.stringify(value)}`, {
        hint: "check a part of it with an expression",
      });
    default:
      return family satisfies never;
  }
}
