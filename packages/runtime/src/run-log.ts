import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { toSluiceError } from "./error-record.ts";
import type { RunEvent } from "./events.ts";
import { fileNameOf } from "./run-folder.ts";

/** What a log holds beside events: the SQL of an attempt (names of parameters, never values) and words of adapters. */
export type LogLine =
  | RunEvent
  | {
      readonly event: "stage.sql";
      readonly run: string;
      readonly at: string;
      readonly stage: string;
      readonly attempt: number;
      readonly sql: string;
    }
  | {
      readonly event: "message";
      readonly run: string;
      readonly at: string;
      readonly stage?: string;
      readonly level: "debug" | "info" | "warn";
      readonly message: string;
    };

/** `.sluice/logs/<pipeline>/<run>/0.ndjson`: one append file per run, written line by line, also by a resumed run. */
export interface RunLog {
  write(line: LogLine): void;
  close(): void;
}

/** Opens the log of a run for appending. A log that cannot be written is told once to `onFailure` and costs no run. */
export function openRunLog(path: string, onFailure: (message: string) => void): RunLog {
  let file: number | undefined;
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      file = undefined;
      onFailure(`the log ${path} cannot be written: ${toSluiceError(error).message}`);
    }
  };
  attempt(() => {
    mkdirSync(dirname(path), { recursive: true });
    file = openSync(path, "a+");
    // A killed process may have left half a line, which must not swallow the first one of now.
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== "\n") writeSync(file, "\n");
  });
  return {
    write(line) {
      const open = file;
      // One call per line, so that lines of a killed process are whole, but for the last one.
      if (open !== undefined) attempt(() => void writeSync(open, `${JSON.stringify(line)}\n`));
    },
    close() {
      const open = file;
      file = undefined;
      if (open !== undefined) attempt(() => closeSync(open));
    },
  };
}

/** Which log is read: that of a run, or the part of it that concerns a step. */
export interface LogRequest {
  /** The project's `.sluice` folder. */
  readonly stateFolder: string;
  readonly pipeline: string;
  /** The whole id of the run. */
  readonly run: string;
  /** Only what concerns the stage that runs this step. */
  readonly step?: string;
}

/** Where the log of a run lies. */
export function runLogPath(request: Pick<LogRequest, "stateFolder" | "pipeline" | "run">): string {
  return join(request.stateFolder, "logs", fileNameOf(request.pipeline), request.run, "0.ndjson");
}

/**
 * The lines of a run's log, oldest first; none where there is no log. A line that a killed process left unfinished is
 * left out.
 *
 * @example
 * (await readLog({ stateFolder: ".sluice", pipeline: "chicago", run: "…", step: "crash" }))[0]?.event; // "stage.started"
 */
export async function readLog(request: LogRequest): Promise<readonly LogLine[]> {
  const lines = await readLines(runLogPath(request));
  const { step } = request;
  if (step === undefined) return lines;
  const stages = new Set([step]);
  for (const line of lines) {
    if (line.event === "stage.started" && line.steps.includes(step)) stages.add(line.stage);
  }
  return lines.filter((line) => "stage" in line && line.stage !== undefined && stages.has(line.stage));
}

async function readLines(path: string): Promise<readonly LogLine[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (toSluiceError(error).code === "missing") return [];
    throw error;
  }
  return text.split("\n").flatMap((line) => {
    const parsed = parseLine(line);
    return parsed === undefined ? [] : [parsed];
  });
}

function parseLine(line: string): LogLine | undefined {
  if (line === "") return undefined;
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    // Cut by a crash: what it would have said is in the state database.
    return undefined;
  }
}
