import {
  didYouMean,
  EVOLUTIONS,
  type Evolution,
  familyOf,
  isTypeText,
  LOAD_MODES,
  type LoadMode,
  type ParameterDefinition,
  type PipelineDefinition,
  parseType,
  type RetryDefinition,
  type ScheduleDefinition,
  type StepDefinition,
  type TypeText,
} from "@sluice/core";
import { isMap, isScalar } from "yaml";
import { cronProblem } from "../cron-problem.ts";
import { addressShape } from "./address-shape.ts";
import { checksShape } from "./check-shape.ts";
import { defined } from "./defined.ts";
import { relationShape } from "./relation-shape.ts";
import { count, duration, expression, literal, number, text, word } from "./scalar-shapes.ts";
import { choose, entries, list, map, object, oneOrMore, optional, required, type Shape, variant } from "./shape.ts";
import { type ShellBody, shellShape, type TaskBody, taskShape } from "./work-shape.ts";

const cron: Shape<string> = map(text("cron"), (written, node, reader) => {
  const problem = cronProblem(written);
  if (problem === undefined) return written;
  return reader.problem(node, problem.message, { offending: problem.offending, hint: problem.hint });
});

const schedule: Shape<ScheduleDefinition> = choose((node) => (isMap(node) ? "map" : "text"), {
  text: map(cron, (fields): ScheduleDefinition => ({ cron: fields })),
  map: map(
    object("schedule", {
      cron: required(cron, "five fields: minute, hour, day of month, month, day of week"),
      zone: optional(text("zone"), "for example America/Chicago; UTC where absent"),
    }),
    (value) => defined<ScheduleDefinition>(value),
  ),
});

const retry: Shape<RetryDefinition> = choose((node) => (isMap(node) ? "map" : "attempts"), {
  attempts: map(count("retry"), (attempts): RetryDefinition => ({ attempts })),
  map: map(
    object("retry", {
      attempts: required(count("attempts"), "how often it is tried, the first time included"),
      initial: optional(
        duration("initial"),
        "the wait before the second attempt; each later one doubles it; 1s where absent",
      ),
      max: optional(duration("max"), "the longest wait; 60s where absent"),
      jitter: optional(number("jitter"), "the share of a wait that is random, 0 to 1; 0.2 where absent"),
    }),
    ({ attempts, initial, max, jitter }) =>
      defined<RetryDefinition>({ attempts, initialMs: initial, maxMs: max, jitter }),
  ),
});

const load = map(
  object("load", {
    from: required(relationShape, "what is written"),
    into: required(addressShape, "where it goes: sqlite.connection.table, or { file: out/x.csv }"),
    mode: optional(word<LoadMode>("mode", LOAD_MODES), "what becomes of the rows that are there; replace where absent"),
    key: optional(
      oneOrMore("key", text("a column")),
      "the columns that tell rows apart; for merge, insert-only, delete+insert",
    ),
    deleteFlag: optional(text("deleteFlag"), "for merge: a column that is not stored; where true, the row is deleted"),
    newerBy: optional(
      text("newerBy"),
      "for merge: a row replaces the stored one only where it has more in this column",
    ),
    missing: optional(word<"delete">("missing", ["delete"]), "for merge: rows that did not arrive are deleted"),
    partitions: optional(
      oneOrMore("partitions", text("a column")),
      "for overwrite: the columns whose arriving values are replaced whole",
    ),
    where: optional(
      expression(false),
      "for overwrite, in place of partitions: SQL text; the rows that meet it go, and all that arrives has to meet it",
    ),
    evolve: optional(
      word<Evolution>("evolve", EVOLUTIONS),
      "how far the target may be changed to take the rows; add where absent",
    ),
    takeOver: optional(text("takeOver"), "the name of a table that sluice did not make and may drop or retype"),
  }),
  ({ mode = "replace", ...rest }) => ({ ...rest, mode }),
);

const stepName: Shape<string> = map(text("a step"), (name, node, reader) => {
  const { steps: known } = reader.known;
  if (!known.has(name)) {
    reader.problem(node, `no step is named "${name}"`, {
      offending: name,
      hint: didYouMean(name, [...known], "steps"),
    });
  }
  return name;
});

const step = variant(
  "a step",
  {
    transform: optional(relationShape, "a query whose rows later steps read", "query"),
    load: optional(load, "writes rows to a target", ""),
    task: optional(taskShape, "runs a function of the project", ""),
    shell: optional(shellShape, "runs a command line", ""),
  },
  {
    description: optional(text("description"), "for people"),
    checks: optional(checksShape, "what has to hold of its rows"),
    when: optional(
      expression(false),
      "SQL text over $parameters, steps.name.rowsOut and steps.name.value; false skips the step",
    ),
    after: optional(oneOrMore("after", stepName), "steps that come before, whatever this one reads"),
    retry: optional(retry, "how often it is tried"),
    timeout: optional(duration("timeout"), "how long one attempt may take", "timeoutMs"),
  },
);

const steps: Shape<readonly StepDefinition[]> = map(entries("steps", step), (pairs, _, reader) =>
  pairs.map(([name, { kind, value, common }]): StepDefinition => {
    const { timeout, ...rest } = common;
    const shared = { name, ...rest, timeoutMs: timeout };
    if (kind === "transform") {
      reader.queries.set(`steps.${name}.query`, value as never);
      return defined<StepDefinition>({ kind, ...shared, query: value } as never);
    }
    if (kind === "task" || kind === "shell") {
      const body = value as TaskBody | ShellBody;
      for (const { name: input, from } of body.inputs ?? []) reader.queries.set(`steps.${name}.inputs.${input}`, from);
      return defined<StepDefinition>({ kind, ...shared, ...body } as never);
    }
    reader.queries.set(`steps.${name}.from`, (value as { from: never }).from);
    return defined<StepDefinition>({ kind: "load", ...shared, ...(value as object) } as never);
  }),
);

/** The types of JSON Schema, with the type each stands for where no format says otherwise. */
const JSON_TYPES = { string: "string", integer: "int64", number: "float64", boolean: "bool" } as const;
type JsonType = keyof typeof JSON_TYPES;

const parameter = map(
  object("a parameter", {
    type: required(word<JsonType>("type", ["string", "integer", "number", "boolean"]), "a type of JSON Schema"),
    format: optional(text("format"), "date, date-time, uuid, or a type of sluice such as timestamp or decimal(10,2)"),
    enum: optional(list("enum", text("a value")), "the values that it may have"),
    default: optional(literal, "its value where none is given; without it one must be given"),
    description: optional(text("description"), "for people"),
  }),
  (value, node, reader) => {
    const type = typeOfParameter(value.type, value.format);
    if (type === undefined) {
      return reader.problem(node, `a parameter of type ${value.type} cannot have the format "${value.format}"`, {
        offending: value.format ?? "",
        hint: "formats are date, date-time, uuid, or a type of sluice such as timestamp or int32",
      });
    }
    const map = isMap(node) ? node.get("default", true) : undefined;
    const isWord = typeof value.default === "boolean" && type !== "bool" && isScalar(map);
    const fallback = isWord ? (map.source ?? String(value.default)) : value.default;
    return { type, default: fallback, description: value.description, values: value.enum };
  },
);

/** The type of a parameter, or undefined where type and format do not go together. */
export function typeOfParameter(type: JsonType, format: string | undefined): TypeText | undefined {
  if (format === undefined) return JSON_TYPES[type];
  if (format === "date-time") return type === "string" ? "timestamptz" : undefined;
  if (!isTypeText(format)) return undefined;
  return jsonTypeOf(format) === type ? format : undefined;
}

/** The type of JSON Schema that stands for a type. */
export function jsonTypeOf(type: TypeText): JsonType {
  switch (familyOf(parseType(type))) {
    case "bool":
      return "boolean";
    case "int":
      return "integer";
    case "decimal":
    case "float":
      return "number";
    default:
      return "string";
  }
}

export const pipelineShape: Shape<PipelineDefinition> = map(
  object("a pipeline", {
    name: required(text("name"), "unique in the project"),
    description: optional(text("description"), "for people"),
    schedule: optional(schedule, "when it runs: five fields of cron, or a map with a zone"),
    parameters: optional(entries("parameters", parameter), "values that a run is given, each a JSON Schema"),
    steps: required(steps, "each step by its name; order means nothing, what reads what does"),
  }),
  ({ parameters, ...rest }) =>
    defined<PipelineDefinition>({
      ...rest,
      parameters: parameters?.map(([name, value]) => defined<ParameterDefinition>({ name, ...value })),
    }),
);
