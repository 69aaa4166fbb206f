import { stat } from "node:fs/promises";
import type { ExecuteRequest, ExecutionResult, ScannableInput } from "@sluice/core";
import type { Session } from "./client.ts";
import { readCounts } from "./profile.ts";
import { isStrictScan } from "./scan.ts";
import { quotePaths } from "./sql-text.ts";
import { deletedRows } from "./table-scan.ts";
import type { TextColumns } from "./text-columns/convert.ts";

/** What an execution wrote and read: the profile is that of the session's last statement. */
export async function resultOf(
  rowsOut: number,
  request: ExecuteRequest,
  session: Session,
  accepted: ReadonlyMap<string, TextColumns>,
): Promise<ExecutionResult> {
  const { output, inputs } = request;
  const { size } = await stat(output.path);
  const texts = new Map(
    [...inputs]
      .filter(([name, { input }]) => input.format !== "parquet" && !accepted.has(name))
      .map(([name, { input, columns }]) => [name, { input, isStrict: isStrictScan(name, input, columns) }]),
  );
  const counts = readCounts(await session.profile(), texts);
  const rowsIn = new Map([...counts.rows, ...[...accepted].map(([name, { rows }]) => [name, rows] as const)]);
  for (const [name, { input }] of inputs) {
    if (input.format === "parquet" && request.isUncounted !== true)
      rowsIn.set(name, await countParquet(input, session));
  }
  return {
    files: [{ path: output.path, format: output.format, rows: rowsOut, bytes: size }],
    rowsOut,
    rowsIn,
    incomplete: counts.incomplete,
  };
}

/** The rows of Parquet files by their footers, without those that are deleted. */
export async function countParquet(input: ScannableInput, session: Session): Promise<number> {
  const files = input.groups.flatMap((group) => group.files.map((file) => file.path));
  if (files.length === 0) return 0;
  const options = { origins: originsOf([input]) };
  const { rows } = await session.run(
    `select sum(num_rows)::bigint from parquet_file_metadata(${quotePaths(files)})`,
    options,
  );
  const { deletes = [] } = input;
  if (deletes.length === 0) return Number(rows[0]?.[0] ?? 0);
  const deleted = await session.run(`select count(*)::bigint from (${deletedRows(deletes, files)})`, options);
  return Number(rows[0]?.[0] ?? 0) - Number(deleted.rows[0]?.[0] ?? 0);
}

/** What people call each file that is read. */
export function originsOf(
  inputs: readonly ScannableInput[],
  links: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const files = inputs.flatMap((input) => input.groups.flatMap((group) => group.files));
  const found = new Map<string, string>();
  for (const { path, origin, start } of files) {
    if (found.has(path)) continue;
    const shown = start === undefined ? origin : `${origin} and those after it`;
    found.set(path, shown).set(links.get(path) ?? path, shown);
  }
  return found;
}
