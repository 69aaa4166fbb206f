import type { ShellDefinition, ShellInput } from "../definition/definition.ts";
import { SluiceError } from "../errors.ts";
import { didYouMean } from "../infer/closest.ts";
import { optionsOf, refuseRest } from "./options.ts";
import type { Rows } from "./relation.ts";
import { RelationValue, relationOf } from "./relation-value.ts";
import { commonOf, refuseOther, type StepOptions, stepName } from "./steps.ts";
import { madeOf, type WorkOptions, type WorkStep, workOf } from "./task.ts";
import type { FileFormat, OutputColumns, OutputOf } from "./task-types.ts";
import { describe } from "./value.ts";

/** An input of a command where its file is not a csv with a header. */
export interface CommandInput {
  readonly from: Rows<unknown>;
  /** `csv` where absent. */
  readonly format?: FileFormat;
  /** False leaves the line of names out of a csv. */
  readonly header?: boolean;
}

/** The inputs of a command by name: relations, or how their files are written. */
export interface CommandInputs {
  readonly [name: string]: Rows<unknown> | CommandInput;
}

/** What `shell` takes. */
export interface ShellOptions<Name extends string, I, O> extends StepOptions<Name, OutputOf<O>>, WorkOptions<O> {
  /**
   * A program and its arguments, or a text for `sh -c`. `{crash}` stands for the path of an input, `{output}` for the file
   * to write; without it the output is what the command prints. They are in the environment too: `SLUICE_INPUT_CRASH`.
   */
  readonly command: string | readonly string[];
  readonly inputs?: I;
  /** The input that it gets on its standard input. */
  readonly stdin?: NoInfer<keyof I & string>;
  /** How its output is written; `csv` where absent. */
  readonly format?: FileFormat;
  /** False where the first line of its csv output is a row. */
  readonly header?: boolean;
  /** Added to the environment. Secrets are legal in connections only. */
  readonly env?: { readonly [variable: string]: string };
}

const OWN = ["command", "inputs", "stdin", "output", "format", "header", "env", "maxRejects", "stallMs"];

/**
 * A step that runs a command line, in a process group of its own, in the project's folder.
 *
 * @example
 * shell({
 *   name: "lines",
 *   command: ["sort", "-u"],
 *   inputs: { crash: { from: crash, header: false } },
 *   stdin: "crash",
 *   output: { crash_id: "string", total_injuries: "int64?" },
 *   header: false,
 * });
 */
export function shell<
  const Name extends string,
  const I extends CommandInputs = Record<never, never>,
  const O extends OutputColumns = Record<never, never>,
>(options: ShellOptions<Name, I, O>): WorkStep<Name, O> {
  const given = optionsOf("shell", options);
  const { command, inputs, stdin, output, format, header, env, maxRejects, stallMs, ...rest } = given;
  refuseOther("shell", rest, OWN);
  const name = stepName("shell", rest.name);
  const read = Object.entries(inputs === undefined ? {} : optionsOf("inputs", inputs)).map(([input, value]) =>
    inputOf(name, input, value),
  );
  const step: ShellDefinition = Object.freeze({
    kind: "shell",
    name,
    ...commonOf(name, rest),
    command: commandOf(name, command),
    ...(read.length === 0 ? {} : { inputs: Object.freeze(read.map(({ definition }) => definition)) }),
    ...(stdin === undefined ? {} : { stdin: String(stdin) }),
    ...workOf(`output of the step "${name}"`, { output, maxRejects, stallMs }),
    ...fileOf(name, format, header),
    ...(env === undefined ? {} : { env: variablesOf(name, env) }),
  } satisfies ShellDefinition);
  const made = madeOf(
    step,
    read.map(({ relation }) => relation),
    rest.after,
  );
  return made as unknown as WorkStep<Name, O>;
}

function commandOf(step: string, command: unknown): ShellDefinition["command"] {
  if (typeof command === "string") return command;
  if (Array.isArray(command) && command.every((part) => typeof part === "string")) return Object.freeze([...command]);
  throw new SluiceError("config", `the command of the step "${step}" is ${describe(command)}`, {
    hint: 'a program and its arguments: ["sort", "-u"], or a text for the shell: "sort -u | head"',
  });
}

function inputOf(
  step: string,
  input: string,
  value: unknown,
): { readonly definition: ShellInput; readonly relation: RelationValue } {
  const place = `the input "${input}" of the step "${step}"`;
  if (value instanceof RelationValue)
    return { definition: Object.freeze({ name: input, from: value.node }), relation: relationOf(place, value) };
  const { from, format, header, ...rest } = optionsOf(place, value);
  refuseRest(place, rest, ["from", "format", "header"]);
  const relation = relationOf(place, from);
  return { definition: Object.freeze({ name: input, from: relation.node, ...fileOf(step, format, header) }), relation };
}

const FORMATS: readonly FileFormat[] = ["csv", "ndjson", "parquet"];

function fileOf(step: string, format: unknown, header: unknown): Pick<ShellDefinition, "format" | "header"> {
  const known = FORMATS.find((one) => one === format);
  if (format !== undefined && known === undefined) {
    throw new SluiceError("config", `the step "${step}" has a file of the format ${describe(format)}`, {
      hint: didYouMean(String(format), FORMATS, "formats"),
      offending: String(format),
    });
  }
  return { ...(known === undefined ? {} : { format: known }), ...(header === false ? { header: false } : {}) };
}

function variablesOf(step: string, env: unknown): NonNullable<ShellDefinition["env"]> {
  return Object.freeze(
    Object.entries(optionsOf(`env of the step "${step}"`, env)).map(([variable, value]) => {
      if (typeof value === "string") return Object.freeze([variable, value] as const);
      throw new SluiceError(
        "config",
        `the variable "${variable}" of the step "${step}" is ${describe(value)}, not text`,
        {
          hint: "secrets are legal in connections only: a command finds them in its own environment",
        },
      );
    }),
  );
}
