import { AsyncLocalStorage } from "node:async_hooks";
import { statSync } from "node:fs";
import { SluiceError } from "@sluice/core";
import type { Session } from "../composition.ts";
import { throwAll } from "../failures.ts";
import { listPipelineFiles } from "./list-files.ts";
import { loadPipelines } from "./load-pipelines.ts";
import type { LoadedPipeline } from "./pick-pipeline.ts";
import { targetsSharedWith } from "./shared-targets.ts";

/** The pipelines of a project as they were when its files were last looked at: a process runs many times. */
const read = new Map<string, { readonly files: string; readonly found: Promise<readonly LoadedPipeline[]> }>();
const reading = new AsyncLocalStorage<true>();

/**
 * Makes sure that no pipeline of the project writes what this one writes.
 *
 * @throws SluiceError `config` for each target that has another writer, or where a file of a pipeline runs one itself
 */
export async function assertOwnTargets(session: Session, pipeline: LoadedPipeline): Promise<void> {
  if (!pipeline.definition.steps.some((step) => step.kind === "load")) return;
  if (reading.getStore() === true) {
    throw new SluiceError("config", "run is called by the file of a pipeline while it is read", {
      hint: "call it in a script that no pipeline imports",
    });
  }
  throwAll(targetsSharedWith(pipeline, await pipelinesOf(session), session.project));
}

async function pipelinesOf(session: Session): Promise<readonly LoadedPipeline[]> {
  const { root, pipelinesFolder } = session.project;
  const files = listPipelineFiles(pipelinesFolder).map(markOf).join("\n");
  const before = read.get(root);
  if (before?.files === files) return await before.found;
  // What is wrong with another pipeline is no reason not to run this one.
  const found = reading.run(true, async () => (await loadPipelines(session, { guarded: false })).found);
  read.set(root, { files, found });
  found.catch(() => read.delete(root));
  return await found;
}

function markOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return [file, found?.size, found?.mtimeMs].join(" ");
}
