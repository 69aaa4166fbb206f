import { type ChildProcess, fork } from "node:child_process";
import { SluiceError, type WorkRequest } from "@sluice/core";
import type { FailureReason, FromHost, HostResult, ThrownRecord, ToHost } from "./protocol.ts";
import { thrownRecord } from "./protocol.ts";

/** How many lines of its standard error an error of work shows. */
const TAIL_LINES = 20;
const LONGEST_LINE = 4000;
/** What one attempt may write into the run's log. */
const MOST_LOGGED = 10e6;
/** The host itself does nothing but wait: silent for so long, it is gone or stopped. */
const SILENT_HOST_MS = 30_000;
const ABORT_MS = 250;

/** How work ended; what it printed last is there to be shown. */
export type Ended =
  | { readonly result: HostResult; readonly tail: readonly string[] }
  | { readonly reason: FailureReason; readonly error: ThrownRecord; readonly tail: readonly string[] };

/**
 * Runs one piece of work in a process of its own, the leader of a process group. Told to stop, the work gets a moment to
 * do so; then its whole group is killed.
 */
export async function runInProcess(
  file: string,
  order: ToHost,
  request: Pick<WorkRequest, "signal" | "log" | "inputs" | "step">,
): Promise<Ended> {
  const { signal, log } = request;
  if (signal.aborted) throw signal.reason;
  const child = fork(file, [], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: [],
    env: environment(),
    serialization: "advanced",
  });
  const tail: string[] = [];
  const logger = createLogger(log);
  const printed = [
    followLines(child.stdout, (line) => logger(line)),
    followLines(child.stderr, (line) => {
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      logger(line);
    }),
  ];
  let stopTimer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    send(child, { kind: "abort" });
    stopTimer = setTimeout(() => killGroup(child), ABORT_MS);
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const ended = await follow(child, order, request);
    await Promise.all(printed);
    if (signal.aborted) throw signal.reason;
    return { ...ended, tail };
  } finally {
    signal.removeEventListener("abort", stop);
    clearTimeout(stopTimer);
    killGroup(child);
  }
}

type Outcome = { readonly result: HostResult } | { readonly reason: FailureReason; readonly error: ThrownRecord };

function follow(
  child: ChildProcess,
  order: ToHost,
  request: Pick<WorkRequest, "inputs" | "log" | "step">,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let outcome: Outcome | undefined;
    let beat = performance.now();
    const watching = setInterval(() => {
      if (performance.now() - beat < SILENT_HOST_MS) return;
      outcome ??= {
        reason: "stalled",
        error: { name: "Error", message: "its process does not answer", isOurs: false },
      };
      killGroup(child);
    }, 1000);
    child.on("message", (message: FromHost) => {
      beat = performance.now();
      switch (message.kind) {
        case "ready":
          return send(child, order);
        case "beat":
          return undefined;
        case "log":
          return request.log(message.level, message.message);
        case "file":
          return void answerFile(child, message, request);
        case "done":
          outcome ??= { result: message.result };
          return undefined;
        case "failed":
          outcome ??= { reason: message.reason, error: message.error };
          return undefined;
        default:
          return message satisfies never;
      }
    });
    child.on("error", (thrown) => {
      clearInterval(watching);
      reject(
        new SluiceError("unavailable", `the process of "${request.step}" could not be started: ${thrown.message}`, {
          cause: thrown,
        }),
      );
    });
    child.on("exit", (code, signal) => {
      clearInterval(watching);
      const message = signal === null ? `exit code ${code}` : signal;
      resolve(outcome ?? { reason: "crashed", error: { name: "Error", message, isOurs: false } });
    });
  });
}

async function answerFile(
  child: ChildProcess,
  { id, input, format, header }: Extract<FromHost, { kind: "file" }>,
  { inputs }: Pick<WorkRequest, "inputs">,
): Promise<void> {
  try {
    const found = inputs.find(({ name }) => name === input);
    if (found === undefined) throw new SluiceError("config", `there is no input "${input}"`);
    send(child, { kind: "file", id, path: await found.file(format, { header }) });
  } catch (thrown) {
    send(child, { kind: "file", id, error: thrownRecord(thrown) });
  }
}

/** A process that is gone has nobody to tell; how it ended is told by its end. */
function send(child: ChildProcess, message: ToHost): void {
  if (child.connected) child.send(message, () => undefined);
}

/** Ends a process and all that it has started. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended in this moment.
    child.kill("SIGKILL");
  }
}

/** Flags for this process are not meant for that of the work. */
function environment(): Readonly<Record<string, string | undefined>> {
  const { NODE_OPTIONS: _options, NODE_CHANNEL_FD: _channel, ...rest } = process.env;
  return rest;
}

function createLogger(log: WorkRequest["log"]): (line: string) => void {
  let left = MOST_LOGGED;
  return (line) => {
    if (left <= 0) return;
    left -= line.length + 1;
    log("info", left > 0 ? line : "it prints too much: the rest is left out");
  };
}

/** Calls back for every line, the last one too; resolved when the stream has ended. */
function followLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    if (stream === null) return resolve();
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > LONGEST_LINE) lines.push(rest.slice(0, LONGEST_LINE));
      if (rest.length > LONGEST_LINE) rest = "";
      for (const line of lines) onLine(line.replace(/\r$/, "").slice(0, LONGEST_LINE));
    });
    stream.on("close", () => {
      if (rest !== "") onLine(rest);
      resolve();
    });
  });
}
