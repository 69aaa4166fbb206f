import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sluice, type TestProject, testProject } from "../cli/sluice.ts";

const PIPELINE = `import { definePipeline, file, load, transform } from "sluice";
import { rows } from "../schemas/index.ts";

const late = transform({ name: "late", query: rows.filter((c) => c.seen.gt("2024-03-10T01:00:00")).derive((c) => ({ hour: c.seen.hour(), day: c.seen.truncate("day") })).sort((c) => [c.id.asc()]) });

export default definePipeline({ name: "p", steps: [load({ name: "load_late", from: late, into: file("out/late.csv") })] });
`;

function project(): TestProject {
  const made = testProject({
    "sluice.config.ts": `import { csv, defineConfig } from "sluice";\nexport default defineConfig({ project: "zones", datasets: { rows: csv("data/rows.csv") } });\n`,
    // Around the hour that Chicago skips.
    "data/rows.csv":
      "id,seen\n1,2024-03-10T01:30:00\n2,2024-03-10T02:30:00\n3,2024-03-10T03:30:00\n4,2024-11-03T01:30:00\n",
    "pipelines/p.ts": PIPELINE,
  });
  const synced = made.run(["sync"]);
  expect(synced.error).toBe("");
  return made;
}

const hashOf = (folder: string): string => {
  const { out, error } = sluice(folder, ["plan", "p", "--json"]);
  expect(error).toBe("");
  return String((JSON.parse(out) as { hash: string }).hash);
};

describe("the same everywhere", () => {
  it("TZ=UTC and TZ=America/Chicago give the same bytes", () => {
    using made = project();
    const texts = ["UTC", "America/Chicago"].map((zone) => {
      const run = made.run(["run"], { TZ: zone });
      expect(run.error).toBe("");
      expect(run.status).toBe(0);
      return readFileSync(join(made.root, "out/late.csv"));
    });
    expect(texts[0]?.equals(texts[1] ?? Buffer.alloc(0))).toBe(true);
    expect(texts[0]?.toString()).toContain("2024-03-10");
    using again = project();
    expect(again.run(["sync"], { TZ: "America/Chicago" }).status).toBe(0);
    expect(readFileSync(join(again.root, "schemas/rows.json"), "utf8")).toBe(
      readFileSync(join(made.root, "schemas/rows.json"), "utf8"),
    );
  });

  it("a project copied elsewhere has the same plan hash; a run before does not change it", () => {
    using made = project();
    const before = hashOf(made.root);
    const copy = realpathSync(mkdtempSync(join(tmpdir(), "sluice-copied-")));
    try {
      cpSync(made.root, copy, { recursive: true });
      expect(hashOf(copy)).toBe(before);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
    expect(made.run(["run"]).status).toBe(0);
    expect(hashOf(made.root)).toBe(before);
  });

  it("a blank line on top keeps the hash, a changed constant changes it", () => {
    using made = project();
    const before = hashOf(made.root);
    writeFileSync(join(made.root, "pipelines/p.ts"), `\n\n${PIPELINE}`);
    expect(hashOf(made.root)).toBe(before);
    writeFileSync(join(made.root, "pipelines/p.ts"), PIPELINE.replace("01:00:00", "01:00:01"));
    expect(hashOf(made.root)).not.toBe(before);
  });
});
