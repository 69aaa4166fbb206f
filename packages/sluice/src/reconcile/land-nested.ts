import { join } from "node:path";
import type { InputFile, ScannableInput } from "@sluice/core";
import type { Session } from "../composition.ts";
import { parquetFile, sqlName, writeRows } from "../quarantine/parquet-sql.ts";
import type { LandedRows } from "../query/land-step.ts";
import { canonicalJson } from "./canonical-json.ts";

/** A column of one side, by its name, and SQL of its values as JSON. */
export interface NestedColumn {
  readonly name: string;
  readonly json: string;
  readonly isExact: boolean;
}

/** All levels of so many rows are in memory at once. */
const ROWS_AT_ONCE = 250_000;

/** Rows with lists in place of their nested values that are equal where the values mean the same: computed once, and compared often. */
export async function landNested(
  session: Session,
  rows: LandedRows,
  nested: readonly NestedColumn[],
): Promise<LandedRows> {
  const [first] = nested;
  if (first === undefined) return rows;
  const [landed] = rows.input.groups.flatMap(({ files }) => files);
  const source = await parquetFile(session, landed?.path ?? "");
  const walks = nested.map(({ json, isExact }, at) => canonicalJson(`c${at}`, { table: "t", json, isExact }));
  const replaced = nested.map(({ name }, at) => `c${at}.leaves as ${sqlName(name)}`);
  const joins = nested.map((_, at) => `left join c${at} on t.r = c${at}.r`);
  const parts = Math.max(1, Math.ceil(rows.count / ROWS_AT_ONCE));
  const folder = session.scratchFolder();
  const files: InputFile[] = [];
  for (let part = 0; part < parts; part += 1) {
    const some = parts === 1 ? "" : ` where hash(${sqlName(first.name)}) % ${parts} = ${part}`;
    const path = join(folder, `leaves-${part}.parquet`);
    const opening = "with recursive t as materialized (select *, row_number() over () as r from ";
    const rest = `${some}),\n${walks.join(",\n")}\nselect t.* exclude (r) replace (${replaced.join(", ")}) from t ${joins.join(" ")}`;
    await writeRows(session, [opening, source, rest], path);
    files.push({ path, origin: rows.name, bytes: 0 });
  }
  const { columns } = await parquetFile(session, files[0]?.path ?? "");
  const input: ScannableInput = {
    ...rows.input,
    groups: [{ order: columns.map(({ name }) => name), files }],
    columns,
  };
  return { ...rows, input };
}
