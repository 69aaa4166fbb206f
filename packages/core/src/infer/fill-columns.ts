import { resolveCall } from "../catalogue/resolve.ts";
import { SluiceError } from "../errors.ts";
import type { Expression } from "../ir/expression.ts";
import type { FillNode } from "../ir/relation.ts";
import { printExpression } from "../print/print-expression.ts";
import type { Column } from "../schema/schema.ts";
import { attempt, checkKeys, type NodeRequest, required } from "./node-columns.ts";
import { argumentOf } from "./type-of.ts";

/** The columns of a fill: their types stay, and with a value they are never null. */
export function fillColumns(node: FillNode, columns: readonly Column[], request: NodeRequest): readonly Column[] {
  const { value } = node;
  attempt(
    request,
    [...node.columns, ...node.partition].map((name) => () => required(name, columns)),
  );
  checkKeys(node.by, columns, request);
  if (value === undefined) return columns;
  attempt(
    request,
    node.columns.map((name) => () => checkValue(required(name, columns), value, request)),
  );
  const mayBeNull = argumentOf(value, { columns: [], parameters: request.parameters }).nullable;
  return columns.map((column) =>
    node.columns.includes(column.name) ? { ...column, nullable: column.nullable && mayBeNull } : column,
  );
}

function checkValue({ name, type }: Column, value: Expression, { parameters }: NodeRequest): void {
  if (value.kind === "literal" && value.value === null) {
    throw new SluiceError("config", "fill puts null where a value is null already", { offending: "null" });
  }
  const given = argumentOf(value, { columns: [], parameters });
  const filled = resolveCall("orElse", [{ type, nullable: true }, given]);
  if (filled.type === type) return;
  throw new SluiceError("config", `the column "${name}" is ${type} and cannot hold ${printExpression(value)}`, {
    offending: name,
    hint: `cast the column to ${filled.type} first`,
  });
}
