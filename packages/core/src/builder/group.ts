import { isAggregate } from "../catalogue/catalogue.ts";
import { SluiceError } from "../errors.ts";
import { type Expression, operandsOf, walkExpression } from "../ir/expression.ts";
import { groupingSetsOf } from "../ir/grouping-sets.ts";
import type { AggregateNode } from "../ir/relation.ts";
import { columnNames, name, optionsOf, refuseRest } from "./options.ts";
import { describe } from "./value.ts";

/** In a group a column has many values: outside aggregates only the keys may stand. */
export function refuseUnaggregated(column: string, expression: Expression, by: readonly string[]): void {
  if (expression.kind === "call" && isAggregate(expression.name)) {
    for (const operand of operandsOf(expression)) refuseNested(column, operand);
    return;
  }
  if (expression.kind === "column" && !by.includes(expression.name)) {
    throw new SluiceError(
      "config",
      `the column "${expression.name}" has many values in a group (in "${column}" of aggregate)`,
      {
        hint: `take one of them, for example max(c.${expression.name}), or group by it`,
        offending: expression.name,
      },
    );
  }
  for (const operand of operandsOf(expression)) refuseUnaggregated(column, operand, by);
}

function refuseNested(column: string, expression: Expression): void {
  walkExpression(expression, (node) => {
    if (node.kind !== "call" || !isAggregate(node.name)) return;
    throw new SluiceError(
      "config",
      `the aggregate ${node.name} stands inside another one (in "${column}" of aggregate)`,
      {
        hint: "aggregate twice: the second time over the columns of the first",
        offending: node.name,
      },
    );
  });
}

/** What the options of `group` say: grouping sets, and the columns that tell subtotals apart. */
export function groupingOf(by: readonly string[], options: unknown): Pick<AggregateNode, "sets" | "grouping"> {
  const { sets, grouping, ...rest } = optionsOf("group", options);
  refuseRest("group", rest, ["sets", "grouping"]);
  if (sets === undefined && grouping !== undefined) {
    throw new SluiceError("config", "group has grouping and no sets: there are no subtotals to be marked", {
      hint: 'give sets: "rollup", "cube" or a list of lists of keys',
    });
  }
  if (sets === undefined) return {};
  const known = typeof sets === "string" || !Array.isArray(sets) ? sets : sets.map((set) => keysOf(set, by));
  if (known !== "rollup" && known !== "cube" && !Array.isArray(known)) {
    throw new SluiceError("config", `sets of group is ${describe(sets)}`, {
      hint: 'write "rollup", "cube" or a list of lists of keys: [["a", "b"], ["a"], []]',
    });
  }
  const marks = Object.entries(grouping === undefined ? {} : optionsOf("grouping", grouping));
  return Object.freeze({
    sets: Object.freeze(groupingSetsOf(known, by).map((set) => Object.freeze([...set]))),
    ...(marks.length === 0
      ? {}
      : {
          grouping: Object.freeze(
            marks.map(([key, marked]) => {
              keysOf([key], by);
              return Object.freeze([key, name("grouping", marked)] as const);
            }),
          ),
        }),
  });
}

function keysOf(set: unknown, by: readonly string[]): readonly string[] {
  const names = Array.isArray(set) && set.length === 0 ? [] : columnNames("a set of group", set, (list) => `[${list}]`);
  const strange = names.find((one) => !by.includes(one));
  if (strange === undefined) return names;
  throw new SluiceError("config", `"${strange}" is no key of the group`, {
    offending: strange,
    hint: `its keys are ${by.join(", ")}`,
  });
}
