import { didYouMean } from "../infer/closest.ts";
import { jsonRuleOf } from "../json-text/json-rule.ts";
import { rowsFormat } from "../ports/runner.ts";
import { isRejectLimit } from "../schema/reject-limit.ts";
import type { Column } from "../schema/schema.ts";
import { isTypeText, parseType } from "../schema/types.ts";
import type { ShellDefinition, TaskDefinition } from "./definition.ts";
import { checkColumnNames, checkRepeated, isName } from "./names.ts";
import { placeholdersIn } from "./placeholders.ts";
import type { Problems } from "./problems.ts";
import { valueTypeOf, workColumns } from "./step-graph.ts";
import { validateType } from "./validate-expression.ts";

/** Reports what is wrong with a task whatever its function does. */
export function validateTask(step: TaskDefinition, problems: Problems): void {
  const path = `steps.${step.name}`;
  const { run, memoryMb } = step;
  if (!/^[^#]+\.[cm]?[jt]sx?#[A-Za-z_$][\w$]*$/.test(run.module)) {
    problems.add(`${path}.run`, `"${run.module}" is not a function of the project`, {
      offending: run.module,
      hint: "write the module and the name that it exports: tasks/score.ts#score",
    });
  } else if (run.module.startsWith("/") || run.module.split("/").includes("..")) {
    problems.add(`${path}.run`, `the module "${run.module}" lies outside of the project`, {
      offending: run.module,
      hint: "modules are named from the folder of sluice.config.ts on",
    });
  }
  if (memoryMb !== undefined && !(Number.isSafeInteger(memoryMb) && memoryMb >= 64)) {
    problems.add(`${path}.memoryMb`, `memoryMb is ${memoryMb}; it is a whole number of MB from 64 on`, {
      offending: String(memoryMb),
    });
  }
  validateWork(step, problems);
}

/** Reports what is wrong with a command whatever it does. */
export function validateShell(step: ShellDefinition, problems: Problems): void {
  const path = `steps.${step.name}`;
  const { command, stdin, inputs = [], output, format = "csv", header, env = [] } = step;
  const names = inputs.map(({ name }) => name);
  const parts = typeof command === "string" ? [command] : command;
  if (parts.length === 0 || parts[0]?.trim() === "") {
    problems.add(`${path}.command`, "the command is empty", {
      hint: 'a program and its arguments: ["sort", "-u"], or a text for the shell: "sort -u | head"',
    });
  }
  if (parts.some((part) => part.includes("\0"))) problems.add(`${path}.command`, "the command holds a NUL");
  if (stdin !== undefined && !names.includes(stdin)) {
    problems.add(`${path}.stdin`, `stdin is "${stdin}", which is no input of the step`, {
      offending: stdin,
      hint: didYouMean(stdin, names, "its inputs"),
    });
  }
  if (names.includes("output")) {
    problems.add(`${path}.inputs.output`, `an input is named "output", which stands for the file that is written`, {
      offending: "output",
      hint: "give it another name",
    });
  }
  const places = parts.flatMap((part) => placeholdersIn(part, [...names, "output"], typeof command === "string"));
  for (const { name, quoted } of places) {
    if (quoted) {
      problems.add(`${path}.command`, `{${name}} stands in quotes, and is put in with quotes of its own`, {
        offending: `{${name}}`,
        hint: "take the quotes around it out, or use the variable of the environment",
      });
    }
    if (name === "output" && output === undefined) {
      problems.add(`${path}.command`, "{output} is written, but the step declares no output", {
        offending: "{output}",
        hint: 'declare its columns: output: { id: "int64" }',
      });
    }
  }
  if (output === undefined && (step.format !== undefined || header !== undefined || step.maxRejects !== undefined)) {
    problems.add(path, `"${step.name}" says how its output is read, but has none`, {
      hint: 'declare its columns: output: { id: "int64" }',
    });
  }
  const writesFile = places.some(({ name }) => name === "output") || usesOutputVariable(parts);
  if (output !== undefined && format === "parquet" && !writesFile) {
    problems.add(`${path}.format`, "Parquet is not read from standard output", {
      offending: "parquet",
      hint: "let the command write {output}",
    });
  }
  if (header !== undefined && format !== "csv") {
    problems.add(`${path}.header`, `only csv has a header, and the format is ${format}`);
  }
  for (const input of inputs) {
    if (input.header === undefined || (input.format ?? "csv") === "csv") continue;
    problems.add(`${path}.inputs.${input.name}.header`, `only csv has a header, and the format is ${input.format}`);
  }
  checkRepeated(
    env.map(([name]) => name),
    "the variable",
    `${path}.env`,
    problems,
  );
  for (const [name, value] of env) {
    if (/^[A-Za-z_]\w*$/.test(name) && !value.includes("\0") && !name.startsWith("SLUICE_")) continue;
    problems.add(`${path}.env`, `"${name}" cannot be set in the environment`, {
      offending: name,
      hint: "names are letters, digits and _; those that begin with SLUICE_ are set by sluice",
    });
  }
  validateWork(step, problems);
}

/** Whether a command writes the file that `$SLUICE_OUTPUT` names. */
export function usesOutputVariable(parts: readonly string[]): boolean {
  return parts.some((part) => /\bSLUICE_OUTPUT\b/.test(part));
}

function validateWork(step: TaskDefinition | ShellDefinition, problems: Problems): void {
  const path = `steps.${step.name}`;
  const { inputs = [], output, maxRejects, stallMs } = step;
  checkRepeated(
    inputs.map(({ name }) => name),
    "the input",
    `${path}.inputs`,
    problems,
  );
  for (const { name } of inputs) {
    if (isName(name)) continue;
    problems.add(`${path}.inputs`, `"${name}" is not a name for an input`, {
      offending: name,
      hint: "names begin with a letter or _ and go on with letters, digits, _ and -",
    });
  }
  if (output !== undefined) {
    if (output.length === 0) problems.add(`${path}.output`, `the output of "${step.name}" has no columns`);
    checkColumnNames(
      output.map(({ name }) => name),
      `${path}.output`,
      problems,
    );
    const format = rowsFormat(output.filter(({ type }) => isTypeText(type)));
    for (const column of output) {
      const { name, type } = column;
      validateType(type, `${path}.output`, problems);
      if (isRowColumn(column, format)) continue;
      problems.add(`${path}.output`, `the column "${name}" is ${type}, which rows of a ${step.kind} cannot have`, {
        offending: type,
        hint:
          format === "csv"
            ? "give it as text, and convert it in a transform"
            : "rows with lists, structs or maps hold what JSON does: give it as text",
      });
    }
  }
  const value = valueTypeOf(step);
  if (value !== undefined) {
    validateType(value.type, `${path}.value`, problems);
    if (output !== undefined) {
      problems.add(`${path}.value`, `"${step.name}" has an output and a value`, {
        hint: "a task gives rows, or returns a value: let another one return it",
      });
    }
    if (!isValueType(value.type)) {
      problems.add(
        `${path}.value`,
        `the value of "${step.name}" is ${value.type}, and conditions look at single values`,
        {
          offending: value.type,
          hint: "return a number, a text, a bool, a date or a time, or give rows: output: { … }",
        },
      );
    }
  }
  if (workColumns(step) === undefined && (step.checks ?? []).length > 0) {
    problems.add(`${path}.checks`, `"${step.name}" gives no rows that checks could look at`, {
      hint: 'declare its columns: output: { id: "int64" }',
    });
  }
  if (maxRejects !== undefined && !isRejectLimit(maxRejects)) {
    problems.add(`${path}.maxRejects`, `"${maxRejects}" is not a limit of rejects`, {
      offending: String(maxRejects),
      hint: 'give a count, or a share of all rows such as "0.5%"',
    });
  }
  if (stallMs !== undefined && !(stallMs > 0 && Number.isFinite(stallMs))) {
    problems.add(`${path}.stallMs`, `stallMs is ${stallMs}; it is a time above 0`, { offending: String(stallMs) });
  }
}

function isValueType(type: string): boolean {
  if (!isTypeText(type)) return true;
  return !["list", "struct", "map", "enum", "interval", "json", "bytes"].includes(parseType(type).kind);
}

/** Rows are written as text on their way, as JSON where something in them is nested: what neither holds is refused. */
function isRowColumn(column: Column, format: "csv" | "ndjson"): boolean {
  if (!isTypeText(column.type)) return true;
  if (format === "csv") return column.type !== "interval";
  try {
    jsonRuleOf(column);
    return true;
  } catch {
    return false;
  }
}
