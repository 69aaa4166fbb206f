import { familyOf, parseType } from "@sluice/core";
import type { Session } from "../composition.ts";
import { askLanded } from "../query/ask-landed.ts";
import { quoted } from "../query/column-stats.ts";
import type { LandedRows } from "../query/land-step.ts";

/** Up to so many rows: a hash of each is held. */
const MOST_ROWS = 2_000_000;
/** A hash of more columns takes longer than all the rest. */
const MOST_COLUMNS = 500;

/** How many rows are equal to an earlier one, in every column; null where there are too many to look. */
export async function duplicateRows(session: Session, landed: LandedRows): Promise<number | null> {
  if (landed.count > MOST_ROWS || landed.columns.length > MOST_COLUMNS || landed.columns.length === 0) return null;
  if (landed.count === 0) return 0;
  const terms = landed.columns.map(({ name, type }) =>
    ["json"].includes(familyOf(parseType(type))) ? `${quoted(name)}::varchar` : quoted(name),
  );
  const [row] = await askLanded(
    session,
    landed,
    landed.columns.map(({ name }) => name),
    (rows) => `select count(distinct hash(${terms.join(", ")})) as n from ${rows}`,
  );
  return landed.count - Number(row?.[0] ?? landed.count);
}
