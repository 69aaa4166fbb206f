import { resolve } from "node:path";
import {
  type Address,
  canonicalJson,
  type LoadDefinition,
  type PipelineDefinition,
  SluiceError,
  targetIdentity,
} from "@sluice/core";
import type { Project } from "./load-config.ts";
import type { LoadedPipeline } from "./pick-pipeline.ts";
import { realPath } from "./real-path.ts";

type Place = Pick<Project, "root" | "config">;

/** Loads of one pipeline that write the same target in other words: `out/x.csv` and its absolute path. */
export function sharedTargets(definition: PipelineDefinition, project: Place): readonly SluiceError[] {
  const writers = new Map<string, LoadDefinition>();
  return loadsOf(definition).flatMap((load) => {
    const target = targetOf(load.into, project);
    const other = writers.get(target);
    if (other === undefined) writers.set(target, load);
    // What is written in the same words is said by the definition's own rules.
    if (other === undefined || targetIdentity(other.into) === targetIdentity(load.into)) return [];
    const message = `"${other.name}" and "${load.name}" write the same target; one table has one writer`;
    const hint = "unite their rows in one step, then load that";
    return [new SluiceError("config", message, { at: { file: "", path: `steps.${load.name}.into` }, hint })];
  });
}

/** Targets that a pipeline shares with others: the later run of the two would undo, or meet, what the earlier one wrote. */
export function targetsSharedWith(
  pipeline: LoadedPipeline,
  others: readonly LoadedPipeline[],
  project: Place,
): readonly SluiceError[] {
  const writers = new Map<string, string>();
  // Files of one name are the same pipeline in two forms.
  for (const { name, definition } of others.filter((other) => other.name !== pipeline.name)) {
    for (const { into, name: load } of loadsOf(definition)) {
      writers.set(targetOf(into, project), `"${load}" of the pipeline "${name}"`);
    }
  }
  return loadsOf(pipeline.definition).flatMap(({ name, into }) => {
    const other = writers.get(targetOf(into, project));
    if (other === undefined) return [];
    const at = pipeline.locations.steps.get(name) ?? { file: pipeline.file };
    const message = `"${name}" of the pipeline "${pipeline.name}" and ${other} write the same target; one table has one writer`;
    return [new SluiceError("config", message, { at, hint: "write to another place, or make one pipeline of them" })];
  });
}

function loadsOf({ steps }: PipelineDefinition): readonly LoadDefinition[] {
  return steps.filter((step) => step.kind === "load");
}

/** What an address points at, whichever way it is said: by a connection, a relative path, an absolute one, a link. */
export function targetOf(address: Address, { root, config }: Place): string {
  const { type, connection, table, schema } = address;
  const connected = connection === undefined ? undefined : config.connections[connection];
  const written = address.path ?? connected?.path;
  // The path of a connection may be a secret: then its name has to tell it apart.
  if (typeof written !== "string") return targetIdentity(address);
  const path = realPath(resolve(root, written));
  if (typeof table !== "string") return canonicalJson({ path });
  return canonicalJson({ type, path, table: table.toLowerCase(), schema });
}
