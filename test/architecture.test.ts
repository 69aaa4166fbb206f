import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readDiagram, rules } from "./architecture/rules.ts";
import { readTree } from "./architecture/tree.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const gates = fileURLToPath(new URL("gates/architecture/", import.meta.url));
const diagram = readDiagram(readFileSync(`${root}ARCHITECTURE.md`, "utf8"));
const files = readTree(root);

describe("architecture", () => {
  it("draws every package", () => {
    const packages = new Set(files.map(({ path }) => path.split("/")[1] ?? ""));
    const drawn = new Set(
      [...diagram].flatMap(([from, to]) => [from, ...to]).map((name) => name.replace("@sluice/", "")),
    );
    expect([...packages].filter((name) => !drawn.has(name))).toEqual([]);
  });

  for (const [name, rule] of Object.entries(rules)) {
    it(name, () => {
      expect(rule(files, diagram)).toEqual([]);
    });

    it(`${name}: its canary is caught`, () => {
      expect(rule(readTree(`${gates}${name}`), diagram)).not.toEqual([]);
    });
  }

  it("keeps no canary of a rule that is gone", () => {
    expect(readdirSync(gates).sort()).toEqual(Object.keys(rules).sort());
  });
});
