import { SluiceError } from "../errors.ts";
import type { Expression } from "../ir/expression.ts";
import { printExpression } from "../print/print-expression.ts";

/**
 * Of rows that an overwrite was given and that do not meet its condition: the next load would not replace them, and put them
 * there again.
 *
 * @example
 * throw rowsOutside("lake.shop.paid", { where: parse("day > '2024-01-01'"), outside: 3, rows: 40 });
 * // SluiceError data: 3 of 40 rows to load into lake.shop.paid do not meet where: day > '2024-01-01'
 */
export function rowsOutside(
  target: string,
  { where, outside, rows }: { readonly where: Expression; readonly outside: number; readonly rows: number },
): SluiceError {
  const [verb, them] = outside === 1 ? ["does", "it"] : ["do", "them"];
  const condition = printExpression(where);
  const message = `${outside} of ${rows} rows to load into ${target} ${verb} not meet where: ${condition}`;
  return new SluiceError("data", message, {
    reason: "outside",
    offending: condition,
    hint: `the next load would not replace ${them}: filter ${them} away before the load, or let where take ${them} in`,
  });
}
