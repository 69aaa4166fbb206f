import type { LiveFile } from "../format/table.ts";
import type { Condition } from "../pruning/condition.ts";
import { keepBy } from "../pruning/prune-files.ts";
import type { TargetPlan } from "./target-plan.ts";

/** The live files of a table that may hold rows which meet a condition on its columns. */
export function matchingFiles(
  live: readonly LiveFile[],
  { table, fields }: TargetPlan,
  condition: Condition,
): readonly LiveFile[] {
  const { keepFile } = keepBy(condition, { schemaId: 0, fields, identifierFieldIds: [] });
  return live.filter(({ entry: { file } }) => {
    const spec = table?.metadata.partitionSpecs.find(({ specId }) => specId === file.specId);
    return spec === undefined || keepFile(file, spec);
  });
}
