import type { Column, ShellDefinition, ShellInput, TaskDefinition, WorkFormat } from "@sluice/core";
import { isMap, isScalar, isSeq } from "yaml";
import { defined } from "./defined.ts";
import { relationShape } from "./relation-shape.ts";
import { columnType, count, duration, flag, text, word } from "./scalar-shapes.ts";
import { choose, entries, list, map, object, optional, required, type Shape } from "./shape.ts";

/** A step without what every step has. */
export type TaskBody = Omit<TaskDefinition, "kind" | "name">;
export type ShellBody = Omit<ShellDefinition, "kind" | "name">;

const FORMATS = ["csv", "ndjson", "parquet"] as const satisfies readonly WorkFormat[];

/** Columns by name and type; `?` behind a type allows null. */
const output: Shape<readonly Column[]> = map(entries("output", columnType), (columns) =>
  columns.map(([name, { type, nullable }]) => ({ name, type, nullable })),
);

const rejectLimit: Shape<number | string> = choose<number | string>(
  (node) => (isScalar(node) && typeof node.value === "number" ? "count" : "share"),
  { count: count("maxRejects"), share: text("maxRejects") },
);

const workMembers = {
  output: optional(output, "the columns of its rows; without them nothing can read it"),
  maxRejects: optional(
    rejectLimit,
    "so many wrong rows, or such a share (0.5%), go into the quarantine; none where absent",
  ),
  stall: optional(
    duration("stall"),
    "without a sign of life for so long it is ended; 1m for a task, 1h for a command",
    "stallMs",
  ),
};

/** A function of the project: its name alone, or a map. */
export const taskShape: Shape<TaskBody> = choose((node) => (isMap(node) ? "map" : "module"), {
  module: map(text("task"), (module): TaskBody => ({ run: { module } })),
  map: map(
    object("task", {
      run: required(text("run"), "the function: tasks/score.ts#score"),
      inputs: optional(entries("inputs", relationShape), "what it reads, by the names that it has there"),
      ...workMembers,
      value: optional(columnType, "in place of rows it returns one value of this type"),
      bigint: optional(flag("bigint"), "integers come as bigint"),
      memoryMb: optional(count("memoryMb"), "what its process may use, in MB; 1024 where absent"),
    }),
    ({ run, inputs, bigint, stall, ...rest }) =>
      defined<TaskBody>({
        run: { module: run },
        inputs: inputs?.map(([name, from]) => ({ name, from })),
        bigint: bigint === true ? true : undefined,
        stallMs: stall,
        ...rest,
      }),
  ),
});

/**
 * The rows of an input, and how its file is written: a name, or a map with `format` or `header` beside `from`. Without
 * `from` they belong to the address of a file that is read.
 */
const commandInput: Shape<Omit<ShellInput, "name">> = choose(
  (node) => (isMap(node) && node.has("from") && (node.has("format") || node.has("header")) ? "file" : "rows"),
  {
    rows: map(relationShape, (from): Omit<ShellInput, "name"> => ({ from })),
    file: map(
      object("an input", {
        from: required(relationShape, "the rows"),
        format: optional(word<WorkFormat>("format", FORMATS), "csv where absent"),
        header: optional(flag("header"), "whether a csv begins with the names; it does where absent"),
      }),
      ({ header, ...rest }) =>
        defined<Omit<ShellInput, "name">>({ ...rest, header: header === false ? header : undefined }),
    ),
  },
);

const command: Shape<string | readonly string[]> = choose<string | readonly string[]>(
  (node) => (isSeq(node) ? "list" : "text"),
  { text: text("command"), list: list("command", text("an argument")) },
);

const shellMap: Shape<ShellBody> = map(
  object("shell", {
    command: required(
      command,
      "a program and its arguments, or a text for sh; {name} is a file, {output} the one to write",
    ),
    inputs: optional(entries("inputs", commandInput), "what it reads, by name"),
    stdin: optional(text("stdin"), "the input that it gets on its standard input"),
    ...workMembers,
    format: optional(word<WorkFormat>("format", FORMATS), "how its output is written; csv where absent"),
    header: optional(flag("header"), "whether its csv output begins with the names; it does where absent"),
    env: optional(entries("env", text("a value")), "added to the environment"),
  }),
  ({ inputs, stall, header, ...rest }) =>
    defined<ShellBody>({
      ...rest,
      inputs: inputs?.map(([name, input]) => ({ name, ...input })),
      header: header === false ? header : undefined,
      stallMs: stall,
    }),
);

/** A command line: alone, or in a map. */
export const shellShape: Shape<ShellBody> = choose((node) => (isMap(node) ? "map" : "command"), {
  command: map(command, (written): ShellBody => ({ command: written })),
  map: shellMap,
});
