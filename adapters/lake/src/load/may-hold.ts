import type { DataFile } from "../format/model.ts";
import type { Condition } from "../pruning/condition.ts";
import { keepBy } from "../pruning/prune-files.ts";
import type { TargetPlan } from "./target-plan.ts";

/** Whether a file of a table may hold rows that meet a condition on the table's columns. */
export function mayHold({ table, fields }: TargetPlan, condition: Condition): (file: DataFile) => boolean {
  const { keepFile } = keepBy(condition, { schemaId: 0, fields, identifierFieldIds: [] });
  return (file) => {
    const spec = table?.metadata.partitionSpecs.find(({ specId }) => specId === file.specId);
    return spec === undefined || keepFile(file, spec);
  };
}
