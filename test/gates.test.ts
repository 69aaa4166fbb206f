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
