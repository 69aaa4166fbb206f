import { expect, test } from "vitest";
import { inShell } from "./shell.ts";
import { sluice, sluiceOnce, templateProject } from "./sluice.ts";

test("a kept process answers as one that is started for each command", () => {
  using project = templateProject({
    "pipelines/ends.ts": "process.exit(0);\nexport default 1;\n",
    "pipelines/waits.ts": "await new Promise(() => {});\nexport default 1;\n",
  });
  for (const words of [
    ["query", "select count(*) as n from orders"],
    ["query", "select 'å' as x, $y as y", "--param", "y=1", "--json"],
    ["query", "select nope from orders"],
    ["plan", "sales", "--json"],
    ["check", "pipelines/ends.ts"],
    ["check", "pipelines/waits.ts", "--json"],
    ["query", "select repeat('x', 1000) as x from range(1100)"],
    ["runn"],
    ["--version"],
    ["query", "--help"],
    [],
  ]) {
    expect([words, sluice(project.root, words)]).toEqual([words, sluiceOnce(project.root, words)]);
  }
});

test("what a file prints while it is read stands beside the output", () => {
  const loud = 'console.log("loud");\nprocess.stderr.write("beside\\n");\nexport { default } from "../sales.ts";\n';
  using project = templateProject({ "pipelines/deep/loud.ts": loud });
  const words = ["plan", "pipelines/deep/loud.ts", "--json"];
  const kept = sluice(project.root, words);
  expect(kept).toEqual(sluiceOnce(project.root, words));
  expect(kept.error).toBe("loud\nbeside\n");
});

test("its environment is that of the call, and both outputs come together where a shell puts them so", () => {
  using project = templateProject();
  const asked = (environment: Readonly<Record<string, string>>): string =>
    sluice(project.root, ["query", "select nope from orders"], environment).error;
  expect(asked({ NO_COLOR: "", FORCE_COLOR: "1" })).toContain("\u001b[");
  expect(asked({})).not.toContain("\u001b[");
  for (const line of ["sluice query 'select nope from orders'", 'sluice query "select 1 as a"', "sluice runs"]) {
    expect([line, inShell(project.root, line)]).toEqual([line, inShell(project.root, `${line} | cat`)]);
  }
});
