import type { Address, OpenContext, Sink, StageRequest } from "@sluice/core";
import { createProject, type Surroundings } from "./files.fixture.ts";
import { adapter } from "./index.ts";

/** The request of a load of these columns, with these changes. */
export function loadRequest(changes: Pick<StageRequest, "schema"> & Partial<StageRequest>): StageRequest {
  return {
    project: "project",
    pipeline: "pipeline",
    step: "load",
    slice: "",
    epoch: 1,
    commitId: "c1",
    mode: "replace",
    key: [],
    parameters: new Map(),
    signal: new AbortController().signal,
    ...changes,
  };
}

/** The sink of an address of files, in the surroundings of a new project but for what is said. */
export async function openSink(
  surroundings: Surroundings,
  address: Partial<Address>,
  more: Partial<OpenContext>,
): Promise<Sink> {
  const { context } = await createProject(surroundings);
  if (adapter.openSink === undefined) throw new Error("the adapter has no sink");
  return await adapter.openSink(adapter.parseAddress({ type: "file", ...address }), undefined, { ...context, ...more });
}
