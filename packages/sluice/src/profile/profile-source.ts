import type { Relation } from "@sluice/core";
import type { RunEvent } from "@sluice/runtime";
import type { Session } from "../composition.ts";
import { columnStats } from "../query/column-stats.ts";
import { landRelation } from "../query/land-relation.ts";
import type { LandedRows } from "../query/land-step.ts";
import { columnDetails } from "./column-details.ts";
import { duplicateRows } from "./duplicates.ts";
import type { ColumnProfile, Profile } from "./profile.ts";
import { profileWarnings } from "./profile-warnings.ts";
import { topValues } from "./top-values.ts";

export interface ProfileRequest {
  readonly source: Relation;
  /** As a person would write it. */
  readonly name: string;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/**
 * What a source holds. It is read once, accepted as in a run; its rows are then looked at in scratch space: by two scans
 * for each fifty columns, and one for the values of each, or of fifty where rows are few.
 */
export async function profileSource(
  session: Session,
  { source, name, onEvent }: ProfileRequest,
): Promise<{ readonly profile: Profile; readonly events: readonly RunEvent[] }> {
  const query = { relation: source, parameterTypes: new Map<string, string>() };
  const landed = await landRelation(session, { query, parameters: {}, onEvent });
  const columns = await columnProfiles(session, landed);
  const duplicates = await duplicateRows(session, landed);
  const rejected = landed.events.reduce((sum, one) => sum + (one.event === "stage.rejects" ? one.rejected : 0), 0);
  const bare = { source: name, rows: landed.count, rejected, duplicates, columns: columns.map(({ column }) => column) };
  return { profile: { ...bare, warnings: profileWarnings(bare, columns) }, events: landed.events };
}

/** A column, and what was found on the way that only warnings need. */
export interface LookedAt {
  readonly column: ColumnProfile;
  readonly text: TextCounts | null;
  /** How many of `patternsOf` values can be read as a number. */
  readonly numbers: number;
  /** Different values when case is left aside; null where it was not looked. */
  readonly folded: number | null;
}

/** How many values of a text column are what. */
export interface TextCounts {
  readonly blankEdges: number;
  readonly digits: number;
  readonly leadingZeros: number;
}

async function columnProfiles(session: Session, landed: LandedRows): Promise<readonly LookedAt[]> {
  const stats = await columnStats(session, landed);
  const details = await columnDetails(session, landed, stats);
  const valuesOf = await topValues(session, landed, stats);
  return stats.flatMap((summary, index) => {
    const detail = details[index];
    const values = valuesOf[index];
    if (values === undefined) return [];
    return {
      column: {
        ...summary,
        ...(values.distinct === null ? {} : { distinct: values.distinct, exact: true }),
        histogram: detail?.histogram ?? null,
        top: values.top,
        lengths: detail?.lengths ?? null,
        patterns: values.patterns,
        patternsOf: values.patternsOf,
        outliers: detail?.outliers ?? null,
      },
      text: detail?.text ?? null,
      folded: values.folded,
      numbers: values.numbers,
    };
  });
}
