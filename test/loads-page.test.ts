import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inShell } from "./cli/shell.ts";
import { type TestProject, testProject } from "./cli/sluice.ts";

const path = fileURLToPath(new URL("../docs/loads.md", import.meta.url));
const page = readFileSync(path, "utf8");
let project: TestProject;
beforeAll(() => {
  project = testProject({});
});
afterAll(() => project[Symbol.dispose]());

/** Runs the commands of a block one after the other; each is followed by what it prints. */
function session(block: string): string {
  const commands = block.split("\n").filter((line) => line.startsWith("$ "));
  const shown = commands.map((line) => {
    const printed = inShell(project.root, line.slice(2)).trimEnd();
    return `${line}\n${printed === "" ? "" : `${printed}\n`}`;
  });
  return shown.join("");
}

it("prints in each example what the page shows", () => {
  const found = page.replaceAll(
    /^```console\n([\s\S]*?)^```/gm,
    (_, block: string) => `\`\`\`console\n${session(block)}\`\`\``,
  );
  if (process.env.SLUICE_UPDATE === "1") writeFileSync(path, found);
  else expect(page).toBe(found);
});

it("is told by every suite of a sink what it did", () => {
  const adapters = fileURLToPath(new URL("../adapters/", import.meta.url));
  for (const name of readdirSync(adapters)) {
    const file = `${adapters}${name}/src/conformance.test.ts`;
    if (!existsSync(file)) continue;
    const text = readFileSync(file, "utf8");
    if (text.includes("describeSink("))
      expect(text, `${file}: give a harness a name in \`report\``).toMatch(/\breport: /);
  }
});
