import { Console } from "node:console";
import { diskFull, isSluiceError, SluiceError } from "@sluice/core";
import { errorsOf } from "../failures.ts";
import { errorOfLoaded } from "../project/loading-guard.ts";
import { parseArguments } from "./arguments.ts";
import type { Command, CommandContext } from "./context.ts";
import { errorsRecord } from "./error-record.ts";
import { type ExitCode, exitCodeOf } from "./exit-code.ts";
import { type CommandName, commandAt } from "./help.ts";
import { printErrors } from "./output/print-errors.ts";
import { createTerminal, type Terminal } from "./output/terminal.ts";

const LOADERS: Readonly<Record<CommandName, () => Promise<Command>>> = {
  init: async () => (await import("./commands/init.ts")).init,
  run: async () => (await import("./commands/run.ts")).run,
  plan: async () => (await import("./commands/plan.ts")).plan,
  list: async () => (await import("./commands/list.ts")).list,
  show: async () => (await import("./commands/show.ts")).show,
  preview: async () => (await import("./commands/preview.ts")).preview,
  trace: async () => (await import("./commands/trace.ts")).trace,
  check: async () => (await import("./commands/check.ts")).check,
  sync: async () => (await import("./commands/sync.ts")).sync,
  query: async () => (await import("./commands/query.ts")).query,
  copy: async () => (await import("./commands/copy.ts")).copy,
  profile: async () => (await import("./commands/profile.ts")).profile,
  reconcile: async () => (await import("./commands/reconcile.ts")).reconcile,
  table: async () => (await import("./commands/table.ts")).table,
  doctor: async () => (await import("./commands/doctor.ts")).doctor,
  convert: async () => (await import("./commands/convert.ts")).convert,
  state: async () => (await import("./commands/state.ts")).state,
  quarantine: async () => (await import("./commands/quarantine.ts")).quarantine,
  runs: async () => (await import("./commands/runs.ts")).runs,
  logs: async () => (await import("./commands/logs.ts")).logs,
};

const BROKEN_PIPE = "broken-pipe";
const GRACE_MS = 500;
/** What tells a process and then its group to stop, as timeout(1) does, asks once and not twice. */
const SAME_SIGNAL_MS = 100;

/** Runs one command and gives its exit code; nothing is thrown. */
export async function main(words: readonly string[]): Promise<ExitCode> {
  const wantsJson = words.includes("--json");
  const terminal = createTerminal({ json: wantsJson, verbose: words.includes("--verbose") });
  const abort = new AbortController();
  const folder = process.cwd();
  const isRun = words[commandAt(words)] === "run";
  const texts = new Map<string, string>();
  // Standard output is the command's own: what an author's file prints while it is read goes beside it.
  globalThis.console = new Console(process.stderr, process.stderr);
  const fail = (thrown: unknown): void => {
    process.exit(report(errorOfLoaded(thrown) ?? thrown, { terminal, folder, isRun }));
  };
  const release = endOnSignals(abort, { isRun, fail });
  process.on("uncaughtException", fail);
  try {
    const parsed = parseArguments(words);
    const command = await LOADERS[parsed.command]();
    const context: CommandContext = {
      parsed,
      terminal,
      folder,
      texts,
      environment: process.env,
      signal: abort.signal,
    };
    return await command(context);
  } catch (thrown) {
    // Whatever the reader's end made fail.
    if (isBrokenPipe(abort.signal)) return codeOfBrokenPipe(isRun);
    const cause = (await isOfSignal(thrown, abort.signal)) ? abort.signal.reason : thrown;
    return report(cause, { terminal, folder, isRun, texts });
  } finally {
    release();
    process.off("uncaughtException", fail);
  }
}

/**
 * Whether a failure comes of a Ctrl-C: a terminal tells the helpers of this process too, such as the bundler, and one of them may be
 * gone before this process has heard of it.
 */
async function isOfSignal(thrown: unknown, signal: AbortSignal): Promise<boolean> {
  if (!errorsOf(thrown).some(({ code }) => code === "internal")) return false;
  if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, SAME_SIGNAL_MS));
  return signal.aborted;
}

function isBrokenPipe({ reason }: AbortSignal): boolean {
  return isSluiceError(reason) && reason.reason === BROKEN_PIPE;
}

/** A reader that has seen enough is no failure of what only looks; a run was cut short. */
function codeOfBrokenPipe(isRun: boolean): ExitCode {
  return isRun ? 130 : 0;
}

interface ReportOptions {
  readonly terminal: Terminal;
  readonly folder: string;
  readonly isRun: boolean;
  readonly texts?: ReadonlyMap<string, string>;
}

/** Says what went wrong: text on standard error, and with `--json` one object on standard output. */
export function report(thrown: unknown, { terminal, folder, isRun, texts }: ReportOptions): ExitCode {
  const errors = errorsOf(thrown);
  const code = exitCodeOf(errors);
  if (errors.some((error) => error.reason === BROKEN_PIPE)) return codeOfBrokenPipe(isRun);
  if (terminal.json) {
    const record = errorsRecord(errors, folder);
    const status = code === 130 ? "cancelled" : "failed";
    const finished = { event: "run.finished", run: null, at: new Date().toISOString(), status, steps: {} };
    terminal.print(JSON.stringify(isRun ? { ...finished, ...record } : record));
  }
  printErrors(errors, terminal, folder, texts);
  return code;
}

/**
 * The first Ctrl-C asks the command to stop, the second ends the process at once. A reader that went away
 * (`sluice runs | head -1`) is no failure: the command is asked to stop and nothing is said.
 */
function endOnSignals(
  abort: AbortController,
  { isRun, fail }: { readonly isRun: boolean; readonly fail: (thrown: unknown) => void },
): () => void {
  // While files of the author's are loaded the name means something else.
  const exit = process.exit.bind(process);
  const end = (reason: SluiceError): void => {
    abort.abort(reason);
    // A run stops in order, by itself. What only looks has nothing to put in order, and is not waited for.
    if (!isRun) setTimeout(() => exit(isBrokenPipe(abort.signal) ? 0 : 130), GRACE_MS).unref();
  };
  let askedAt = Number.NEGATIVE_INFINITY;
  const stop = (signal: NodeJS.Signals): void => {
    if (performance.now() - askedAt < SAME_SIGNAL_MS) return;
    if (abort.signal.aborted) {
      // Without a listener the signal has its usual meaning: the shell sees how the process ended.
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
      return;
    }
    askedAt = performance.now();
    end(new SluiceError("cancelled", `stopped by ${signal}`));
  };
  const onBrokenPipe = (name: string) => (error: NodeJS.ErrnoException) => {
    // Short output fails when the command has ended, and nobody catches what is thrown.
    if (error.code !== "EPIPE") fail(diskFull(error.code ?? "", name, error) ?? error);
    else if (!abort.signal.aborted) {
      end(new SluiceError("cancelled", "nobody reads the output any more", { reason: BROKEN_PIPE }));
    }
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.stdout.on("error", onBrokenPipe("standard output"));
  process.stderr.on("error", onBrokenPipe("standard error"));
  return () => {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
}
