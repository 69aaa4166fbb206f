import { type CheckDefinition, checkNames, SluiceError, type SourceLocation } from "@sluice/core";
import type { CheckResult, ErrorRecord, RunEvent } from "@sluice/runtime";
import type { LoadedPipeline } from "../project/pick-pipeline.ts";

/** Every error of a run once, each at what it befell: a failed check at its own line where that is known, else a step. */
export function errorsOfRun(events: readonly RunEvent[], pipeline: LoadedPipeline): readonly SluiceError[] {
  const found: SluiceError[] = [];
  const told = new Set<string>();
  const add = (error: SluiceError): void => {
    const isNew = !found.some(({ message }) => message === error.message);
    if (isNew) found.push(error);
  };
  for (const event of events) {
    if (event.event !== "stage.finished" || event.error === undefined) continue;
    const checks = failedChecks(events, event.stage, event.attempt);
    told.add(event.error.message);
    if (event.error.reason !== "checks" || checks.length === 0) {
      add(errorOfRecord(event.error, pipeline.locations.steps.get(event.stage)));
      continue;
    }
    for (const check of checks) add(errorOfCheck(check, event.error, pipeline));
  }
  const last = events.at(-1);
  if (last?.event === "run.finished" && last.error !== undefined && !told.has(last.error.message)) {
    add(errorOfRecord(last.error, undefined));
  }
  return found;
}

/** The definition of a check whose result is known, and its place among those of its step. */
export function definitionOfCheck(
  { step, name }: Pick<CheckResult, "step" | "name">,
  { definition }: Pick<LoadedPipeline, "definition">,
): { readonly check: CheckDefinition; readonly index: number } | undefined {
  const checks = definition.steps.find((one) => one.name === step)?.checks ?? [];
  const index = checkNames(checks).indexOf(name);
  const check = checks[index];
  return check === undefined ? undefined : { check, index };
}

/** Those of the last attempt: an earlier one may have failed by others. */
function failedChecks(events: readonly RunEvent[], stage: string, attempt: number): readonly CheckResult[] {
  const start = events.findLastIndex(
    (event) => event.event === "stage.started" && event.stage === stage && event.attempt === attempt,
  );
  return events
    .slice(start + 1)
    .flatMap((event) =>
      event.event === "stage.check" && event.stage === stage && event.check.status === "failed" ? [event.check] : [],
    );
}

function errorOfCheck(check: CheckResult, { hint }: ErrorRecord, pipeline: LoadedPipeline): SluiceError {
  const at = placeOfCheck(check, pipeline);
  const error = new SluiceError("data", `check ${check.name} of "${check.step}" failed: ${check.message}`, {
    reason: "checks",
    ...(hint === undefined ? {} : { hint }),
    ...(at === undefined ? {} : { at }),
  });
  error.stack = "";
  return error;
}

function placeOfCheck(check: CheckResult, pipeline: LoadedPipeline): SourceLocation | undefined {
  const { steps, paths } = pipeline.locations;
  const step = steps.get(check.step);
  const index = definitionOfCheck(check, pipeline)?.index;
  const own = index === undefined ? undefined : paths?.get(`steps.${check.step}.checks[${index}]`);
  return step === undefined || own === undefined ? step : { file: step.file, line: own.line, column: own.column };
}

function errorOfRecord(record: ErrorRecord, fallback: SourceLocation | undefined): SluiceError {
  const at = record.at === undefined || record.at.file === "" ? fallback : record.at;
  const error = new SluiceError(record.code as SluiceError["code"], record.message, {
    ...(record.hint === undefined ? {} : { hint: record.hint }),
    ...(record.reason === undefined ? {} : { reason: record.reason }),
    ...(record.offending === undefined ? {} : { offending: record.offending }),
    ...(record.drift === undefined ? {} : { drift: record.drift }),
    ...(at === undefined ? {} : { at }),
  });
  // Where a record becomes an error again says nothing of where the run failed.
  error.stack = "";
  return error;
}
