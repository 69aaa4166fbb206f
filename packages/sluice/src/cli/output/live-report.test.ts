import type { RunEvent } from "@sluice/runtime";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { liveReport } from "./live-report.ts";
import { Screen } from "./screen.fixture.ts";
import type { Terminal } from "./terminal.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const common = { run: "r1", at: "2026-01-01T00:00:00.000Z" };
const started = (stage: string): RunEvent => ({
  event: "stage.started",
  ...common,
  stage,
  attempt: 1,
  steps: [stage],
});

function terminalOf(screen: Screen): Terminal {
  return {
    json: false,
    verbose: false,
    canRedraw: true,
    width: screen.width,
    height: screen.height,
    paint: (_style, text) => text,
    paintError: (_style, text) => text,
    print: (text) => screen.write(`${text}\n`),
    printError: () => undefined,
    write: (text) => screen.write(text),
    redactWith: () => undefined,
  };
}

test.each([80, 40, 24])("lines are drawn again in place, none wider than %i", (width) => {
  const screen = new Screen(width, 12);
  const names = ["short", "a stage whose name is longer than any window should have to show", "車両車両車両車両車両"];
  const report = liveReport(terminalOf(screen), names, () => 0);
  for (const name of names) report.event(started(name));
  vi.advanceTimersByTime(1000);
  for (const stage of names) report.event({ event: "stage.progress", ...common, stage, share: 0.5 });
  vi.advanceTimersByTime(1000);
  expect(screen.lines()).toHaveLength(3);
  report.event({ event: "warning", ...common, message: "look" });
  expect(screen.lines()).toHaveLength(4);
  for (const stage of names) {
    const counts = { rowsIn: 1_000_000, rowsOut: 1_000_000, rejected: 0, durationMs: 123_456 };
    report.event({ event: "stage.finished", ...common, stage, attempt: 1, status: "succeeded", ...counts });
  }
  report.end();
  const lines = screen.lines();
  expect(lines).toHaveLength(4);
  expect(lines[0]).toBe("  warning: look");
  expect(lines.slice(1).every((line) => line.startsWith("  ✓ "))).toBe(true);
  expect(screen.widest).toBeLessThanOrEqual(width);
});

test("more stages than the window has lines: those that run are shown, and nothing scrolls away", () => {
  const screen = new Screen(80, 6);
  const names = Array.from({ length: 30 }, (_, index) => `stage_${index}`);
  const report = liveReport(terminalOf(screen), names, () => 0);
  for (const name of names.slice(0, 10)) report.event(started(name));
  vi.advanceTimersByTime(1000);
  expect(screen.lines().length).toBeLessThanOrEqual(4);
  expect(screen.scrolled).toBe(0);
  report.end();
});
