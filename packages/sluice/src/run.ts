import { fileURLToPath } from "node:url";
import { didYouMean, type Pipeline, SluiceError } from "@sluice/core";
import type { RunEvent, RunResult } from "@sluice/runtime";

/** What `run` takes beside the pipeline; all of it may be absent. */
export interface RunOptions {
  /** Values of the pipeline's parameters. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The project's folder, or a file in it (`import.meta.url`); found upward from the working directory where absent. */
  readonly project?: string;
  /** Only this step and what it needs. */
  readonly step?: string;
  /** Go on with a run that did not finish. */
  readonly resume?: string;
  /** Read persistent datasets from a kept copy and not from their source: `latest`, a time in UTC, or the beginning of its name. */
  readonly fromStage?: string;
  /** Told everything that happens, as it happens. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Aborting it cancels the run. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a pipeline in this process, as the command would: with the project's configuration, frozen schemas and state.
 *
 * @example
 * const { status, finished } = await run(pipeline, { parameters: { since: "2021-06-01" } });
 * finished.steps.load_crash.rowsOut; // 973
 * @throws SluiceError `config` for a definition that is wrong; what befalls the run itself is in its result
 */
export async function run(pipeline: Pipeline, options: RunOptions = {}): Promise<RunResult> {
  refuseOther(options);
  const [
    { openSession },
    { execute },
    { loadProject },
    { pipelineOf },
    { parseTexts },
    { planPipeline },
    { bindParameters, givenAgain },
    { assertOwnTargets },
    { resolveTasks },
    { freezeEvolved },
  ] = await Promise.all([
    import("./composition.ts"),
    import("./execute.ts"),
    import("./project/load-config.ts"),
    import("./project/pipeline-value.ts"),
    import("./project/parse-texts.ts"),
    import("./project/plan-pipeline.ts"),
    import("./parameters.ts"),
    import("./project/assert-own-targets.ts"),
    import("./tasks/resolve-tasks.ts"),
    import("./project/evolve-datasets.ts"),
  ]);
  const signal = options.signal ?? new AbortController().signal;
  const given = options.project?.startsWith("file:") === true ? fileURLToPath(options.project) : options.project;
  const project = await loadProject({ folder: given ?? process.cwd(), environment: process.env });
  await using session = openSession(project, signal);
  const written = await resolveTasks(pipelineOf(pipeline, project.configFile, project.root), project);
  const loaded = { ...written, ...(await parseTexts(written.definition, session.parser)) };
  const { name, parameters: declared = [] } = loaded.definition;
  const resumed = options.resume === undefined ? {} : { isResumed: true };
  const parameters = bindParameters({
    pipeline: name,
    declared,
    given: options.parameters ?? {},
    ...resumed,
    isLibrary: true,
  });
  const texts = new Map([...parameters].map(([key, { value }]) => [key, String(value)]));
  await assertOwnTargets(session, loaded);
  const planned = await planPipeline(session, loaded, {
    frozen: false,
    parameters: texts,
    ...(options.resume === undefined && options.fromStage === undefined ? { evolve: "take" as const } : {}),
  });
  if (signal.aborted) throw new SluiceError("cancelled", "the run was cancelled");
  freezeEvolved(session, planned.evolved);
  const result = await execute(session, {
    planned,
    parameters: options.resume === undefined ? parameters : givenAgain(parameters, options.parameters ?? {}),
    onEvent: options.onEvent ?? (() => undefined),
    progress: options.onEvent !== undefined,
    step: options.step,
    resume: options.resume,
    fromStage: options.fromStage,
  });
  if (result.status === "succeeded") session.keepEngine();
  return result;
}

const OPTIONS: Readonly<Record<keyof RunOptions, true>> = {
  parameters: true,
  project: true,
  step: true,
  resume: true,
  fromStage: true,
  onEvent: true,
  signal: true,
};

/** An option that is not known would be left out without a word: `stepp` would run everything. */
function refuseOther(options: RunOptions): void {
  const known = Object.keys(OPTIONS);
  const other = Object.keys(options).find((name) => !known.includes(name));
  if (other === undefined) return;
  throw new SluiceError("config", `run has no option "${other}"`, {
    offending: other,
    hint: didYouMean(other, known, "its options"),
  });
}
