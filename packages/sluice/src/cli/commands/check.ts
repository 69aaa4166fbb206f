import { locate, type SluiceError } from "@sluice/core";
import type { Session } from "../../composition.ts";
import { errorsOf } from "../../failures.ts";
import { connectionProblems } from "../../project/connection-problems.ts";
import { driftText } from "../../project/drift-reach.ts";
import { loadPipelines } from "../../project/load-pipelines.ts";
import { leftAsideWarnings, uniquePipelines } from "../../project/pick-pipeline.ts";
import { planPipeline } from "../../project/plan-pipeline.ts";
import { requireFrozen } from "../../project/read-frozen.ts";
import { targetsSharedWith } from "../../project/shared-targets.ts";
import { stagedText } from "../../project/staged-copies.ts";
import { staleness } from "../../project/staleness.ts";
import { tableProblem } from "../../project/table-drift.ts";
import type { CommandContext } from "../context.ts";
import { errorsRecord } from "../error-record.ts";
import { type ExitCode, exitCodeOf } from "../exit-code.ts";
import { openCommand, wantsFrozen } from "../open-command.ts";
import { plural } from "../output/format-values.ts";
import { printErrors } from "../output/print-errors.ts";
import { plainText } from "../output/text-width.ts";

interface Warning {
  /** Null for what concerns no pipeline. */
  readonly pipeline: string | null;
  readonly message: string;
}

/** Plans every pipeline and says everything that is wrong or doubtful, without reading rows. */
export async function check(context: CommandContext): Promise<ExitCode> {
  await using session = await openCommand(context);
  const { terminal } = context;
  const frozen = wantsFrozen(context, true);
  const loaded = uniquePipelines(await loadPipelines(session), session.short);
  const errors: SluiceError[] = [...loaded.errors];
  const warnings: Warning[] = leftAsideWarnings(loaded, session.short).map((message) => ({ pipeline: null, message }));
  const drifts: string[] = [];
  const kept = new Map<string, readonly string[]>();
  const checked: { readonly name: string; readonly hash: string }[] = [];
  for (const [index, pipeline] of loaded.found.entries()) {
    errors.push(...targetsSharedWith(pipeline, loaded.found.slice(0, index), session.project));
    try {
      const planned = await planPipeline(session, pipeline, { frozen });
      checked.push({ name: pipeline.name, hash: planned.plan.hash });
      for (const line of await driftText(planned.plan, planned.datasets, session.adapter)) drifts.push(line);
      for (const [name, dataset] of planned.datasets) {
        if (dataset.writer === undefined) kept.set(name, await stagedText(session, dataset));
        const problem = await tableProblem(session, dataset);
        if (problem !== undefined) errors.push(locate(problem, { file: pipeline.file }));
      }
      for (const { dataset } of planned.untyped) {
        for (const message of dataset.warnings) warnings.push({ pipeline: pipeline.name, message });
      }
      for (const message of planned.plan.warnings) warnings.push({ pipeline: pipeline.name, message });
    } catch (thrown) {
      errors.push(...errorsOf(thrown));
    }
  }
  errors.push(...(await connectionProblems(session)));
  for (const problem of datasetProblems(session)) {
    if (problem.reason !== "not-synced" || frozen) errors.push(problem);
    else if (!errors.some((error) => error.reason === "not-synced" && error.offending === problem.offending)) {
      warnings.push({ pipeline: null, message: `${problem.message}: ${problem.hint}` });
    }
  }
  session.signal.throwIfAborted();
  const unique = withoutRepeats(errors);
  const code = exitCodeOf(unique);
  if (terminal.json) {
    const wrong = unique.length === 0 ? { errors: [] } : errorsRecord(unique, context.folder);
    terminal.print(JSON.stringify({ ok: unique.length === 0, pipelines: checked, warnings, drifts, ...wrong }));
  } else {
    for (const { pipeline, message } of warnings) {
      terminal.print(
        `${terminal.paint("yellow", "warning")}: ${pipeline === null ? "" : `${pipeline}: `}${plainText(message)}`,
      );
    }
    for (const line of drifts) terminal.print(`drift: ${plainText(line)}`);
    for (const lines of kept.values()) for (const line of lines) terminal.print(`kept: ${plainText(line)}`);
    if (unique.length === 0) {
      terminal.print(`${terminal.paint("green", "ok")}: ${plural(checked.length, "pipeline")}`);
    }
  }
  printErrors(unique, terminal, context.folder);
  return code;
}

/** What is wrong with the frozen schemas of configured datasets, whether a pipeline reads them or not. */
function datasetProblems({ project }: Session): readonly SluiceError[] {
  const configured = Object.keys(project.config.datasets);
  return configured.flatMap((name) => {
    try {
      const source = project.config.datasets[name];
      const frozen = requireFrozen(project.schemasFolder, name, { configured });
      const stale = source === undefined ? undefined : staleness(frozen, source);
      return stale === undefined ? [] : [stale];
    } catch (thrown) {
      return errorsOf(thrown);
    }
  });
}

/** Several pipelines may meet the same mistake, for example a dataset that was never synced. */
function withoutRepeats(errors: readonly SluiceError[]): readonly SluiceError[] {
  const seen = new Set<string>();
  return errors.filter((error) => {
    // One that says nothing of its place repeats another of the same words that does.
    const key =
      error.reason === "not-synced" || error.reason === "stale"
        ? error.message
        : JSON.stringify([error.message, error.at]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
