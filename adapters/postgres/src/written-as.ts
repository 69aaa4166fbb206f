import { type OutputSpec, parseType, type Schema, type StageRequest } from "@sluice/core";
import { hasFields } from "./binary/field-kinds.ts";
import type { TargetPlan } from "./target-table.ts";
import { declaredType, isDeclared, isInBraces } from "./types.ts";

/**
 * Rows to a row group, which the engine and the adapter hold whole: many small ones keep texts of 10 kB from taking much memory,
 * and cost little. Of many columns, as few rows as the engine computes with at once.
 */
const [GROUP_ROWS, LEAST_GROUP_ROWS, MANY_COLUMNS] = [4096, 2048, 100];
/**
 * A file is sent when it is whole: so many rows that there are not too many files, and few enough to begin early and to have little left
 * at the end. Measured in 2026-11 with a million rows of CSV, on a busy machine: 2.7 s, and 3.0 s with four times as many.
 */
const PIECE_ROWS = 16_384;

/** What the engine is to write for rows that go into a table: Parquet to be sent in binary where the table takes that, else CSV. */
export function writtenAs(plan: TargetPlan, request: StageRequest, path: string): OutputSpec {
  const { columns } = request.schema;
  if (takesBinary(plan, request)) {
    const rowGroupRows = columns.length > MANY_COLUMNS ? LEAST_GROUP_ROWS : GROUP_ROWS;
    const parquet = { plain: true, rowGroupRows, groupsPerFile: PIECE_ROWS / rowGroupRows };
    return { format: "parquet", path, ordered: false, parquet, instead: asCsv(plan, request, path) };
  }
  return asCsv(plan, request, path);
}

function asCsv(plan: TargetPlan, { schema }: StageRequest, path: string): OutputSpec {
  return {
    format: "csv",
    path: `${path}.csv`,
    ordered: false,
    csv: {
      delimiter: ",",
      header: false,
      // Alone in its line, `\.` would end the rows, and a null be none.
      quote: schema.columns.length === 1 ? "all" : "minimal",
      bytesPrefix: "\\x",
      braces: bracesOf(plan, schema),
      doubles: doublesOf(plan, schema),
      verbatim: verbatimOf(plan, schema),
    },
  };
}

/**
 * Whether rows are sent in binary. The server takes what it is given for a value of its column, so each column has to have the very
 * type that a load would declare for it: a shorter `varchar`, another number of places or a domain are met by text.
 */
export function takesBinary(plan: TargetPlan, request: StageRequest): boolean {
  const exact = verbatimOf(plan, request.schema);
  return request.schema.columns.every(({ name, type }) => exact.includes(name) && hasFields(parseType(type)));
}

function bracesOf(plan: TargetPlan, schema: Schema): readonly string[] {
  const there = new Map((plan.existing?.columns ?? []).map((column) => [column.name, column.type.shown]));
  return schema.columns
    .filter(({ name, type }) =>
      isInBraces(type, plan.isReshaped ? declaredType(type) : (there.get(name) ?? declaredType(type))),
    )
    .map((column) => column.name);
}

/** Read from its few digits as a double, a float would be another number. */
function doublesOf(plan: TargetPlan, schema: Schema): readonly string[] {
  const there = new Map((plan.existing?.columns ?? []).map((column) => [column.name, column.type]));
  if (plan.isReshaped) return [];
  return schema.columns
    .filter(({ name, type }) => type === "float32" && there.get(name)?.name === "float8")
    .map(({ name }) => name);
}

/** What PostgreSQL reads as a type of its own is read as the same value however it is written; a text would be another. */
function verbatimOf(plan: TargetPlan, schema: Schema): readonly string[] {
  const there = new Map((plan.existing?.columns ?? []).map((column) => [column.name, column.type]));
  return schema.columns
    .filter(({ name, type }) => {
      const column = plan.isReshaped ? undefined : there.get(name);
      return column === undefined || isDeclared(column, type);
    })
    .map(({ name }) => name);
}
