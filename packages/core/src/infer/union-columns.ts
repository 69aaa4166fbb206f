import { commonType, exactCommonType, ROUNDED_HINT, roundedBeside } from "../catalogue/common-type.ts";
import { SluiceError } from "../errors.ts";
import type { UnionNode } from "../ir/relation.ts";
import type { Column } from "../schema/schema.ts";
import { closest } from "./closest.ts";
import { findColumn } from "./find-column.ts";

/** The columns of a union: matched by name, in the first input's order, each of the type that holds all of its values. */
export function unionColumns(
  inputs: readonly (readonly Column[])[],
  missing?: UnionNode["missing"],
): readonly Column[] {
  const [first = [], ...others] = inputs;
  if (missing === undefined)
    for (const [index, other] of others.entries()) checkNames(first, other, `input ${index + 2} of a union`);
  const names = new Set(inputs.flatMap((input) => input.map(nameOf)));
  return [...names].map((name) => {
    const same = inputs.flatMap((input) => findColumn(input, name) ?? []);
    const types = same.map((one) => one.type);
    const type = commonType(types);
    if (type === undefined) {
      throw new SluiceError("config", `the column "${name}" of a union is ${[...new Set(types)].join(" and ")}`, {
        offending: name,
        hint: "cast it to one type in each input",
      });
    }
    const rounded = roundedBeside(types);
    if (rounded !== undefined) {
      throw new SluiceError(
        "config",
        `the column "${name}" of a union is ${[...new Set(types)].join(" and ")}: a ${type} would round values of ${rounded}`,
        { offending: name, hint: ROUNDED_HINT },
      );
    }
    return { name, type, nullable: same.length < inputs.length || same.some((one) => one.nullable) };
  });
}

/**
 * The columns of an intersection or a difference: matched by name, in the left side's order. They meet in a type that holds
 * both as they are: beside a float, 9007199254740993 would be another number.
 */
export function setColumns(
  kind: "intersect" | "except",
  left: readonly Column[],
  right: readonly Column[],
): readonly Column[] {
  checkNames(left, right, `the other side of ${kind}`);
  return left.map((column) => {
    const other = findColumn(right, column.name) ?? column;
    const type = exactCommonType(column.type, other.type);
    if (type === undefined) {
      throw new SluiceError(
        "config",
        `the column "${column.name}" is ${column.type} on one side of ${kind} and ${other.type} on the other`,
        { offending: column.name, hint: "cast one of them before" },
      );
    }
    return { name: column.name, type, nullable: column.nullable && (kind === "except" || other.nullable) };
  });
}

function checkNames(first: readonly Column[], other: readonly Column[], what: string): void {
  const lacking = first.filter((column) => findColumn(other, column.name) === undefined);
  const strange = other.filter((column) => findColumn(first, column.name) === undefined);
  if (lacking.length + strange.length === 0) return;
  const said = [
    ...(lacking.length > 0 ? [`lacks ${list(lacking)}`] : []),
    ...(strange.length > 0 ? [`has ${list(strange)}, which the first has not`] : []),
  ];
  const [one] = lacking;
  const near = one === undefined ? undefined : closest(one.name, strange.map(nameOf));
  throw new SluiceError("config", `${what} ${said.join(" and ")}`, {
    offending: (one ?? strange[0])?.name ?? "",
    hint:
      near === undefined
        ? "columns are matched by name: keep, rename or derive them"
        : `rename "${near}" to "${one?.name}"`,
  });
}

function list(columns: readonly Column[]): string {
  return columns.map((column) => `"${column.name}"`).join(", ");
}

function nameOf(column: Column): string {
  return column.name;
}
