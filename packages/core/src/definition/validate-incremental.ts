import { canonicalLag } from "../incremental/duration.ts";
import type { IncrementalNode } from "../ir/relation.ts";
import { checkColumnName, checkColumnNames } from "./names.ts";
import type { Problems } from "./problems.ts";
import { validateExpression } from "./validate-expression.ts";
import type { RelationPlace } from "./validate-relation.ts";

const OF_CURSOR = ["initial", "end", "lag", "nulls"] as const;

/** Reports what is wrong with an incremental read whatever its dataset holds. */
export function validateIncremental(node: IncrementalNode, place: RelationPlace, problems: Problems): void {
  const { path } = place;
  const { input, cursor, files, key, deleted, lag } = node;
  if (input.kind !== "scan" || "step" in input.source || "stage" in input.source) {
    problems.add(
      path,
      "incremental stands right behind a dataset: what is new is asked of a source, not of computed rows",
      {
        hint: "write crashes.incremental({ … }) first and filter, join and select what it gives",
      },
    );
  } else if ("inline" in input.source) {
    problems.add(path, "what is new is kept by the name of a dataset, and this source has none", {
      hint: 'give it a name under datasets in sluice.config.ts, then run "sluice sync"',
    });
  }
  const ways = [cursor, files, key].filter((way) => way !== undefined).length;
  if (ways !== 1) {
    problems.add(
      path,
      `incremental goes by one of cursor, files and key${ways === 0 ? ", and has none" : ", not by several"}`,
      {
        hint: 'write incremental({ cursor: "updated_at" }), incremental({ files: "new" }) or incremental({ key: ["id"] })',
      },
    );
  }
  if (cursor !== undefined) checkColumnName(cursor, path, problems);
  const misplaced = OF_CURSOR.find((name) => node[name] !== undefined);
  if (cursor === undefined && misplaced !== undefined) {
    problems.add(path, `incremental has ${misplaced}, which is said of a cursor`, { offending: misplaced });
  }
  if (key !== undefined) {
    if (key.length === 0) problems.add(path, "the key of incremental names no columns");
    checkColumnNames(key, path, problems);
  }
  if (deleted !== undefined) {
    checkColumnName(deleted, path, problems);
    if (key === undefined) problems.add(path, "incremental tells what is gone by key only", { offending: "deleted" });
  }
  if (lag !== undefined && canonicalLag(lag) === undefined) {
    problems.add(
      path,
      `the lag ${JSON.stringify(lag)} is no duration of days, hours, minutes and seconds, and no number`,
      {
        offending: lag,
        hint: 'write "2 days", "36 hours" or, for a cursor that is a number, 100',
      },
    );
  }
  for (const member of ["initial", "end"] as const) {
    const value = node[member];
    if (value === undefined) continue;
    if (value.kind !== "parameter" && (value.kind !== "literal" || value.value === null)) {
      problems.add(path, `${member} of incremental is a constant or a parameter`, { offending: member });
    } else validateExpression(value, { path, parameters: place.parameters }, place.isAggregate, problems);
  }
}
