import { AsyncLocalStorage } from "node:async_hooks";
import { statSync } from "node:fs";
import { SluiceError } from "@sluice/core";
import type { Session } from "../composition.ts";
import { listPipelineFiles } from "./list-files.ts";
import { loadPipelines } from "./load-pipelines.ts";
import type { LoadedPipeline } from "./pick-pipeline.ts";

/** The pipelines of a project as they were when its files were last looked at: a process runs many times. */
const read = new Map<string, { readonly files: string; readonly found: Promise<readonly LoadedPipeline[]> }>();
const reading = new AsyncLocalStorage<true>();

/**
 * All pipelines of the project that can be read; what is wrong with others is no reason not to run this one.
 *
 * @throws SluiceError `config` where a file of a pipeline asks for them while it is read
 */
export async function pipelinesOf(session: Session): Promise<readonly LoadedPipeline[]> {
  if (reading.getStore() === true) {
    throw new SluiceError("config", "run is called by the file of a pipeline while it is read", {
      hint: "call it in a script that no pipeline imports",
    });
  }
  const { root, pipelinesFolder } = session.project;
  const files = listPipelineFiles(pipelinesFolder).map(markOf).join("\n");
  const before = read.get(root);
  if (before?.files === files) return await before.found;
  const found = reading.run(true, async () => (await loadPipelines(session, { guarded: false })).found);
  read.set(root, { files, found });
  found.catch(() => read.delete(root));
  return await found;
}

function markOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return [file, found?.size, found?.mtimeMs].join(" ");
}
