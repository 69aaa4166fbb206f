import { isAggregate } from "../catalogue/catalogue.ts";
import { commonType, ROUNDED_HINT, roundedBeside } from "../catalogue/common-type.ts";
import { SluiceError } from "../errors.ts";
import { expandPivot } from "../ir/expand-pivot.ts";
import type { AggregateNode, PivotNode, UnnestNode, UnpivotNode } from "../ir/relation.ts";
import type { Column } from "../schema/schema.ts";
import { formatType, parseType } from "../schema/types.ts";
import { allRequired, type NodeRequest, required } from "./node-columns.ts";

/**
 * The aggregate that a pivot means: for engines that compute it so.
 *
 * @example
 * aggregateOf(pivot).columns; // [["car_n", count(*) filter (where kind is not distinct from 'CAR')], …]
 */
export function aggregateOf(node: PivotNode): AggregateNode {
  return expandPivot(node, isAggregate);
}

/** The columns of an unpivot: those that stay, the name, the value in the type that holds all. */
export function unpivotColumns(node: UnpivotNode, columns: readonly Column[], request: NodeRequest): readonly Column[] {
  const taken = allRequired(node.columns, columns, request);
  const types = taken.map((column) => column.type);
  const type = commonType(types);
  if (type === undefined) {
    const [one, other] = [...new Set(types)];
    const odd = taken.find((column) => column.type === other)?.name ?? "";
    throw new SluiceError("config", `unpivot puts values of ${one} and ${other} into one column, which none holds`, {
      offending: odd,
      hint: "cast them to one type before",
    });
  }
  const rounded = roundedBeside(types);
  if (rounded !== undefined) {
    const says = `unpivot puts values of ${[...new Set(types)].join(" and ")} into one column`;
    throw new SluiceError("config", `${says}: a ${type} would round values of ${rounded}`, {
      offending: taken.find((column) => column.type === rounded)?.name ?? "",
      hint: ROUNDED_HINT,
    });
  }
  const nullable = node.nulls === "keep" && taken.some((column) => column.nullable);
  return [
    ...columns.filter((column) => !node.columns.includes(column.name)),
    { name: node.name, type: "string", nullable: false },
    { name: node.value, type, nullable },
  ];
}

/** The columns of an unnest: the item or the fields in place of the column. */
export function unnestColumns(node: UnnestNode, columns: readonly Column[]): readonly Column[] {
  const { column, outer, ordinality, prefix } = node;
  const found = required(column, columns);
  const type = parseType(found.type);
  const refuse = (option: string, of: string): never => {
    throw new SluiceError(
      "config",
      `unnest of "${column}" has ${option}, which goes with a ${of}, and it is ${found.type}`,
      {
        offending: column,
      },
    );
  };
  if (type.kind === "list") {
    if (prefix !== undefined) refuse("prefix", "struct");
    const item = { name: column, type: formatType(type.item), nullable: true };
    const place = { name: ordinality ?? "", type: "int64", nullable: outer === true };
    return [...columns.map((one) => (one === found ? item : one)), ...(ordinality === undefined ? [] : [place])];
  }
  if (type.kind === "struct") {
    if (outer === true) refuse("outer", "list");
    if (ordinality !== undefined) refuse("ordinality", "list");
    const fields = type.fields.map(([name, field]) => ({
      name: `${prefix ?? ""}${name}`,
      type: formatType(field),
      nullable: true,
    }));
    return columns.flatMap((one) => (one === found ? fields : [one]));
  }
  throw new SluiceError("config", `"${column}" is ${found.type}, and unnest takes a list or a struct apart`, {
    offending: column,
  });
}
