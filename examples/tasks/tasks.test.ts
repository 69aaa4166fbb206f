import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sluice } from "../../test/cli/sluice.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
let folder: string;

beforeAll(() => {
  // A copy, so that a run leaves nothing in the repository.
  folder = realpathSync(mkdtempSync(join(tmpdir(), "sluice-tasks-")));
  for (const name of ["sluice.config.ts", "data", "pipelines", "schemas", "tasks"]) {
    cpSync(join(here, name), join(folder, name), { recursive: true });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (path: string): string => readFileSync(join(folder, path), "utf8");

/** Runs it, and gives the id of the run. */
function run(): string {
  const { status, out, error } = sluice(folder, ["run", "pipelines/tickets.ts", "--frozen"]);
  expect(error).toBe("");
  expect(status).toBe(0);
  return /\(run (\w+)\)/.exec(out)?.[1] ?? "";
}

describe("the example of tasks", () => {
  it("scores tickets, takes the highest, and tells of those that cannot wait", () => {
    const id = run();
    const scores = { 104: 5 + 4 + 71 / 24, 108: 5 + 4 + 26 / 24, 102: 5 + 2 / 24 };
    expect(read("out/first.csv")).toBe(
      `ticket_id,customer,score\n104,Edsger,${scores[104].toFixed(2)}\n108,Grace,${scores[108].toFixed(2)}\n102,Linus,${scores[102].toFixed(2)}\n`,
    );
    const alarm = read("out/alarm.ndjson").trimEnd().split("\n");
    expect(alarm.map((line) => JSON.parse(line) as unknown)).toEqual([
      { ticket_id: 102, score: scores[102], words: ["down"] },
      { ticket_id: 104, score: scores[104], words: ["lost", "crash"] },
      { ticket_id: 108, score: scores[108], words: ["down", "missing"] },
    ]);
    expect(existsSync(join(folder, "out/quiet.csv"))).toBe(false);
    expect(sluice(folder, ["logs", id, "scored"]).out).toContain("10 tickets scored");
  });

  it("goes the other way where the value says so", () => {
    rmSync(join(folder, "out"), { recursive: true });
    const lines = read("data/tickets.csv").split("\n");
    writeFileSync(join(folder, "data/tickets.csv"), [lines[0], lines[3], lines[5], ""].join("\n"));
    run();
    expect(read("out/quiet.csv")).toBe("last\n2026-03-02 10:00:00\n");
    expect(existsSync(join(folder, "out/alarm.ndjson"))).toBe(false);
  });

  it("has equal definitions in both forms", () => {
    const definition = (file: string): unknown =>
      (JSON.parse(sluice(folder, ["plan", file, "--json"]).out) as { readonly definition: unknown }).definition;
    expect(definition("pipelines/tickets.yaml")).toEqual(definition("pipelines/tickets.ts"));
  });
});
