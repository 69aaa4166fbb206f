import { mkdirSync } from "node:fs";
import { rename, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type CommandRequest,
  diskFull,
  placeholdersIn,
  type Runner,
  SluiceError,
  type TaskRequest,
  type WorkFormat,
  type WorkResult,
} from "@sluice/core";
import { authorFrame } from "../project/author-error.ts";
import { findTask } from "./find-task.ts";
import { hostFile } from "./host-file.ts";
import { type Ended, runInProcess } from "./host-process.ts";
import type { HostResult } from "./protocol.ts";

/** What a runner belongs to. */
export interface RunnerOptions {
  /** The project's folder. */
  readonly root: string;
  readonly buildFolder: string;
}

/** Runs functions and commands, each in a process of its own. */
export function createRunner(options: RunnerOptions): Runner {
  return {
    runTask: (request) => runTask(options, request),
    runCommand: (request) => runCommand(options, request),
    addressOf: ({ path, format }) => ({
      type: "file",
      path: relative(options.root, path).replaceAll("\\", "/"),
      format,
    }),
  };
}

async function runTask({ root, buildFolder }: RunnerOptions, request: TaskRequest): Promise<WorkResult> {
  const { step, module, scratch, output, bigint, memoryMb, stallMs } = request;
  const found = await findTask({ root, buildFolder, module });
  if (found.code !== request.code) {
    throw new SluiceError("conflict", `${module} changed since "${step}" was planned`, {
      reason: "plan-changed",
      hint: "start a new run",
    });
  }
  const own = join(scratch, "work");
  mkdirSync(own, { recursive: true });
  const ended = await runInProcess(
    await hostFile(buildFolder),
    {
      kind: "task",
      bundle: pathToFileURL(found.file).href,
      export: found.name,
      inputs: request.inputs.map(({ name, columns }) => ({ name, columns })),
      parameters: [...request.parameters],
      ...(output === undefined ? {} : { output }),
      scratch: own,
      bigint,
      memoryMb,
      stallMs,
      run: { ...request.run, step },
    },
    request,
  );
  if ("result" in ended) return taskResult(ended.result, request);
  throw taskError(ended, request, root);
}

function taskResult(result: HostResult, { log }: TaskRequest): WorkResult {
  if (result.kind === "none") {
    if (result.returned !== undefined) log("info", `it returned ${result.returned}`);
    return { kind: "none" };
  }
  if (result.kind === "rows") return result;
  if (result.kind === "file") return result;
  throw new SluiceError("internal", `a task ended with ${result.kind}`);
}

type Failed = Extract<Ended, { reason: unknown }>;

/** What befell a function, as an error that says so in the author's own line where it has one. */
function taskError({ reason, error, tail }: Failed, request: TaskRequest, root: string): SluiceError {
  const { step, module, stallMs, memoryMb } = request;
  const shown = `the function ${module} of "${step}"`;
  const at = authorFrame(error.stack, root);
  const place = at === undefined ? {} : { at };
  switch (reason) {
    case "threw":
    case "row": {
      const details = {
        ...place,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
        ...(error.offending === undefined ? {} : { offending: error.offending }),
      };
      if (error.isOurs && error.code !== undefined) {
        return new SluiceError(error.code as SluiceError["code"], error.message, {
          ...details,
          reason: error.reason ?? "work-failed",
        });
      }
      const full = diskFull(error.code ?? "", `what ${shown} writes`);
      if (full !== undefined) throw full;
      return new SluiceError("data", `${shown} failed: ${error.name}: ${error.message}`, {
        ...details,
        reason: "work-failed",
      });
    }
    case "exit":
      return new SluiceError("data", `${shown} called process.exit(${error.message})`, {
        reason: "work-failed",
        hint: "return, or throw an error",
      });
    case "unsettled":
      return new SluiceError("data", `${shown} never came to its end: a promise that it awaits is never settled`, {
        reason: "work-failed",
      });
    case "memory":
      return new SluiceError("data", `${shown} ran out of memory: ${error.message}, its limit is ${memoryMb} MB`, {
        reason: "work-failed",
        hint: "take rows one by one, or raise memoryMb",
      });
    case "stalled":
      return new SluiceError("timeout", `${shown} gave no sign of life for ${stallMs} ms and was ended`, {
        reason: "stalled",
        hint: "an endless loop, a regular expression that runs away, or a call that blocks; raise stallMs (in YAML stall) where it is none",
      });
    case "crashed":
      return new SluiceError("data", `the process of ${shown} crashed: ${error.message}${tailText(tail)}`, {
        reason: "work-failed",
      });
    default:
      return reason satisfies never;
  }
}

async function runCommand({ root, buildFolder }: RunnerOptions, request: CommandRequest): Promise<WorkResult> {
  const { step, command, inputs, output, scratch, stallMs, format } = request;
  const own = join(scratch, "work");
  mkdirSync(own, { recursive: true });
  const paths = new Map<string, string>();
  for (const input of inputs) {
    const { format: wanted = "csv", header = true } = request.formats.get(input.name) ?? {};
    paths.set(input.name, await input.file(wanted, { header }));
  }
  const written = join(own, `output.${format}`);
  const parts = typeof command === "string" ? [command] : command;
  const names = [...paths.keys(), "output"];
  const writesFile =
    output !== undefined &&
    parts.some(
      (part) =>
        /\bSLUICE_OUTPUT\b/.test(part) ||
        placeholdersIn(part, names, typeof command === "string").some(({ name }) => name === "output"),
    );
  if (output !== undefined) paths.set("output", written);
  const [program = "", ...rest] =
    typeof command === "string"
      ? ["sh", "-c", filled(command, paths, true)]
      : command.map((part) => filled(part, paths, false));
  const stdin = request.stdin === undefined ? undefined : paths.get(request.stdin);
  const ended = await runInProcess(
    await hostFile(buildFolder),
    {
      kind: "command",
      program,
      arguments: rest,
      env: { ...environmentOf(request, paths, own) },
      folder: root,
      stallMs,
      ...(stdin === undefined ? {} : { stdin }),
      ...(output === undefined || writesFile ? {} : { stdout: written }),
      ...(writesFile ? { watched: written } : {}),
    },
    request,
  );
  assertSuccess(ended, request, program);
  if (output === undefined) return { kind: "none" };
  const found = await stat(written).catch(() => undefined);
  if (found?.isFile() !== true) {
    throw new SluiceError("data", `the command of "${step}" has not written its output`, {
      reason: "work-failed",
      hint: "it is to write the file that {output} stands for",
    });
  }
  return { kind: "file", path: await named(written, step, format), format };
}

/** Errors about the output name the file by its step. */
async function named(written: string, step: string, format: WorkFormat): Promise<string> {
  const path = join(written, "..", `${step}.${format}`);
  await rename(written, path);
  return path;
}

/** The command with paths in place of names; in the text of a shell quoted, so that nothing in them means anything. */
function filled(text: string, paths: ReadonlyMap<string, string>, isShell: boolean): string {
  let result = text;
  for (const { name, start, end } of placeholdersIn(text, [...paths.keys()], isShell).toReversed()) {
    const path = paths.get(name) ?? "";
    result = result.slice(0, start) + (isShell ? `'${path.replaceAll("'", `'\\''`)}'` : path) + result.slice(end);
  }
  return result;
}

function environmentOf(
  { env, parameters }: CommandRequest,
  paths: ReadonlyMap<string, string>,
  scratch: string,
): Readonly<Record<string, string>> {
  const { NODE_OPTIONS: _options, NODE_CHANNEL_FD: _channel, ...inherited } = process.env;
  const own = [...paths].map(([name, path]) => [
    name === "output" ? "SLUICE_OUTPUT" : `SLUICE_INPUT_${upper(name)}`,
    path,
  ]);
  const given = [...parameters].flatMap(([name, { value }]) =>
    value === null ? [] : [[`SLUICE_PARAMETER_${upper(name)}`, String(value)]],
  );
  const all = [...Object.entries(inherited), ...env, ...own, ...given, ["SLUICE_SCRATCH", scratch]];
  return Object.fromEntries(all.filter(([, value]) => value !== undefined)) as Readonly<Record<string, string>>;
}

const upper = (name: string): string => name.toUpperCase().replaceAll("-", "_");

function assertSuccess(ended: Ended, { step, stallMs }: CommandRequest, program: string): void {
  const { tail } = ended;
  const shown = `the command of "${step}"`;
  if ("result" in ended) {
    if (ended.result.kind !== "exit") throw new SluiceError("internal", `a command ended with ${ended.result.kind}`);
    const { code, signal } = ended.result;
    if (code === 0) return;
    const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
    throw new SluiceError("data", `${shown} ${how}${tailText(tail)}`, { reason: "work-failed" });
  }
  const { reason, error } = ended;
  const full = diskFull(error.code ?? "", `the output of "${step}"`);
  if (full !== undefined) throw full;
  if (reason === "stalled") {
    throw new SluiceError("timeout", `${shown} wrote nothing for ${stallMs} ms and was ended`, {
      reason: "stalled",
      hint: "give it a timeout, or raise stallMs (in YAML stall) where it is silent for so long",
    });
  }
  if (error.code === "ENOENT" || error.code === "EACCES") {
    throw new SluiceError("config", `the program "${program}" of "${step}" cannot be started: ${error.message}`, {
      offending: program,
      hint: "install it, or give its path",
    });
  }
  throw new SluiceError("data", `${shown} crashed: ${error.message}${tailText(tail)}`, { reason: "work-failed" });
}

function tailText(tail: readonly string[]): string {
  return tail.length === 0 ? "" : `; it said: ${tail.join("\n").trim()}`;
}
