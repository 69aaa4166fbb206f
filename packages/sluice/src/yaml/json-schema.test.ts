import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { violations } from "./violations.fixture.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const file = createRequire(import.meta.url).resolve("sluice/pipeline.schema.json");
const schema = JSON.parse(readFileSync(file, "utf8"));
const pipelines = ["examples", "packages/sluice/template"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /^(?!.*node_modules).*pipelines[/\\][^/\\]+\.yaml$/.test(path))
    .map((path) => join(folder, path)),
);

test("there are pipelines to hold against the schema that editors read", () => {
  expect(pipelines).toContain(join("examples", "chicago", "pipelines", "chicago.yaml"));
});

describe.each(pipelines)("%s", (path) => {
  const text = readFileSync(join(root, path), "utf8");

  test("fits the schema, and with a misspelt key does not", () => {
    expect(violations(schema, text)).toEqual([]);
    expect(violations(schema, text.replace("\nsteps:", "\nstep:"))).not.toEqual([]);
  });

  test("names the schema in its first line, where an editor finds it", () => {
    const [, place = ""] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
    const found = new URL(place, pathToFileURL(join(root, path)));
    expect(readFileSync(found, "utf8")).toBe(readFileSync(file, "utf8"));
  });
});
