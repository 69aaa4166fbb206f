import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sizeText } from "./check.ts";
import { clockFinding, folderFindings, memoryFinding, nodeFinding } from "./machine-checks.ts";

test("an old Node fails, a later one does not", () => {
  expect(nodeFinding("20.18.3")).toMatchObject({ status: "fail", hint: "install Node 20.19 or later" });
  expect(nodeFinding("20.19.0").status).toBe("ok");
  expect(nodeFinding("24.1.0").status).toBe("ok");
});

test("a clock that went back is found by the latest run", () => {
  const now = Date.UTC(2026, 5, 1);
  expect(clockFinding(Date.now(), undefined, tmpdir()).status).toBe("ok");
  expect(clockFinding(now, now + 3_600_000, tmpdir())).toMatchObject({
    status: "fail",
    message: "it says 2026-06-01T00:00:00.000Z, and the latest run began at 2026-06-01T01:00:00.000Z",
  });
  expect(clockFinding(0, undefined, tmpdir()).status).toBe("fail");
  // The disk's own clock is far from one of June.
  expect(clockFinding(Date.UTC(2024, 5, 1), undefined, tmpdir()).status).toBe("warn");
});

test("memory beyond the machine's is a doubt", () => {
  expect(memoryFinding(undefined).status).toBe("ok");
  expect(memoryFinding(1e18)).toMatchObject({ status: "warn", hint: expect.stringContaining("set memory") });
});

test("a folder that is not there yet is looked at where it would be made", () => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-doctor-"));
  try {
    const [finding, ...more] = folderFindings("state folder", join(folder, "a/b"));
    expect(finding?.name).toBe("state folder");
    expect(more).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("sizes", () => {
  expect([0, 999, 1500, 2.5e9, 123e9, 5e12].map(sizeText)).toEqual([
    "0 B",
    "999 B",
    "1.5 KB",
    "2.5 GB",
    "123 GB",
    "5.0 TB",
  ]);
});
