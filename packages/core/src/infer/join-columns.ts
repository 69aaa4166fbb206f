import { exactCommonType } from "../catalogue/common-type.ts";
import { SluiceError } from "../errors.ts";
import type { JoinNode } from "../ir/relation.ts";
import type { Column } from "../schema/schema.ts";
import type { TypeText } from "../schema/types.ts";
import { findColumn } from "./find-column.ts";
import { assertCondition, columnTypeOf, unknownColumn } from "./type-of.ts";

type Columns = readonly Column[];

/** The columns of a join: see `JoinNode`. */
export function joinColumns(
  node: JoinNode,
  left: Columns,
  right: Columns,
  parameters: ReadonlyMap<string, TypeText>,
): Columns {
  if (node.on !== undefined) assertCondition(node.on, { columns: left, right, parameters }, "the condition of a join");
  const keys = (node.using ?? []).map((name) => usedKey(name, node, left, right));
  if (node.how === "semi" || node.how === "anti") return left;
  const leftRows = node.how === "right" || node.how === "full" ? optional(left) : left;
  const rightRows = node.how === "left" || node.how === "full" ? optional(right) : right;
  if (node.select !== undefined) {
    const scope = { columns: leftRows, right: rightRows, parameters };
    return node.select.map(([name, expression]) => ({ name, ...columnTypeOf(expression, scope) }));
  }
  const rest = (columns: Columns): Columns => columns.filter((column) => !(node.using ?? []).includes(column.name));
  return [...keys, ...rest(leftRows), ...suffixed(node, [...keys, ...rest(leftRows)], rest(rightRows))];
}

/**
 * The name that each right column has in the output of a join, in order: with the suffix where the left side has
 * the name too. Engines render it.
 *
 * @example
 * rightNames({ suffix: "_vehicle" }, ["crash_id", "make"], ["crash_id"]); // [["crash_id", "crash_id_vehicle"], ["make", "make"]]
 */
export function rightNames(
  { suffix }: Pick<JoinNode, "suffix">,
  right: readonly string[],
  left: readonly string[],
): readonly (readonly [from: string, to: string])[] {
  const taken = new Set(left.map((name) => name.toLowerCase()));
  return right.map((name) => [name, suffix !== undefined && taken.has(name.toLowerCase()) ? name + suffix : name]);
}

function suffixed(node: JoinNode, left: Columns, right: Columns): Columns {
  const names = new Map(
    rightNames(
      node,
      right.map((column) => column.name),
      left.map((column) => column.name),
    ),
  );
  const taken = new Set(left.map((column) => column.name.toLowerCase()));
  const shared = right.filter((column) => taken.has(column.name.toLowerCase()));
  if (shared.length > 0 && node.suffix === undefined) {
    throw new SluiceError(
      "config",
      `both sides of a join have the columns ${shared.map((column) => `"${column.name}"`).join(", ")}`,
      {
        offending: shared[0]?.name ?? "",
        hint: "give suffix (put behind the right names) or select (exactly these columns)",
      },
    );
  }
  return right.map((column) => ({ ...column, name: names.get(column.name) ?? column.name }));
}

/** A key stands once: in right and full joins it comes from whichever side has a row; inner joins never match nulls. */
function usedKey(name: string, { how }: JoinNode, left: Columns, right: Columns): Column {
  const ours = findColumn(left, name);
  const theirs = findColumn(right, name);
  if (ours === undefined) throw unknownColumn(name, left, " on the left side of the join");
  if (theirs === undefined) throw unknownColumn(name, right, " on the right side of the join");
  const common = commonKey(name, ours, theirs);
  const type = how === "right" || how === "full" ? common : ours.type;
  switch (how) {
    case "inner":
      return { name, type, nullable: false };
    case "right":
      return { name, type, nullable: theirs.nullable };
    case "full":
      return { name, type, nullable: ours.nullable || theirs.nullable };
    case "left":
    case "semi":
    case "anti":
    case "cross":
      return { name, type, nullable: ours.nullable };
    default:
      return how satisfies never;
  }
}

/** Keys meet in a type that holds both as they are: beside a float, 9007199254740993 would be another number. */
function commonKey(name: string, left: Column, right: Column): TypeText {
  const common = exactCommonType(left.type, right.type);
  if (common !== undefined) return common;
  throw new SluiceError("config", `the join key "${name}" is ${left.type} on the left and ${right.type} on the right`, {
    offending: name,
    hint: "cast one of them before the join",
  });
}

function optional(columns: Columns): Columns {
  return columns.map((column) => ({ ...column, nullable: true }));
}
