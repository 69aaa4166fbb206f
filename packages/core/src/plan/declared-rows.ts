import { problemAt } from "../definition/problems.ts";
import type { SluiceError } from "../errors.ts";
import { closest } from "../infer/closest.ts";
import { findColumn } from "../infer/find-column.ts";
import type { Column } from "../schema/schema.ts";
import { formatType, parseType } from "../schema/types.ts";

/**
 * What is wrong with the columns that an author declared raw SQL to give, next to those that it gives; undefined where
 * nothing is. Names and types are compared, their order is not: rows are read by name. Whether a column may be null is
 * not either: no engine knows it before it reads rows, so the planner takes every column for nullable, and a `notNull`
 * check is what makes sure.
 *
 * @example
 * declaredProblem([{ name: "n", type: "int32", nullable: false }], [{ name: "n", type: "int64", nullable: true }], path)?.message;
 * // 'the SQL gives other columns than declared: "n" is int64, not int32'
 */
export function declaredProblem(
  declared: readonly Column[],
  found: readonly Column[],
  path: string,
): SluiceError | undefined {
  const missing = declared.filter(({ name }) => findColumn(found, name) === undefined);
  const others = found.filter(({ name }) => findColumn(declared, name) === undefined);
  const retyped = declared.flatMap((column) => {
    const given = findColumn(found, column.name);
    return given === undefined || sameType(given.type, column.type) ? [] : [{ column, given }];
  });
  const unpaired = new Set(others.map(({ name }) => name));
  const sentences = [
    ...missing.map(({ name }) => {
      const near = closest(name, unpaired);
      if (near === undefined) return `"${name}" is missing`;
      unpaired.delete(near);
      return `"${name}" is missing, and there is "${near}"`;
    }),
    ...retyped.map(({ column, given }) => `"${column.name}" is ${given.type}, not ${column.type}`),
    ...others
      .filter(({ name }) => unpaired.has(name))
      .map(({ name, type }) => `"${name}" (${type}) is given and not declared`),
  ];
  if (sentences.length === 0) return undefined;
  const [offending] = [...retyped.map(({ column }) => column.name), ...[...missing, ...others].map(({ name }) => name)];
  return problemAt(path, `the SQL gives other columns than declared: ${sentences.join("; ")}`, {
    ...(offending === undefined ? {} : { offending }),
    hint:
      retyped[0] === undefined
        ? "declare the columns that the SELECT gives, or change the SELECT"
        : `declare "${retyped[0].column.name}" as ${retyped[0].given.type}, or cast it in the SQL`,
  });
}

/** However they are written: `decimal(10, 2)` is `decimal(10,2)`. */
function sameType(a: string, b: string): boolean {
  return formatType(parseType(a)) === formatType(parseType(b));
}
