import type { RunEvent } from "@sluice/runtime";
import { formatDuration, plural } from "./format-values.ts";
import { passingLinesOf, type RunReport, stageLabel } from "./run-report.ts";
import type { Terminal } from "./terminal.ts";
import { cutText, textWidth } from "./text-width.ts";

interface StageLine {
  state: "waiting" | "running" | "retrying" | "succeeded" | "failed" | "skipped" | "cancelled";
  startedAt: number;
  share: number | undefined;
  text: string;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const REDRAW_MS = 100;
const MOST_LINES = 20;

/** One line per stage that is drawn again as it goes; what deserves to stay is printed above. */
export function liveReport(terminal: Terminal, stages: readonly string[], now: () => number): RunReport {
  const lines = new Map<string, StageLine>(
    stages.map((name) => [name, { state: "waiting", startedAt: 0, share: undefined, text: "" }]),
  );
  let drawn = 0;
  let frame = 0;
  let ended = false;

  const erase = (): void => {
    if (drawn > 0) terminal.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    // What has scrolled out of sight cannot be drawn again.
    const most = Math.max(1, Math.min(MOST_LINES, terminal.height - 2));
    const shown = [...lines].filter(([, line]) => lines.size <= most || line.state === "running");
    const room = Math.max(4, Math.floor(terminal.width / 2) - 4);
    const width = Math.min(32, room, Math.max(...shown.map(([name]) => textWidth(name)), 8));
    const texts = shown.slice(0, most).map(([name, line]) => lineText(name, line, width));
    if (texts.length > 0) terminal.write(`${texts.join("\n")}\n`);
    drawn = texts.length;
  };
  const lineText = (name: string, line: StageLine, width: number): string => {
    const label = stageLabel(name, width);
    const room = Math.max(0, terminal.width - width - 6);
    const spent = line.state === "running" ? formatDuration(now() - line.startedAt) : "";
    const share = line.share === undefined ? "" : `${Math.round(line.share * 100)} %`.padStart(6);
    const text = cutText(line.state === "running" ? `${share} ${spent}` : line.text, room);
    switch (line.state) {
      case "waiting":
        return terminal.paint("dim", `  · ${label}`);
      case "running":
        return `  ${terminal.paint("cyan", FRAMES[frame % FRAMES.length] ?? "")} ${label} ${text}`;
      case "succeeded":
        return `  ${terminal.paint("green", "✓")} ${label} ${text}`;
      case "failed":
        return `  ${terminal.paint("red", "✗")} ${label} ${text}`;
      default:
        return `  ${terminal.paint("yellow", "-")} ${label} ${text}`;
    }
  };
  const update = (event: RunEvent): void => {
    if (!("stage" in event) || event.stage === undefined) return;
    const line = lines.get(event.stage);
    if (line === undefined) return;
    if (event.event === "stage.started") Object.assign(line, { state: "running", startedAt: now(), share: undefined });
    if (event.event === "stage.progress") line.share = event.share;
    if (event.event === "stage.retrying") Object.assign(line, { state: "retrying", text: "waits to try again" });
    if (event.event === "stage.finished") {
      const rows = event.rowsOut === null ? "" : `${plural(event.rowsOut, "row")}, `;
      const text =
        event.status === "succeeded" ? `${rows}${formatDuration(event.durationMs)}` : (event.reason ?? event.status);
      Object.assign(line, { state: event.status, text });
    }
  };
  const stays = (event: RunEvent): boolean =>
    event.event !== "stage.started" && event.event !== "stage.finished" && event.event !== "run.finished";

  terminal.write("\u001b[?25l");
  const restore = (): void => void terminal.write("\u001b[?25h");
  process.once("exit", restore);
  const timer = setInterval(() => {
    frame += 1;
    erase();
    draw();
  }, REDRAW_MS);
  timer.unref();

  return {
    event(event) {
      if (ended) return;
      update(event);
      erase();
      if (stays(event)) for (const text of passingLinesOf(event, terminal)) terminal.print(text);
      draw();
    },
    end() {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      erase();
      draw();
      process.off("exit", restore);
      restore();
    },
  };
}
