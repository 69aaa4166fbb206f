import { didYouMean, type PipelineDefinition, SluiceError, type StepDefinition } from "@sluice/core";
import type { Session } from "../composition.ts";
import { throwAll } from "../failures.ts";
import { loadPipelines } from "../project/load-pipelines.ts";
import { type LoadedPipeline, uniquePipelines } from "../project/pick-pipeline.ts";

export interface FoundTable {
  readonly pipeline: LoadedPipeline;
  readonly step: StepDefinition;
}

/**
 * The step that a word means: the name of a step, of the table or the file that a load writes, or one of these behind the
 * name of its pipeline: `chicago/crash`. Where a load writes what a step of the same name gives, the load.
 *
 * @throws SluiceError `config` where none or several fit
 */
export async function findTable(session: Session, word: string): Promise<FoundTable> {
  const loaded = await loadPipelines(session);
  const { found: pipelines, errors } = uniquePipelines(loaded, session.short);
  const found: FoundTable[] = [];
  const names: string[] = [];
  for (const pipeline of pipelines) {
    for (const [name, step] of await tablesOf(session, pipeline.definition)) {
      names.push(word.startsWith(`${pipeline.name}/`) ? `${pipeline.name}/${name}` : name);
      if (name === word || `${pipeline.name}/${name}` === word) found.push({ pipeline, step });
    }
  }
  const all = distinct(found);
  // Whoever names a step means it, whatever a target of another one is called.
  const named = all.filter(({ pipeline, step }) => step.name === word || `${pipeline.name}/${step.name}` === word);
  const different = named.length === 1 ? named : all;
  const [only] = different;
  if (only !== undefined && different.length === 1) return only;
  if (different.length > 1) {
    const meant = different.map(({ pipeline, step }) => `${pipeline.name}/${step.name}`);
    throw new SluiceError("config", `"${word}" means several steps`, {
      offending: word,
      reason: "usage",
      hint: `name one: ${meant.join(", ")}`,
    });
  }
  // What could not be read may be the pipeline that is meant.
  throwAll(errors);
  throw new SluiceError("config", `no step and no table is named "${word}"`, {
    offending: word,
    reason: "usage",
    hint: didYouMean(word, [...new Set(names)], "steps and tables"),
  });
}

function distinct(found: readonly FoundTable[]): readonly FoundTable[] {
  const byStep = new Map(found.map((one) => [`${one.pipeline.name}/${one.step.name}`, one]));
  const all = [...byStep.values()];
  return all.filter(({ pipeline, step }) => {
    const loads = all.some(
      (other) => other.pipeline === pipeline && other.step.kind === "load" && passesOn(other.step, step),
    );
    return !loads;
  });
}

/** Whether a load writes just what another step gives. */
function passesOn(load: Extract<StepDefinition, { kind: "load" }>, step: StepDefinition): boolean {
  const { from } = load;
  return load !== step && from.kind === "scan" && "step" in from.source && from.source.step === step.name;
}

async function tablesOf(
  session: Session,
  { steps }: PipelineDefinition,
): Promise<readonly (readonly [name: string, step: StepDefinition])[]> {
  const found: (readonly [string, StepDefinition])[] = [];
  for (const step of steps) {
    found.push([step.name, step]);
    if (step.kind !== "load") continue;
    const { table, path } = step.into;
    if (typeof table === "string") found.push([table, step]);
    else if (typeof path === "string") found.push([path, step], [stemOf(path), step]);
    const adapter = await session.adapter(step.into.type);
    found.push([adapter.nameOf(adapter.parseAddress(step.into)), step]);
  }
  return found;
}

/** The name of a file without its folder and its endings. */
function stemOf(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(/(\.[A-Za-z]{1,8})+$/, "");
}
