import { commonType } from "../catalogue/common-type.ts";
import { SluiceError } from "../errors.ts";
import type { Column } from "../schema/schema.ts";
import { closest } from "./closest.ts";
import { findColumn } from "./find-column.ts";

/** The columns of a union: matched by name, in the first input's order, each of the type that holds all of its values. */
export function unionColumns(inputs: readonly (readonly Column[])[]): readonly Column[] {
  const [first = [], ...others] = inputs;
  for (const [index, other] of others.entries()) checkNames(first, other, index + 2);
  return first.map((column) => {
    const same = inputs.flatMap((input) => findColumn(input, column.name) ?? []);
    const types = same.map((one) => one.type);
    const type = commonType(types);
    if (type === undefined) {
      throw new SluiceError(
        "config",
        `the column "${column.name}" of a union is ${[...new Set(types)].join(" and ")}`,
        {
          offending: column.name,
          hint: "cast it to one type in each input",
        },
      );
    }
    return { name: column.name, type, nullable: same.some((one) => one.nullable) };
  });
}

function checkNames(first: readonly Column[], other: readonly Column[], place: number): void {
  const lacking = first.filter((column) => findColumn(other, column.name) === undefined);
  const strange = other.filter((column) => findColumn(first, column.name) === undefined);
  if (lacking.length + strange.length === 0) return;
  const said = [
    ...(lacking.length > 0 ? [`lacks ${list(lacking)}`] : []),
    ...(strange.length > 0 ? [`has ${list(strange)}, which the first has not`] : []),
  ];
  const [one] = lacking;
  const near = one === undefined ? undefined : closest(one.name, strange.map(nameOf));
  throw new SluiceError("config", `input ${place} of a union ${said.join(" and ")}`, {
    offending: (one ?? strange[0])?.name ?? "",
    hint:
      near === undefined
        ? "a union matches columns by name: keep, rename or derive them"
        : `rename "${near}" to "${one?.name}"`,
  });
}

function list(columns: readonly Column[]): string {
  return columns.map((column) => `"${column.name}"`).join(", ");
}

function nameOf(column: Column): string {
  return column.name;
}
