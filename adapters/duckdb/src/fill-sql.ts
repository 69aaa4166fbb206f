import type { FillNode } from "@sluice/core";
import { write } from "./draft.ts";
import { windowTerms } from "./group-sql.ts";
import type { RelationCompiler } from "./relation-compiler.ts";
import { quoteName } from "./sql-text.ts";

/** The columns, those to be filled as the last value before them, or the next behind, that is not null. */
export function fillSql(compiler: RelationCompiler, node: FillNode): string {
  const { unframed } = windowTerms(compiler, node);
  const isForward = node.how === "forward";
  const distance = node.limit === undefined ? "unbounded" : String(node.limit);
  const frame = isForward
    ? `rows between ${distance} preceding and current row`
    : `rows between current row and ${distance} following`;
  const over = `${unframed.slice(0, -1)} ${frame})`;
  const filled = new Set(node.columns);
  const output = compiler.columnsOf(node).map(({ name }) => {
    const column = `t.${quoteName(name)}`;
    if (!filled.has(name)) return column;
    return `${isForward ? "last_value" : "first_value"}(${column} ignore nulls) over ${over} as ${quoteName(name)}`;
  });
  return write({ ...compiler.open(node.input), order: [] }, output.join(", "));
}
