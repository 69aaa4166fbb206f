import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LogLine, openRunLog, readLog, runLogPath } from "./run-log.ts";

let stateFolder = "";
beforeEach(() => {
  stateFolder = mkdtempSync(join(tmpdir(), "sluice-log-"));
});
afterEach(() => rmSync(stateFolder, { recursive: true, force: true }));

const line = (message: string): LogLine => ({ event: "warning", run: "r", at: "2026-01-01T00:00:00.000Z", message });

test("a resumed run appends to its log; a line cut by a crash is left out", async () => {
  const request = { stateFolder, pipeline: "test", run: "r" };
  const first = openRunLog(runLogPath(request), () => undefined);
  first.write(line("one"));
  first.close();
  appendFileSync(runLogPath(request), '{"event":"warn');
  const second = openRunLog(runLogPath(request), () => undefined);
  second.write(line("two"));
  second.write(line("three"));
  second.close();
  expect(await readLog(request)).toEqual([line("one"), line("two"), line("three")]);
});

test("a log that cannot be written is said once and stops nothing", () => {
  writeFileSync(join(stateFolder, "logs"), "in the way");
  const said: string[] = [];
  const log = openRunLog(runLogPath({ stateFolder, pipeline: "test", run: "r" }), (message) => said.push(message));
  log.write(line("one"));
  log.write(line("two"));
  log.close();
  expect(said).toHaveLength(1);
  expect(said[0]).toContain("cannot be written");
});
