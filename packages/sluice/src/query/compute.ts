import {
  type ColumnSummary,
  didYouMean,
  type Json,
  type QueryOptions,
  type RelationQuery,
  type RowsOptions,
  SluiceError,
  type ToFileOptions,
} from "@sluice/core";
import { rowMaker } from "./cells-to-values.ts";
import { columnStats } from "./column-stats.ts";
import { landRelation } from "./land-relation.ts";
import { openQuerySession } from "./query-session.ts";
import { writeRelation } from "./write-relation.ts";

/** The rows of a relation in batches; it is computed when the first one is asked for. */
export async function* rowBatches(
  query: RelationQuery,
  options: RowsOptions,
): AsyncGenerator<readonly Record<string, unknown>[]> {
  const { bigint = false, parameters, ...rest } = options;
  refuseOther("rows", rest, ["bigint", ...COMMON]);
  await using session = await openQuerySession(query, options);
  const landed = await landRelation(session, { query, parameters: valuesIn(parameters) });
  session.keepEngine();
  const rowOf = rowMaker(landed.columns, { bigint });
  for await (const batch of landed.batches()) yield batch.map(rowOf);
}

/** What each column of a relation holds. */
export async function describe(query: RelationQuery, options: QueryOptions): Promise<readonly ColumnSummary[]> {
  refuseOther("describe", options, COMMON);
  await using session = await openQuerySession(query, options);
  const landed = await landRelation(session, { query, parameters: valuesIn(options.parameters) });
  const found = await columnStats(session, landed);
  session.keepEngine();
  return found;
}

/** How many rows a relation has. */
export async function count(query: RelationQuery, options: QueryOptions): Promise<number> {
  refuseOther("count", options, COMMON);
  const counted: RelationQuery = {
    ...query,
    relation: {
      kind: "aggregate",
      input: query.relation,
      by: [],
      columns: [["count", { kind: "call", name: "count", arguments: [] }]],
    },
  };
  for await (const [row] of rowBatches(counted, options)) return Number(row?.count);
  throw new SluiceError("internal", "a count gave no row");
}

/** Writes the rows of a relation to a file, as a load would, with a state that goes with it. */
export async function toFile(
  query: RelationQuery,
  path: string,
  options: ToFileOptions,
): Promise<{ readonly rows: number }> {
  const { parameters, project, signal, mode = "replace", ...file } = options;
  if (mode !== "replace" && mode !== "append") {
    throw new SluiceError("config", `toFile has no mode "${String(mode)}"`, {
      offending: String(mode),
      hint: didYouMean(String(mode), ["replace", "append"], "modes"),
    });
  }
  await using session = await openQuerySession(query, options);
  const into = { type: "file", path, ...(file as Readonly<Record<string, Json>>) };
  const { rows } = await writeRelation(session, { query, parameters: valuesIn(parameters), into, mode });
  session.keepEngine();
  return { rows };
}

/** What JavaScript gives for the values of parameters, which its types do not hold. */
function valuesIn(given: unknown): Readonly<Record<string, unknown>> {
  if (given === undefined) return {};
  if (typeof given === "object" && given !== null && !Array.isArray(given)) {
    return given as Readonly<Record<string, unknown>>;
  }
  const said = given === null ? "null" : Array.isArray(given) ? "a list" : typeof given;
  throw new SluiceError("config", `parameters are an object of values by name, not ${said}`, {
    offending: "parameters",
    hint: 'write them as parameters: { since: "2024-01-01" }, or leave them out',
  });
}

const COMMON: readonly string[] = ["parameters", "project", "signal"];

function refuseOther(operation: string, options: object, known: readonly string[]): void {
  const other = Object.keys(options).find((name) => !known.includes(name));
  if (other === undefined) return;
  throw new SluiceError("config", `${operation} has no option "${other}"`, {
    offending: other,
    hint: didYouMean(other, known, "its options"),
  });
}
