import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const canaries = join(root, "test/gates/lint");
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe("lint gates", () => {
  for (const name of readdirSync(canaries)) {
    const text = readFileSync(join(canaries, name), "utf8");
    const [, place = ""] = /^\/\/ place: (.+)$/m.exec(text) ?? [];
    const [, rule = ""] = /^\/\/ expects: (.+)$/m.exec(text) ?? [];

    it(`${rule} is caught`, () => {
      const folder = workspace();
      // A canary of a cycle stands in the neighbour's place; the neighbour then imports it back.
      if (place.endsWith("other.ts"))
        put(
          folder,
          "packages/runtime/src/canary.ts",
          'import { other } from "./other.ts";\n\nexport const one = other() - 1;\n',
        );
      put(folder, place, text);
      const { status, stdout, stderr } = biome(folder);
      expect(stdout + stderr).toContain(rule);
      expect(status).not.toBe(0);
    });
  }

  it("the same workspace without a canary is clean", () => {
    const { stdout, stderr, status } = biome(workspace());
    expect(`${stdout}${stderr}`).not.toContain("lint/");
    expect(status).toBe(0);
  });
});

describe("type gates", () => {
  it("a wrong type in a package fails the build", () => {
    const folder = workspace();
    put(folder, "packages/runtime/src/canary.ts", 'export const one: number = "1";\n');
    put(
      folder,
      "packages/runtime/tsconfig.json",
      JSON.stringify({
        extends: "../../tsconfig.base.json",
        compilerOptions: { rootDir: "src", outDir: "dist" },
        include: ["src"],
      }),
    );
    const result = spawnSync(
      process.execPath,
      [join(root, "node_modules/typescript/bin/tsc"), "-p", "packages/runtime"],
      { cwd: folder, encoding: "utf8" },
    );
    expect(result.stdout).toContain("TS2322");
    expect(result.status).not.toBe(0);
  });
});

describe("types of the example", () => {
  const args = ["--noEmit", "-p", "examples/chicago"];
  const check = (folder: string) =>
    spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), ...args], {
      cwd: folder,
      encoding: "utf8",
    });

  it("a wrong type in the example fails them, a right one does not", () => {
    const folder = workspace();
    put(folder, "examples/chicago/tsconfig.json", readFileSync(join(root, "examples/chicago/tsconfig.json"), "utf8"));
    put(folder, "examples/chicago/canary.ts", "export const one: number = 1;\n");
    expect(check(folder)).toMatchObject({ stdout: "", status: 0 });
    put(folder, "examples/chicago/pipelines/canary.ts", 'export const one: number = "1";\n');
    const { stdout, status } = check(folder);
    expect(stdout).toContain("examples/chicago/pipelines/canary.ts(1,14): error TS2322");
    expect(status).not.toBe(0);
    expect(readFileSync(join(root, "scripts/check.mjs"), "utf8")).toContain(
      JSON.stringify(args).slice(1, -1).replaceAll(",", ", "),
    );
  });
});

describe("lock file", () => {
  it("a platform package that is missing fails it, until it is repaired", () => {
    const folder = workspace();
    put(folder, "scripts/repair-lock.mjs", readFileSync(join(root, "scripts/repair-lock.mjs"), "utf8"));
    const packages = {
      "node_modules/tool": {
        version: "1.0.0",
        optionalDependencies: { "tool-linux-x64": "1.0.0", "tool-win32-x64": "1.0.0" },
      },
      "node_modules/tool-linux-x64": { version: "1.0.0", cpu: ["x64"], optional: true, os: ["linux"] },
    };
    put(folder, "package-lock.json", JSON.stringify({ packages }));
    const repair = (...args: string[]) =>
      spawnSync(process.execPath, ["scripts/repair-lock.mjs", ...args], { cwd: folder, encoding: "utf8" });
    const { stderr, status } = repair("--check");
    expect(stderr).toContain("package-lock.json lacks node_modules/tool-win32-x64, optional for node_modules/tool");
    expect(stderr).not.toContain("tool-linux-x64");
    expect(status).toBe(1);
    expect(repair().status).toBe(0);
    expect(repair("--check")).toMatchObject({ stderr: "", status: 0 });
  });
});

describe("documentation gates", () => {
  it("a broken link, an unknown command and code that is not quoted are caught, each by its rule", () => {
    const folder = workspace();
    for (const path of ["test/documentation.test.ts", "test/documentation", "test/gates/documentation"]) {
      cpSync(join(root, path), join(folder, path), { recursive: true });
    }
    cpSync(join(root, "test/gates/documentation/pages"), join(folder, "docs"), { recursive: true });
    for (const page of ["README", "ARCHITECTURE", "CONTRIBUTING", "CHANGELOG", "SECURITY"])
      put(folder, `${page}.md`, "");
    put(folder, "examples/quoted.ts", "export const one = 1;\n");
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const { stdout } = spawnSync(
      process.execPath,
      [vitest, "run", "--root", folder, "--reporter=json", "test/documentation.test.ts"],
      { cwd: folder, encoding: "utf8" },
    );
    const report = JSON.parse(stdout.slice(stdout.indexOf("{"))) as Report;
    const results = report.testResults.flatMap((file) => file.assertionResults);
    expect(results.filter(({ status }) => status === "failed").map(({ title }) => title)).toEqual([
      "docs/broken-link.md: every relative link leads to a file",
      "docs/unknown-command.md: every npm command exists",
      "code blocks that name a file of the repository hold its text",
    ]);
    const messages = results.flatMap(({ failureMessages }) => failureMessages).join("\n");
    expect(messages).toContain("docs/stale-quote.md quotes examples/quoted.ts");
    expect(results.filter(({ title }) => title.startsWith("docs/sound.md")).map(({ status }) => status)).toEqual([
      "passed",
      "passed",
    ]);
  });
});

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** A small workspace with the repository's own settings. */
function workspace(): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-gate-"));
  folders.push(folder);
  for (const file of ["biome.json", "package.json", "tsconfig.base.json"]) cpSync(join(root, file), join(folder, file));
  for (const name of ["core", "runtime"]) {
    mkdirSync(join(folder, "packages", name), { recursive: true });
    cpSync(join(root, "packages", name, "package.json"), join(folder, "packages", name, "package.json"));
  }
  put(
    folder,
    "packages/runtime/src/other.ts",
    "export interface Other {\n  readonly name: string;\n}\n\nexport const other = (): number => 1;\n",
  );
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

function put(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function biome(folder: string): ReturnType<typeof spawnSync> & { stdout: string; stderr: string } {
  const command = join(root, "node_modules/@biomejs/biome/bin/biome");
  return spawnSync(process.execPath, [command, "ci", "--error-on-warnings", "--colors=off", "packages"], {
    cwd: folder,
    encoding: "utf8",
  });
}
