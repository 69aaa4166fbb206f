import type {
  CheckDefinition,
  ParameterDefinition,
  PipelineDefinition,
  RetryDefinition,
  StepDefinition,
} from "@sluice/core";
import { Document } from "yaml";
import { formatDuration } from "./duration.ts";
import { jsonTypeOf } from "./pipeline-shape.ts";
import {
  writeAddress,
  writeColumnTypes,
  writeExpression,
  writeKeys,
  writeLiteral,
  writeNames,
  writeOperations,
  writeRelation,
} from "./write-relation.ts";
import { writeShell, writeTask } from "./write-work.ts";
import { compactBelow, mapping, numberText, scalar, sequence, type YamlNode } from "./yaml-nodes.ts";

/**
 * A definition as YAML; reading it gives the same definition.
 *
 * @example
 * writeYaml({ name: "p", steps: [{ kind: "transform", name: "a", query: { kind: "scan", source: { dataset: "crashes" } } }] });
 * // name: p
 * // steps:
 * //   a: { transform: { from: crashes } }
 * @throws SluiceError `config` for what SQL text cannot say, such as text with a NUL
 */
export function writeYaml(definition: PipelineDefinition): string {
  const { name, description, schedule, parameters, steps } = definition;
  const names = new Set(steps.map((step) => step.name));
  const document = new Document();
  const root = mapping([
    ["name", scalar(name)],
    ["description", text(description)],
    [
      "schedule",
      schedule === undefined
        ? undefined
        : mapping([
            ["cron", scalar(schedule.cron)],
            ["zone", text(schedule.zone)],
          ]),
    ],
    [
      "parameters",
      parameters === undefined ? undefined : mapping(parameters.map((one) => [one.name, writeParameter(one)])),
    ],
    ["steps", mapping(steps.map((step) => [step.name, writeStep(step, names)]))],
  ]);
  document.contents = compactBelow(root) as never;
  for (const pair of root.items)
    if (pair.key !== undefined && isSteps(pair.key)) (pair.value as { flow?: boolean }).flow = false;
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function isSteps(key: unknown): boolean {
  const name = (key as { value?: unknown }).value;
  return name === "steps" || name === "parameters";
}

function text(value: string | undefined): YamlNode | undefined {
  return value === undefined ? undefined : scalar(value);
}

function writeParameter({ type, default: fallback, description, values }: ParameterDefinition): YamlNode {
  const base = jsonTypeOf(type);
  const plain = { string: "string", integer: "int64", number: "float64", boolean: "bool" }[base] === type;
  const format = type === "timestamptz" ? "date-time" : type;
  return mapping([
    ["type", scalar(base)],
    ["format", plain ? undefined : scalar(format)],
    [
      "enum",
      values === undefined
        ? undefined
        : sequence(values.map((value) => (base === "string" ? scalar(value) : numberText(value)))),
    ],
    [
      "default",
      fallback === undefined
        ? undefined
        : base === "string" && typeof fallback === "string"
          ? scalar(fallback)
          : writeLiteral(fallback),
    ],
    ["description", text(description)],
  ]);
}

function writeStep(step: StepDefinition, steps: ReadonlySet<string>): YamlNode {
  return mapping([
    ["description", text(step.description)],
    [step.kind, writeOwn(step, steps)],
    ["checks", step.checks === undefined ? undefined : sequence(step.checks.map(writeCheck))],
    ["when", step.when === undefined ? undefined : writeExpression(step.when)],
    ["after", step.after === undefined ? undefined : writeNames(step.after)],
    ["retry", step.retry === undefined ? undefined : writeRetry(step.retry)],
    ["timeout", step.timeoutMs === undefined ? undefined : scalar(formatDuration(step.timeoutMs))],
  ]);
}

function writeOwn(step: StepDefinition, steps: ReadonlySet<string>): YamlNode {
  switch (step.kind) {
    case "transform":
      return writeOperations(step.query, steps);
    case "load":
      return mapping([
        ["from", writeRelation(step.from, steps)],
        ["into", writeAddress(step.into)],
        ["mode", scalar(step.mode)],
        ["key", step.key === undefined ? undefined : writeNames(step.key)],
        ["deleteFlag", text(step.deleteFlag)],
        ["newerBy", text(step.newerBy)],
        ["missing", text(step.missing)],
        ["partitions", step.partitions === undefined ? undefined : writeNames(step.partitions)],
        ["where", step.where === undefined ? undefined : writeExpression(step.where)],
        ["evolve", text(step.evolve)],
        ["takeOver", text(step.takeOver)],
      ]);
    case "task":
      return writeTask(step, steps);
    case "shell":
      return writeShell(step, steps);
    default:
      return step satisfies never;
  }
}

function writeRetry({ attempts, initialMs, maxMs, jitter }: RetryDefinition): YamlNode {
  if (initialMs === undefined && maxMs === undefined && jitter === undefined) return scalar(attempts);
  return mapping([
    ["attempts", scalar(attempts)],
    ["initial", initialMs === undefined ? undefined : scalar(formatDuration(initialMs))],
    ["max", maxMs === undefined ? undefined : scalar(formatDuration(maxMs))],
    ["jitter", jitter === undefined ? undefined : scalar(jitter)],
  ]);
}

function writeCheck(check: CheckDefinition): YamlNode {
  const by = check.kind === "unique" && check.by !== undefined ? writeKeys(check.by) : undefined;
  return mapping([
    [check.kind, writeCheckValue(check)],
    ["by", by],
    ["name", text(check.name)],
    ["otherwise", text(check.otherwise)],
    ["mostly", check.mostly === undefined ? undefined : scalar(check.mostly)],
  ]);
}

function writeCheckValue(check: CheckDefinition): YamlNode {
  switch (check.kind) {
    case "notNull":
    case "unique": {
      const [only] = check.columns;
      return only !== undefined && check.columns.length === 1 ? scalar(only) : writeNames(check.columns);
    }
    case "accepted":
      return mapping([
        ["column", scalar(check.column)],
        ["values", sequence(check.values.map(writeLiteral))],
      ]);
    case "range":
      return mapping([
        ["column", scalar(check.column)],
        ["min", check.min === undefined ? undefined : numberText(check.min)],
        ["max", check.max === undefined ? undefined : numberText(check.max)],
      ]);
    case "pattern":
      return mapping([
        ["column", scalar(check.column)],
        ["pattern", scalar(check.pattern)],
      ]);
    case "rowCount":
      return mapping([
        ["min", check.min === undefined ? undefined : scalar(check.min)],
        ["max", check.max === undefined ? undefined : scalar(check.max)],
      ]);
    case "expression":
      return writeExpression(check.condition);
    case "schema":
      return writeColumnTypes(check.columns);
    default:
      return check satisfies never;
  }
}
