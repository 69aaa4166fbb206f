import type { CheckDefinition } from "../definition/definition.ts";
import { diffSchemas, isSameType } from "../infer/diff-schemas.ts";
import type { Schema } from "../schema/schema.ts";
import type { CheckOutcome } from "./evaluate-checks.ts";
import { verdictOf } from "./verdict.ts";

type SchemaCheck = Extract<CheckDefinition, { kind: "schema" }>;

/**
 * How a schema differs from the one that a check asks for, as sentences; the order of columns does not count.
 *
 * @example
 * schemaProblems({ kind: "schema", columns: [{ name: "id", type: "int64", nullable: false }] }, found);
 * // ['"id" was int64 and is string']
 */
export function schemaProblems(check: SchemaCheck, schema: Schema): readonly string[] {
  const { added, removed, renamed, retyped } = diffSchemas(check.columns, schema.columns);
  return [
    ...removed.map((column) => `"${column.name}" is missing`),
    ...renamed.map(({ from, to }) => `"${from.name}" is missing, and there is "${to.name}"`),
    ...added.map((column) => `"${column.name}" is not expected`),
    ...retyped.map(({ from, to }) =>
      isSameType(from, to) ? `"${to.name}" may be null` : `"${to.name}" is ${to.type}, not ${from.type}`,
    ),
  ];
}

/** The outcome of a schema check: known without reading a row. */
export function schemaOutcome(name: string, check: SchemaCheck, schema: Schema, rows: number): CheckOutcome {
  const problems = schemaProblems(check, schema);
  return {
    name,
    kind: check.kind,
    status: verdictOf(check, 1, problems.length === 0 ? 0 : 1),
    rows,
    failing: 0,
    message: problems.length === 0 ? "the columns are those expected" : problems.join("; "),
  };
}
