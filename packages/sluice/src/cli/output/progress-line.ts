import type { RunEvent } from "@sluice/runtime";
import { formatDuration } from "./format-values.ts";
import { isBuildServer } from "./terminal.ts";

/** How far long work is, on one line of standard error that goes when it is done. */
export interface ProgressLine extends Disposable {
  /** What is worth telling of a run; undefined where nobody looks. */
  readonly onEvent: ((event: RunEvent) => void) | undefined;
}

/** Short work needs no line. */
const FIRST_MS = 500;
const REDRAW_MS = 200;

/** A line that is drawn on a terminal only. */
export function progressLine(what: string): ProgressLine {
  const { stderr, env } = process;
  if (stderr.isTTY !== true || env.TERM === "dumb" || isBuildServer(env)) {
    return { onEvent: undefined, [Symbol.dispose]: () => undefined };
  }
  const started = performance.now();
  let share: number | undefined;
  let isDrawn = false;
  const timer = setInterval(() => {
    const spent = performance.now() - started;
    if (spent < FIRST_MS) return;
    const percent = share === undefined ? "" : ` ${Math.round(share * 100)} %`;
    stderr.write(`\r\u001b[2K${what}${percent} ${formatDuration(spent)}`);
    isDrawn = true;
  }, REDRAW_MS);
  timer.unref();
  return {
    onEvent: (event) => {
      if (event.event === "stage.progress") share = event.share;
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      if (isDrawn) stderr.write("\r\u001b[2K");
    },
  };
}
