import {
  type Expression,
  type NamedExpression,
  printExpression,
  printName,
  type SortKey,
  type TracedOperation,
} from "@sluice/core";
import { type Questions, valueOfCell, valuesOf, where } from "./questions.ts";
import type { ChangeReport } from "./report.ts";

/**
 * The values that a fill or a window gave to the rows that were asked for. They come from other rows too, so they are
 * looked at in what comes out, where a column that is filled has lost what it held: it goes along under another name.
 */
export async function givenValues(
  questions: Questions,
  { node, inputs: [input], demand }: TracedOperation,
  limit: number,
): Promise<readonly (readonly ChangeReport[])[]> {
  if (input === undefined || demand.condition === undefined) return [];
  if (node.kind === "window") {
    const names = node.columns.map(([name]) => name);
    const given = where({ ...node, input: input.relation }, demand.condition);
    const rows = await questions.rows(given, names.map(own), limit);
    return rows.map((cells) =>
      node.columns.map(([column, expression], at) => ({
        column,
        text: `${printExpression(expression)}${around(node)}`,
        from: {},
        to: valueOfCell(cells[at]),
      })),
    );
  }
  if (node.kind !== "fill") return [];
  const taken = new Set(input.schema.columns.map(({ name }) => name));
  const before = node.columns.map((name) => freeName(`before ${name}`, taken));
  const copies = node.columns.map((name, at): NamedExpression => [before[at] ?? name, column(name)]);
  const filled = where(
    { ...node, input: { kind: "derive", input: input.relation, columns: copies } },
    demand.condition,
  );
  const isGiven = node.columns.map((name, at) =>
    call("and", call("isNull", column(before[at] ?? name)), call("isNotNull", column(name))),
  );
  const [first, ...others] = isGiven;
  const given = first === undefined ? undefined : others.reduce((one, other) => call("or", one, other), first);
  const asked = [...node.columns, ...before].map(own);
  const rows = await questions.rows(where(filled, given), asked, limit);
  const text = node.value === undefined ? `${nearest(node.how)}${around(node)}` : printExpression(node.value);
  return rows.map((cells) =>
    node.columns.flatMap((name, at) => {
      const [to, from] = [valueOfCell(cells[at]), valueOfCell(cells[node.columns.length + at])];
      return from !== null || to === null ? [] : [{ column: name, text, from: valuesOf([name], [from]), to }];
    }),
  );
}

function nearest(how: string): string {
  return how === "forward" ? "the last value before" : "the next value after";
}

/** Among which rows, and in which order. */
function around({ partition, by }: { readonly partition: readonly string[]; readonly by: readonly SortKey[] }): string {
  const order = by.map((key) => `${printExpression(key.expression)}${key.descending === true ? " desc" : ""}`);
  return [
    ...(order.length === 0 ? [] : [` in the order of ${order.join(", ")}`]),
    ...(partition.length === 0 ? [] : [` within ${partition.map(printName).join(", ")}`]),
  ].join("");
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  while (taken.has(name)) name += "'";
  return name;
}

function own(name: string): NamedExpression {
  return [name, column(name)];
}

function column(name: string): Expression {
  return { kind: "column", name };
}

function call(name: string, ...operands: readonly Expression[]): Expression {
  return { kind: "call", name, arguments: operands };
}
