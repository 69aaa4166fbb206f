import { createHash } from "node:crypto";
import { SluiceError, type WrittenFile } from "@sluice/core";
import { fieldIdOf } from "../types.ts";
import type { TargetPlan } from "./target-plan.ts";

/** A word for the numbers of the columns and the partitions that files are written with; folders of files end in it. */
export function shapeOf({ arriving, spec }: Pick<TargetPlan, "arriving" | "spec">): string {
  const columns = arriving.map(({ name, field }) => [name, fieldIdOf(field)]);
  const partitions = spec.fields.map(({ sourceId, transform }) => [sourceId, transform]);
  return createHash("sha256")
    .update(JSON.stringify([columns, partitions]))
    .digest("hex")
    .slice(0, 16);
}

/**
 * Files carry the numbers of the columns that were planned when they were written: where others gave those numbers to
 * columns of their own since, readers would take one column for the other.
 *
 * @throws SluiceError `conflict`
 */
export function assertWrittenFor(plan: TargetPlan, files: readonly WrittenFile[], shown: string): void {
  const ending = `-${shapeOf(plan)}`;
  const other = files.find(({ path }) => !path.split(/[/\\]/).some((part) => part.endsWith(ending)));
  if (other === undefined) return;
  throw new SluiceError("conflict", `the columns or partitions of ${shown} changed while its rows were written`, {
    reason: "lake-columns-changed",
    hint: "run it again",
  });
}
