import type { Session } from "../composition.ts";
import { throwAll } from "../failures.ts";
import type { LoadedPipeline } from "./pick-pipeline.ts";
import { pipelinesOf } from "./pipelines-of.ts";
import { targetsSharedWith } from "./shared-targets.ts";

/**
 * Makes sure that no pipeline of the project writes what this one writes.
 *
 * @throws SluiceError `config` for each target that has another writer, or where a file of a pipeline runs one itself
 */
export async function assertOwnTargets(session: Session, pipeline: LoadedPipeline): Promise<void> {
  if (!pipeline.definition.steps.some((step) => step.kind === "load")) return;
  throwAll(targetsSharedWith(pipeline, await pipelinesOf(session), session.project));
}
