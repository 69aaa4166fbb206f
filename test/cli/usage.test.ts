import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jsonLines, sluice, templateProject, testProject } from "./sluice.ts";

test("--help and --version answer without a project", () => {
  using folder = testProject();
  expect(folder.run(["--version"])).toMatchObject({ status: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  expect(JSON.parse(folder.run(["--version", "--json"]).out)).toEqual({ version: expect.any(String) });
  expect(JSON.parse(folder.run(["--json", "--version"]).out)).toEqual({ version: expect.any(String) });
  expect(folder.run(["--verbose", "-v"]).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(folder.run([]).out).toBe(folder.run(["--help"]).out);
  for (const name of [
    "init",
    "run",
    "plan",
    "list",
    "show",
    "preview",
    "trace",
    "check",
    "sync",
    "convert",
    "runs",
    "logs",
  ]) {
    expect(folder.run([name, "--help"])).toMatchObject({
      status: 0,
      out: expect.stringContaining(`Usage: sluice ${name}`),
    });
  }
});

test.each([
  [["rnu"], '"rnu" is not a command'],
  [["--verison"], 'did you mean "--version"?'],
  [["-x"], '"sluice" has no option "-x"'],
  [["--json=1", "--jsno"], 'did you mean "--json"?'],
  [["help", "foo"], '"foo" is not a command'],
  [["help", "rnu"], 'did you mean "run"?'],
  [["runs", "--limit", "0"], '--limit is a whole number from 1 on, not "0"'],
  [["run", "pipelines/"], "pipelines/ is a folder, not the file of a pipeline"],
  [["check", "--fozen"], '"sluice check" has no option "--fozen"'],
  [["preview", "sales"], '"sluice preview" needs <pipeline> and <step>'],
  [["run", "--param", "x"], '"x" is not a parameter and its value'],
  [["convert", "sales", "--to", "json"], '"json" is no form'],
  [["runs", "--limit", "many"], '--limit is a whole number from 1 on, not "many"'],
  [["run", "--reread"], "--reread needs --resume"],
  [["runs", "--limit", "99999999999999"], '--limit is at most 999999999, not "99999999999999"'],
  [["init", "sluice.config.ts/x"], "sluice.config.ts is a file\n   = name a folder that is empty"],
])("%j is wrong use: exit 2", (words, message) => {
  using project = templateProject();
  const { status, out, error } = project.run(words);
  expect([status, out]).toEqual([2, ""]);
  expect(error).toContain(message);
});

test("outside of a project every command that needs one says so: exit 2", () => {
  using folder = testProject();
  for (const words of [["run"], ["plan", "x"], ["list"], ["check"], ["sync"], ["runs"], ["logs", "x"]]) {
    const { status, error } = folder.run(words);
    expect([words, status]).toEqual([words, 2]);
    expect(error).toContain("no sluice.config.ts is in");
    expect(error).toContain('make a project with "sluice init my-project"');
  }
});

test("with --json an error is one object on standard output, its text on standard error", () => {
  using folder = testProject();
  const { status, out, error } = folder.run(["list", "--json"]);
  expect(status).toBe(2);
  expect(jsonLines(out)).toEqual([
    {
      error: expect.objectContaining({ code: "config", message: expect.stringContaining("no sluice.config.ts") }),
      errors: [expect.objectContaining({ code: "config" })],
    },
  ]);
  expect(error).toContain("error[config]: no sluice.config.ts");
  const run = jsonLines(folder.run(["run", "--json"]).out);
  expect(run).toEqual([
    expect.objectContaining({
      event: "run.finished",
      run: null,
      status: "failed",
      steps: {},
      error: expect.anything(),
    }),
  ]);
});

test("NO_COLOR wins over FORCE_COLOR; a pipe has no colours", () => {
  using folder = testProject();
  const { error } = folder.run(["list"]);
  expect(error).not.toContain("\u001b[");
  const forced = sluice(folder.root, ["list"], { NO_COLOR: "", FORCE_COLOR: "1" });
  expect(forced.error).toContain("\u001b[31m");
  expect(sluice(folder.root, ["list"], { NO_COLOR: "1", FORCE_COLOR: "1" }).error).not.toContain("\u001b[");
});

test("no stack of the reporter where a run failed", () => {
  using project = templateProject();
  expect(project.run(["sync"]).status).toBe(0);
  rmSync(join(project.root, "data", "orders.csv"));
  const { status, error } = project.run(["run", "--verbose"]);
  expect(status).toBe(1);
  expect(error).toContain("data/orders.csv does not exist");
  expect(error).not.toMatch(/^\s+at /m);
});

test("a stack only with --verbose", () => {
  using folder = testProject();
  expect(folder.run(["list"]).error).not.toContain("    at ");
  expect(folder.run(["list", "--verbose"]).error).toContain("    at ");
});

test("options may stand before the command", () => {
  using folder = testProject();
  using project = templateProject();
  const { status, out } = folder.run(["--project", project.root, "--json", "list"]);
  expect(status).toBe(0);
  expect(JSON.parse(out).pipelines).toMatchObject([{ name: "sales" }]);
  expect(folder.run(["--project", "list", "list"]).error).toContain("there is no sluice.config.ts in");
  expect(folder.run(["--json", "list", "--help"]).out).toContain("Usage: sluice list");
  expect(jsonLines(folder.run(["--project", "x", "run", "--json"]).out)).toMatchObject([{ event: "run.finished" }]);
});

test("names of runs, steps and pipelines that there are not are said with the closest: exit 2", () => {
  using project = templateProject();
  expect(project.run(["runs", "sales"])).toMatchObject({ status: 0, out: 'no runs yet of "sales"\n' });
  expect(project.run(["runs", "salse"])).toMatchObject({ status: 2, error: expect.stringContaining('"sales"?') });
  expect(project.run(["run"]).status).toBe(0);
  const [{ id }] = JSON.parse(project.run(["runs", "--json"]).out);
  expect(project.run(["logs", id, "publish"])).toMatchObject({ status: 0, out: expect.stringContaining("publish") });
  const { status, error } = project.run(["logs", id, "pubilsh"]);
  expect([status, error]).toEqual([2, expect.stringContaining('did you mean "publish"?')]);
});

test("the usage of convert shows its form; CI=1 is a build server too", () => {
  using project = templateProject({
    "pipelines/x.yaml": "name: x\nsteps:\n  a: { transform: { from: { file: data/orders.csv } } }\n",
  });
  expect(project.run(["convert", "--help"]).out).toContain("Usage: sluice convert <pipeline> --to yaml");
  expect(project.run(["check"], { CI: "1" }).error).toContain("not frozen");
  expect(project.run(["check"], { CI: "false" }).status).toBe(0);
});

test("a file in the place of a folder is said: exit 2", () => {
  for (const name of ["pipelines", ".sluice"]) {
    using project = templateProject();
    rmSync(join(project.root, name), { recursive: true, force: true });
    project.write(name, "x");
    const { status, error } = project.run(["check"]);
    expect([name, status, error]).toEqual([name, 2, expect.stringContaining(`/${name} is a file, and should be a`)]);
  }
});

test("a dataset that is named twice is looked at once", () => {
  using project = templateProject();
  expect(JSON.parse(project.run(["sync", "orders", "orders", "--json"]).out).datasets).toHaveLength(1);
});

test("run() refuses an option that it does not know", async () => {
  const { definePipeline, run, transform, values } = await import("sluice");
  const step = transform({ name: "a", query: values({ x: "int64" }, [{ x: 1 }]) });
  const pipeline = definePipeline({ name: "p", steps: [step] });
  await expect(run(pipeline, { stepp: "a" } as never)).rejects.toMatchObject({
    message: 'run has no option "stepp"',
    hint: 'did you mean "step"?',
  });
});
