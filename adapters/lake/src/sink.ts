import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { assertStageRequest, type OpenContext, type Sink, type SinkCapabilities, SluiceError } from "@sluice/core";
import { type LakeAddress, nameOf, tableOf } from "./config.ts";
import { findCommit } from "./load/commit-record.ts";
import { isCompared } from "./load/load-inputs.ts";
import { assertStoredAlike } from "./load/overwrite-where.ts";
import { movePosition } from "./load/publish.ts";
import { createStaging, loadTarget } from "./load/staging.ts";
import { assertOwnPartitions, existingTarget, outputFor, planTarget } from "./load/target-plan.ts";
import { shapeOf } from "./load/written-shape.ts";
import type { OpenLake } from "./open-lake.ts";

export const CAPABILITIES: SinkCapabilities = {
  modes: ["append", "replace", "merge", "insert-only", "delete+insert", "overwrite"],
  merge: ["deleteFlag", "newerBy", "missing"],
  overwrite: ["where"],
  evolve: ["fail", "add", "widen"],
  ordered: false,
};

/** A table as a sink: each load is one snapshot that also holds its commit row. */
export function createSink(address: LakeAddress, lake: OpenLake, context: OpenContext): Sink {
  const target = { address, lake };
  const shown = nameOf(address);
  let outputs = 0;
  if (tableOf(address.table).version !== undefined) {
    throw new SluiceError("config", `${shown} is an old version, which nothing can be loaded into`, {
      offending: address.table,
      hint: "leave the @ and what follows out",
    });
  }
  return {
    capabilities: CAPABILITIES,
    check: async () => {
      await loadTarget(target);
    },
    committed: async (identity) => findCommit((await loadTarget(target))?.metadata, identity),
    reposition: async (asked, position) =>
      movePosition(await loadTarget(target), asked, position, { shown, signal: context.signal }),
    existing: async (columns) => existingTarget(await loadTarget(target), columns),
    accepts: async (request) => {
      assertStageRequest(request, CAPABILITIES, shown);
      const plan = planTarget(await loadTarget(target), request, address);
      if (request.where !== undefined) assertStoredAlike(request.where, request, plan, shown);
      else if (request.mode === "overwrite" && request.partitions === undefined) assertOwnPartitions(plan, address);
      const path = join(context.scratch, `output-${++outputs}`);
      if (isCompared(request))
        return { format: "parquet", path: `${path}.parquet`, ordered: false, compression: "none", takesSources: true };
      const folder = `${path}-${shapeOf(plan)}`;
      await mkdir(folder);
      return outputFor(plan, address, folder, false);
    },
    stage: async (request) => {
      assertStageRequest(request, CAPABILITIES, shown);
      return createStaging(target, request, context);
    },
    [Symbol.asyncDispose]: () => lake[Symbol.asyncDispose](),
  };
}
