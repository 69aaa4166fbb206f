import { recordedPlan } from "@sluice/runtime";
import type { QuarantineEntry } from "./find-entries.ts";
import { type ParquetFile, type SqlParts, sqlName, sqlText } from "./parquet-sql.ts";
import type { Replay } from "./replayed.ts";

/** Longer raw text was cut when it was kept. */
export const WHOLE_BYTES = 65_536;

/** The columns of what a step gave: all but the last, the name of the check. */
export function stepColumns({ file }: Pick<QuarantineEntry, "file">): readonly string[] {
  return file.columns.slice(0, -1).map(({ name }) => name);
}

/** A diverted row as one text. */
export function rowText(entry: QuarantineEntry): string {
  const fields = stepColumns(entry).map((name) => `${sqlName(name)} := ${sqlName(name)}`);
  return `to_json(struct_pack(${fields.join(", ")}))::varchar`;
}

/**
 * A query of the rows of entries in one form: run, name, kind, rule, column, file, record, line, raw, bytes, and `replayed`, the slice
 * of the replay that took it. A row is known by its file, its text and which of several equal ones it is; it stays the same
 * row in each run that finds it.
 */
export function foundRows(
  entries: readonly QuarantineEntry[],
  taken: readonly { readonly replay: Replay; readonly file: ParquetFile }[],
  once: boolean,
): SqlParts {
  const parts: (string | ParquetFile)[] = ["with found as ("];
  for (const [index, entry] of entries.entries())
    parts.push(index === 0 ? "" : " union all ", ...entryRows(entry, index));
  parts.push(
    "), numbered as (select *, row_number() over (partition by entry, place, raw order by record) as nth from found)",
  );
  parts.push(", taken as (");
  for (const [index, { replay, file }] of taken.entries()) {
    const values = "name, place, raw, nth";
    parts.push(index === 0 ? "" : " union all ", `select ${values}, ${sqlText(replay.slice)} as slice from `, file);
  }
  if (taken.length === 0) {
    parts.push("select '' as name, '' as place, '' as raw, 0::bigint as nth, '' as slice where false");
  }
  const newest = once
    ? "qualify row_number() over (partition by f.name, f.place, f.raw, f.nth order by f.entry) = 1"
    : "";
  parts.push(
    `) select f.run, f.name, f.kind, f.rule, f."column", f.file, f.record, f.line, f.raw, f.bytes, f.place, f.nth, t.slice as replayed, f.entry
from numbered f left join (select name, place, raw, nth, min(slice) as slice from taken group by all) t
on f.name = t.name and f.place = t.place and f.raw = t.raw and f.nth = t.nth ${newest}`,
  );
  return parts;
}

function entryRows(entry: QuarantineEntry, index: number): SqlParts {
  const { run, name, kind, file } = entry;
  const common = `select ${index} as entry, ${sqlText(run.id)} as run, ${sqlText(name)} as name, '${kind}' as kind, `;
  if (kind === "diverted") {
    const check = sqlName(file.columns.at(-1)?.name ?? "_check");
    return [
      `${common}${check} as rule, null::varchar as "column", null::varchar as file, null::bigint as record, null::bigint as line, ${rowText(entry)} as raw, null::bigint as bytes, ${sqlText(placeOf(entry))} as place from `,
      file,
    ];
  }
  const has = (column: string): boolean => file.columns.some((one) => one.name === column);
  const own = (column: string, type: string): string =>
    has(column) ? `"${column}"::${type} as "${column}"` : `null::${type} as "${column}"`;
  const place = has("file") ? `${sqlText(placeOf(entry))} || coalesce(file, '')` : "''";
  const columns = [own("rule", "varchar"), own("column", "varchar"), own("file", "varchar"), own("record", "bigint")];
  const more = [own("line", "bigint"), own("raw", "varchar"), own("bytes", "bigint")];
  return [`${common}${[...columns, ...more].join(", ")}, ${place} as place from `, file];
}

/** What a replay took out is not what it was given, be it the same text. */
function placeOf({ run }: QuarantineEntry): string {
  const { replay } = recordedPlan(run);
  return replay === undefined ? "" : `${run.id} `;
}
