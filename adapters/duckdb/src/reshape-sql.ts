import { parseType, type UnnestNode, type UnpivotNode } from "@sluice/core";
import { write } from "./draft.ts";
import type { RelationCompiler } from "./relation-compiler.ts";
import { quoteName, quoteText } from "./sql-text.ts";
import { duckDbTypeOf } from "./types.ts";

/** Two lists that are unnested side by side: the names, and the values in one type. */
export function unpivotSql(compiler: RelationCompiler, node: UnpivotNode): string {
  const output = compiler.columnsOf(node);
  const type = duckDbTypeOf(output.at(-1)?.type ?? "string");
  const names = node.columns.map(quoteText).join(", ");
  const values = node.columns.map((name) => `cast(t.${quoteName(name)} as ${type})`).join(", ");
  const terms = [
    ...output.slice(0, -2).map(({ name }) => `t.${quoteName(name)}`),
    `unnest([${names}]) as ${quoteName(node.name)}`,
    `unnest([${values}]) as ${quoteName(node.value)}`,
  ];
  const rows = write({ ...compiler.open(node.input), order: [] }, terms.join(", "));
  return node.nulls === "keep" ? rows : `select * from (${rows}) as t where t.${quoteName(node.value)} is not null`;
}

/** Items as rows, or fields as columns. */
export function unnestSql(compiler: RelationCompiler, node: UnnestNode): string {
  const input = compiler.columnsOf(node.input);
  const column = `t.${quoteName(node.column)}`;
  const type = parseType(input.find(({ name }) => name === node.column)?.type ?? "string");
  const fields =
    type.kind === "struct"
      ? type.fields.map(
          ([field]) => `struct_extract(${column}, ${quoteText(field)}) as ${quoteName(`${node.prefix ?? ""}${field}`)}`,
        )
      : [`unnest(${orNull(column, node)}) as ${quoteName(node.column)}`];
  const terms = input.flatMap(({ name }) => (name === node.column ? fields : [`t.${quoteName(name)}`]));
  if (node.ordinality !== undefined) {
    terms.push(`unnest(${orNull(`range(1, len(${column}) + 1)`, node, column)}) as ${quoteName(node.ordinality)}`);
  }
  return write({ ...compiler.open(node.input), order: [] }, terms.join(", "));
}

/** With `outer` a list without items has one, which is null. */
function orNull(list: string, { outer }: UnnestNode, column: string = list): string {
  return outer === true ? `case when len(${column}) > 0 then ${list} else [null] end` : list;
}
