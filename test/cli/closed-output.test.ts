import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMAND, type TestProject, templateProject } from "./sluice.ts";

function piped(project: TestProject, words: string): { readonly out: string; readonly error: string } {
  const command = `"${process.execPath}" "${COMMAND}" ${words} | head -1`;
  const { stdout, stderr } = spawnSync("sh", ["-c", command], { cwd: project.root, encoding: "utf8" });
  return { out: stdout, error: stderr };
}

test("a reader that takes one line and goes ends a command quietly", () => {
  using project = templateProject();
  expect(piped(project, "plan sales")).toEqual({
    out: expect.stringMatching(/^.*sales.*plan [0-9a-f]{12}\n$/),
    error: "",
  });
  expect(piped(project, "plan sales --json")).toEqual({ out: expect.stringMatching(/^\{.*\}\n$/), error: "" });
  for (const words of [
    "copy orders -",
    "query 'from orders' --format csv",
    "profile orders",
    "doctor",
    "trace sales --where 'true'",
    "list",
  ]) {
    expect([words, piped(project, words)]).toEqual([words, { out: expect.stringMatching(/^.*\n$/), error: "" }]);
  }
  expect(piped(project, "show orders")).toEqual({ out: expect.stringContaining("orders"), error: "" });
});

test("of a huge log too, and what is read whole is whole", () => {
  using project = templateProject();
  expect(project.run(["run"]).status).toBe(0);
  const [{ id }] = JSON.parse(project.run(["runs", "--json"]).out);
  const folder = join(project.root, ".sluice/logs/sales", id);
  const [file = ""] = readdirSync(folder);
  const line = { event: "message", run: id, at: "2026-01-01T00:00:00.000Z", level: "info", message: "x".repeat(400) };
  const lines = 20_000;
  appendFileSync(join(folder, file), `${JSON.stringify(line)}\n`.repeat(lines));
  expect(piped(project, `logs ${id}`).error).toBe("");
  const command = `"${process.execPath}" "${COMMAND}" logs ${id} | grep -c xxx`;
  const { stdout } = spawnSync("sh", ["-c", command], { cwd: project.root, encoding: "utf8" });
  expect(stdout).toBe(`${lines}\n`);
});

test.skipIf(!existsSync("/dev/full"))("standard output on a full disk is called what every full disk is", () => {
  using project = templateProject();
  for (const words of ["copy orders -", "query 'from orders'", "profile orders", "doctor", "list --json"]) {
    const command = `"${process.execPath}" "${COMMAND}" ${words} > /dev/full`;
    const { status, stderr } = spawnSync("sh", ["-c", command], { cwd: project.root, encoding: "utf8" });
    expect(stderr).toBe(
      "error[denied: disk-full]: standard output cannot be written: no space left on the device\n   = free some space, then run it again or resume the run\n",
    );
    expect(status).toBe(1);
  }
});
