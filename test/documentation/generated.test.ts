import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;

/** What `generate.mjs` does in a copy of the repository. */
function generate(...words: readonly string[]): { readonly status: number | null; readonly lines: readonly string[] } {
  const script = join(folder, "scripts/generate.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...words], { encoding: "utf8" });
  return { status, lines: `${stdout}${stderr}`.split("\n").filter((line) => line !== "") };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-generate-"));
  for (const path of [
    "scripts",
    "adapters/duckdb/kernel",
    "adapters/duckdb/src/text-columns/kernel.generated.ts",
    "adapters/postgres/kernel",
    "adapters/postgres/src/binary/kernel.generated.ts",
    "docs/functions.md",
    "docs/loads.md",
    "packages/conformance/reports",
    "packages/core/src",
    "packages/sluice/package.json",
    "packages/sluice/dist",
    "packages/sluice/pipeline.schema.json",
  ]) {
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the gate of generated sources", () => {
  it("passes where every file is what its source gives", () => {
    expect(generate("--check")).toEqual({ status: 0, lines: [] });
  });

  it("the canary: stale and missing files fail it by name, and are left as they are", () => {
    appendFileSync(join(folder, "docs/functions.md"), "\nStale.\n");
    rmSync(join(folder, "packages/core/src/builder/aggregates.generated.ts"));
    writeFileSync(join(folder, "packages/sluice/pipeline.schema.json"), "{}\n");
    for (const _ of ["first", "again"]) {
      expect(generate("--check")).toEqual({
        status: 1,
        lines: [
          "packages/core/src/builder/aggregates.generated.ts is stale: npm run generate",
          "docs/functions.md is stale: npm run generate",
          "packages/sluice/pipeline.schema.json is stale: npm run generate",
        ],
      });
    }
  });

  it("writes what was stale, and then passes", () => {
    expect(generate().status).toBe(0);
    expect(generate("--check")).toEqual({ status: 0, lines: [] });
  });
});
