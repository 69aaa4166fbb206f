import { isAggregate } from "../catalogue/catalogue.ts";
import { parameterProblem } from "../catalogue/literal.ts";
import type { SluiceError } from "../errors.ts";
import { didYouMean } from "../infer/closest.ts";
import { walkRelation } from "../ir/relation.ts";
import { isTypeText, parseType } from "../schema/types.ts";
import type { PipelineDefinition, StepDefinition } from "./definition.ts";
import { checkRepeated, isName } from "./names.ts";
import { type OwnRead, ownReads } from "./own-tables.ts";
import { createProblems, type Problems } from "./problems.ts";
import { relationPaths } from "./relation-paths.ts";
import {
  hasRows,
  prerequisitesOf,
  relationsOf,
  scansOf,
  stepOrder,
  stepsMeasuredBy,
  stepsReadBy,
} from "./step-graph.ts";
import { mayRead, targetIdentity } from "./targets.ts";
import { validateChecks } from "./validate-checks.ts";
import { validateExpression, validateType } from "./validate-expression.ts";
import { validateLoad } from "./validate-load.ts";
import { validateNameCases } from "./validate-name-cases.ts";
import { type RelationPlace, validateRelation } from "./validate-relation.ts";
import { templateProblems } from "./validate-templates.ts";
import { validateShell, validateTask } from "./validate-work.ts";

/**
 * Everything wrong with a definition that can be known without looking at any source, each problem with its path.
 *
 * @example
 * validateDefinition(definition).map((error) => [error.at?.path, error.message]);
 * // [["steps.load_crash.from.scan", 'no step is named "crahs"']]
 */
export function validateDefinition(definition: PipelineDefinition): readonly SluiceError[] {
  const problems = createProblems();
  validatePipeline(definition, problems);
  const steps = definition.steps.map((step) => step.name);
  const place = {
    steps,
    parameters: (definition.parameters ?? []).map((parameter) => parameter.name),
    isAggregate,
  };
  const readable = definition.steps.map((step) => validateStep(step, place, problems));
  if (readable.every(Boolean)) {
    validateNameCases(definition, problems);
    validateGraph(definition, problems);
    validateTargets(definition, problems);
    validateTemplates(definition, problems);
  }
  return problems.found;
}

/**
 * Throws the first problem of a definition.
 *
 * @example
 * assertValidDefinition({ name: "p", steps: [] }); // throws 'the pipeline "p" has no steps'
 * @throws SluiceError `config`, with its path in `at.path`
 */
export function assertValidDefinition(definition: PipelineDefinition): void {
  const [first] = validateDefinition(definition);
  if (first !== undefined) throw first;
}

function validatePipeline(definition: PipelineDefinition, problems: Problems): void {
  const { name, parameters = [], schedule, steps } = definition;
  validateName(name, "pipeline", "name", problems);
  if (steps.length === 0) problems.add("steps", `the pipeline "${name}" has no steps`);
  checkRepeated(
    steps.map((step) => step.name),
    "the step",
    "steps",
    problems,
  );
  checkRepeated(
    parameters.map((parameter) => parameter.name),
    "the parameter",
    "parameters",
    problems,
  );
  for (const parameter of parameters) {
    const path = `parameters.${parameter.name}`;
    validateName(parameter.name, "parameter", path, problems);
    validateType(parameter.type, path, problems);
    if (!isTypeText(parameter.type)) continue;
    const type = parseType(parameter.type);
    for (const value of [parameter.default ?? null, ...(parameter.values ?? [])]) {
      const problem = parameterProblem(value, type);
      if (problem !== undefined) problems.add(path, `the value "${value}" ${problem}`, { offending: String(value) });
    }
    const fallback = parameter.default;
    if (parameter.values !== undefined && typeof fallback === "string" && !parameter.values.includes(fallback)) {
      problems.add(path, `the default "${fallback}" is none of the values ${parameter.values.join(", ")}`);
    }
  }
  if (schedule !== undefined) validateSchedule(schedule.cron, schedule.zone, problems);
}

function validateName(name: string, what: string, path: string, problems: Problems): void {
  if (isName(name)) return;
  problems.add(path, `"${name}" is not a name for a ${what}`, {
    offending: name,
    hint: "names begin with a letter or _ and go on with letters, digits, _ and -",
  });
}

function validateSchedule(cron: string, zone: string | undefined, problems: Problems): void {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5 || !fields.every((field) => /^[\w*,/-]+$/.test(field))) {
    problems.add("schedule.cron", `"${cron}" is not a schedule`, {
      offending: cron,
      hint: "five fields: minute, hour, day of month, month, day of week; 0 3 * * * is every day at 3:00",
    });
  }
  if (zone === undefined) return;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
  } catch {
    problems.add("schedule.zone", `"${zone}" is not a time zone`, {
      offending: zone,
      hint: "zones are named as in America/Chicago",
    });
  }
}

/** False where its relation or its condition is too deep to be walked. */
function validateStep(step: StepDefinition, shared: Omit<RelationPlace, "path">, problems: Problems): boolean {
  const path = `steps.${step.name}`;
  validateName(step.name, "step", path, problems);
  const readable = relationsOf(step)
    .map(({ member, relation }) => validateRelation(relation, { ...shared, path: `${path}.${member}` }, problems))
    .every(Boolean);
  validateChecks(step.checks ?? [], { ...shared, path: `${path}.checks` }, problems);
  const place = { path: `${path}.when`, parameters: shared.parameters, metrics: true } as const;
  if (step.when !== undefined && !validateExpression(step.when, place, shared.isAggregate, problems)) return false;
  validateReferences(step, shared.steps, problems);
  validateAttempts(step, problems);
  if (step.kind === "load" && !validateLoad(step, shared, problems)) return false;
  if (step.kind === "task") validateTask(step, problems);
  if (step.kind === "shell") validateShell(step, problems);
  return readable;
}

function validateReferences(step: StepDefinition, steps: readonly string[], problems: Problems): void {
  const path = `steps.${step.name}`;
  const references = [
    ...(step.after ?? []).map((name) => ["after", name] as const),
    ...stepsMeasuredBy(step.when).map((name) => ["when", name] as const),
  ];
  for (const [member, name] of references) {
    if (name === step.name) {
      problems.add(`${path}.${member}`, `the step "${name}" waits for itself`, { offending: name });
    } else if (!steps.includes(name)) {
      problems.add(`${path}.${member}`, `no step is named "${name}"`, {
        offending: name,
        hint: didYouMean(name, steps, "steps"),
      });
    }
  }
}

function validateAttempts(step: StepDefinition, problems: Problems): void {
  const path = `steps.${step.name}`;
  const refuse = (member: string, value: number, expected: string): void => {
    problems.add(`${path}.${member}`, `${member} is ${value}; it is ${expected}`, { offending: String(value) });
  };
  const { timeoutMs, retry } = step;
  if (timeoutMs !== undefined && !(timeoutMs > 0 && Number.isFinite(timeoutMs))) {
    refuse("timeoutMs", timeoutMs, "a time above 0");
  }
  if (retry === undefined) return;
  const { attempts, initialMs = 1000, maxMs = 60_000, jitter = 0.2 } = retry;
  if (!(Number.isSafeInteger(attempts) && attempts >= 1))
    refuse("retry.attempts", attempts, "a whole number from 1 on");
  if (!(initialMs >= 0 && Number.isFinite(initialMs))) refuse("retry.initialMs", initialMs, "a time from 0 on");
  if (!(maxMs >= 0 && Number.isFinite(maxMs))) refuse("retry.maxMs", maxMs, "a time from 0 on");
  else if (retry.maxMs !== undefined && maxMs < initialMs)
    refuse("retry.maxMs", maxMs, `at least initialMs, ${initialMs}`);
  if (!(jitter >= 0 && jitter <= 1)) refuse("retry.jitter", jitter, "a share from 0 to 1");
}

function validateGraph(definition: PipelineDefinition, problems: Problems): void {
  const rowless = new Map(definition.steps.flatMap((step) => (hasRows(step) ? [] : [[step.name, step.kind] as const])));
  for (const step of definition.steps) {
    for (const read of new Set(stepsReadBy(step))) {
      const kind = rowless.get(read);
      if (kind === undefined || read === step.name) continue;
      const what = kind === "load" ? "which is a load and has no rows of its own" : `a ${kind} that gives no rows`;
      problems.add(`steps.${step.name}`, `"${step.name}" reads "${read}", ${what}`, {
        offending: read,
        hint: kind === "load" ? "read what the load reads" : `declare its columns: output: { id: "int64" }`,
      });
    }
  }
  const order = stepOrder(definition);
  if (!("cycle" in order)) return;
  // A step that names itself in `after` or `when` was reported where it does so.
  const [only, ...rest] = order.cycle;
  const self = definition.steps.find((step) => step.name === only);
  const saidBefore = rest.length === 1 && self !== undefined && !stepsReadBy(self).includes(self.name);
  if (saidBefore && prerequisitesOf(self).includes(self.name)) return;
  problems.add(`steps.${only}`, `the steps wait for each other: ${order.cycle.join(" needs ")}`, {
    hint: "take one of these references out",
  });
}

function validateTargets(definition: PipelineDefinition, problems: Problems): void {
  const loads = definition.steps.filter((step) => step.kind === "load");
  const writers = new Map<string, string>();
  for (const load of loads) {
    const target = targetIdentity(load.into);
    const other = writers.get(target);
    if (other !== undefined) {
      problems.add(
        `steps.${load.name}.into`,
        `"${other}" and "${load.name}" write the same target; one table has one writer`,
        {
          hint: "unite their rows in one step, then load that",
        },
      );
    }
    writers.set(target, load.name);
  }
  for (const step of definition.steps) {
    const sources = relationsOf(step).flatMap(({ relation }) => scansOf(relation));
    const inline = sources.flatMap((source) => ("inline" in source ? [source.inline] : []));
    for (const load of loads.filter((one) => inline.some((address) => mayRead(address, one.into)))) {
      problems.add(`steps.${load.name}.into`, writesWhatIsRead(load.name, `the step "${step.name}"`), {
        reason: "own-source",
        hint: "write to another place",
      });
    }
  }
  validateOwnReads(definition, problems);
}

/** A run that reads a table which it writes has to say which of its two states. */
function validateOwnReads(definition: PipelineDefinition, problems: Problems): void {
  const seen = new Map<string, OwnRead>();
  for (const read of ownReads(definition)) {
    const { step, load, when } = read;
    if (when === undefined) {
      problems.add(
        `steps.${step}`,
        `"${step}" reads the table that "${load}" writes in the same run, and neither comes before the other`,
        { offending: load, hint: `after: ["${load}"] reads it with the new rows; or read what "${load}" reads` },
      );
      continue;
    }
    const other = seen.get(load);
    if (other !== undefined && other.when !== when) {
      const [before, after] = when === "before" ? [step, other.step] : [other.step, step];
      problems.add(
        `steps.${step}`,
        `"${before}" reads the table of "${load}" as it was before the load, and "${after}" as it is after it`,
        { offending: load, hint: "read one of them in a pipeline of its own" },
      );
    }
    seen.set(load, read);
  }
}

/** Addresses of datasets are looked at when they are known: see `sourceProblems`. */
function validateTemplates({ parameters = [], steps }: PipelineDefinition, problems: Problems): void {
  for (const step of steps) {
    const base = `steps.${step.name}`;
    for (const { member, relation } of relationsOf(step)) {
      const paths = relationPaths(relation, `${base}.${member}`);
      walkRelation(relation, (node) => {
        if (node.kind !== "scan" || !("inline" in node.source)) return;
        for (const problem of templateProblems(node.source.inline, parameters)) {
          problems.add(paths.get(node) ?? base, ...problem);
        }
      });
    }
    if (step.kind !== "load") continue;
    for (const problem of templateProblems(step.into, parameters)) problems.add(`${base}.into`, ...problem);
  }
}

/** What to say of a load that writes a source of its own pipeline. */
export function writesWhatIsRead(load: string, reader: string): string {
  return `the load "${load}" writes what ${reader} reads: the pipeline would change its own source`;
}
