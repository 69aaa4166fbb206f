import { visibleText } from "@sluice/core";
import type { RunEvent } from "@sluice/runtime";
import { formatCount, formatDuration, plural } from "./format-values.ts";
import { loadLines } from "./load-lines.ts";
import { stepLines } from "./step-lines.ts";
import { formatTable } from "./table.ts";
import type { Paint, Style, Terminal } from "./terminal.ts";
import { cutText, padText, plainText } from "./text-width.ts";

/** Shows a run as it happens. */
export interface RunReport {
  event(event: RunEvent): void;
  /** Gives the terminal back; safe to call twice. */
  end(): void;
}

type Event<Name extends RunEvent["event"]> = Extract<RunEvent, { event: Name }>;

/** One JSON object per line, as it happens. */
export function jsonReport(terminal: Terminal): RunReport {
  return { event: (event) => terminal.print(JSON.stringify(event)), end: () => undefined };
}

/** One line per thing that happened. */
export function plainReport(terminal: Terminal): RunReport {
  return {
    event: (event) => {
      for (const line of passingLinesOf(event, terminal)) terminal.print(line);
    },
    end: () => undefined,
  };
}

/** What is said of an event while the run goes on; the summary says more of rejects and checks. */
export function passingLinesOf(event: RunEvent, terminal: Pick<Terminal, "paint">): readonly string[] {
  if (event.event === "stage.rejects") return [`  ${rejectHead(event, terminal.paint)}`];
  return linesOf(event, terminal);
}

/** What an event says on lines of its own; nothing for what only a display that moves can show. */
export function linesOf(event: RunEvent, { paint }: Pick<Terminal, "paint">): readonly string[] {
  switch (event.event) {
    case "run.waiting":
      return [
        `${paint("yellow", "waiting")} for run ${event.for.run} of the same pipeline (process ${event.for.pid} on ${event.for.host}, since ${event.for.since})`,
      ];
    case "run.started":
      return [`${paint("bold", event.pipeline)} run ${event.run}${event.resumed === true ? " (resumed)" : ""}`];
    case "stage.started": {
      const others = event.steps.filter((step) => step !== event.stage);
      const attempt = event.attempt > 1 ? `, attempt ${event.attempt}` : "";
      return [`  ${event.stage} started${others.length > 0 ? ` (with ${others.join(", ")})` : ""}${attempt}`];
    }
    case "stage.retrying":
      return [
        `  ${paint("yellow", event.stage)} failed: ${plainText(event.error.message)}; attempt ${event.attempt + 1} in ${formatDuration(event.waitMs)}`,
      ];
    case "stage.rejects":
      return rejectLines(event, paint);
    case "stage.check":
      return event.check.status === "passed" ? [] : [`  ${checkLine(event.check, paint)}`];
    case "stage.finished":
      return [`  ${finishedLine(event, paint)}`];
    case "warning":
      return [
        `  ${paint("yellow", "warning")}: ${event.stage === undefined ? "" : `${event.stage}: `}${plainText(event.message)}`,
      ];
    default:
      return [];
  }
}

function rejectHead(event: Event<"stage.rejects">, paint: Paint): string {
  const all = event.accepted + event.rejected;
  const head = `! ${plural(event.rejected, "record")} of ${formatCount(all)} in ${event.dataset} rejected`;
  return paint("yellow", plainText(head));
}

function rejectLines(event: Event<"stage.rejects">, paint: Paint): readonly string[] {
  const reasons = event.reasons.slice(0, 3).map(({ column, rule, rows, example }) => {
    // A record that is wrong as a whole has no column to name.
    const place = column === "" ? "" : `${column}: `;
    return `      ${place}${rule}, ${plural(rows, "record")}, for example ${visibleText(cutText(example, 60))}`;
  });
  const unnamed = event.reasons.length - reasons.length;
  const more = unnamed === 0 ? [] : [`      and ${plural(unnamed, "other reason")}`];
  return [`  ${rejectHead(event, paint)}; kept in ${event.quarantine}`, ...reasons.map(plainText), ...more];
}

type Check = Event<"stage.check">["check"];
const CHECK_STYLES: Readonly<Record<Check["status"], Style>> = {
  passed: "green",
  failed: "red",
  warned: "yellow",
  diverted: "yellow",
};

function checkLine(check: Check, paint: Paint): string {
  const what = plainText(`check ${check.name} of ${check.step} ${check.status}`);
  return `${paint(CHECK_STYLES[check.status], what)}: ${plainText(check.message)}`;
}

const MARKS = { succeeded: "✓", failed: "✗", skipped: "-", cancelled: "-" } as const;
const STYLES = { succeeded: "green", failed: "red", skipped: "dim", cancelled: "yellow" } as const;

function finishedLine(event: Event<"stage.finished">, paint: Paint): string {
  const mark = paint(STYLES[event.status], `${MARKS[event.status]} ${event.stage}`);
  if (event.status === "skipped") return `${mark} skipped${event.reason === undefined ? "" : `: ${event.reason}`}`;
  if (event.status !== "succeeded") return `${mark} ${event.status} after ${formatDuration(event.durationMs)}`;
  if (event.reused === true) return `${mark} done by an earlier attempt of this run`;
  const rows = event.rowsOut === null ? "" : ` ${plural(event.rowsOut, "row")},`;
  return `${mark}${rows} ${formatDuration(event.durationMs)}`;
}

/** The columns that a check looks at, which come first where its failing rows are shown. */
export type ColumnsOfCheck = (check: Check) => readonly string[];

/** What stands at the end of a run for people: steps, checks, where rejects lie, how it ended. */
export function summaryLines(
  events: readonly RunEvent[],
  terminal: Terminal,
  columnsOf: ColumnsOfCheck = () => [],
): readonly string[] {
  const { paint } = terminal;
  const finished = events.find((event) => event.event === "run.finished");
  if (finished?.event !== "run.finished") return [];
  const lines: string[] = [];
  for (const table of [stepLines(finished.steps, terminal), loadLines(finished.steps, terminal)]) {
    if (table.length > 0) lines.push("", ...table);
  }
  const checks = events.flatMap((event) => (event.event === "stage.check" ? [event.check] : []));
  if (checks.length > 0) lines.push("", ...checkSummary(checks, terminal, columnsOf));
  const rejects = events.filter((event) => event.event === "stage.rejects");
  for (const event of rejects) {
    if (event.event !== "stage.rejects") continue;
    lines.push("", ...rejectLines(event, paint).map((line) => line.replace(/^ {2}/, "")));
  }
  lines.push("", endLine(finished, paint));
  return lines;
}

function checkSummary(
  checks: readonly Check[],
  { paint, width }: Terminal,
  columnsOf: ColumnsOfCheck,
): readonly string[] {
  const passed = checks.filter((check) => check.status === "passed").length;
  const others = checks.filter((check) => check.status !== "passed");
  return [
    `${paint("bold", "checks")}: ${passed} of ${checks.length} passed`,
    ...others.flatMap((check) => [`  ${checkLine(check, paint)}`, ...sampleLines(check, columnsOf(check), width)]),
  ];
}

const SAMPLE_ROWS = 5;
const SAMPLE_COLUMNS = 6;

/** Some of the rows that fail, the columns that the check looks at first. */
function sampleLines(check: Check, first: readonly string[], width: number): readonly string[] {
  const { sample } = check;
  if (sample === undefined || sample.rows.length === 0) return [];
  const all = sample.columns.map((title, index) => ({ title, index }));
  const shown = [
    ...all.filter(({ title }) => first.includes(title)),
    ...all.filter(({ title }) => !first.includes(title)),
  ];
  const columns = shown.slice(0, SAMPLE_COLUMNS);
  const rows = sample.rows.slice(0, SAMPLE_ROWS).map((row) => columns.map(({ index }) => row[index] ?? "null"));
  const lines = formatTable(
    columns.map(({ title }) => ({ title: plainText(title) })),
    rows,
    Math.min(width, 104) - 4,
  );
  const hidden = check.failing - rows.length;
  return [...lines, ...(hidden > 0 ? [`and ${plural(hidden, "row")} more`] : [])].map((line) => `    ${line}`);
}

function endLine(finished: Event<"run.finished">, paint: Paint): string {
  const style = finished.status === "succeeded" ? "green" : finished.status === "failed" ? "red" : "yellow";
  const resume =
    finished.status === "succeeded" ? "" : `; go on with: sluice run ${finished.pipeline} --resume ${finished.run}`;
  return `${paint(style, finished.status)} in ${formatDuration(finished.durationMs)} (run ${finished.run})${resume}`;
}

/** Names of stages in one width, for lines that stand below each other. */
export function stageLabel(name: string, width: number): string {
  return padText(cutText(plainText(name), width), width);
}
