import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const fixtures = fileURLToPath(new URL("fixtures", import.meta.url));
const tsc = join(root, "node_modules/.bin/tsc");

/** A folder in which `sluice` is the declarations of the present sources, as a user's project sees them. */
export interface Project {
  readonly folder: string;
  /** Checks files of the folder, and gives what the compiler prints. */
  check(files: readonly string[], ...options: readonly string[]): string;
  remove(): void;
}

export function createProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), "typed-builder-"));
  const strict = {
    target: "es2023",
    lib: ["es2023", "esnext.disposable"],
    module: "nodenext",
    moduleResolution: "nodenext",
    types: [],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
  };
  const emit = {
    extends: join(root, "packages/core/tsconfig.json"),
    compilerOptions: {
      composite: false,
      incremental: false,
      emitDeclarationOnly: true,
      declarationMap: false,
      outDir: join(folder, "core"),
      rootDir: join(root, "packages/core/src"),
      tsBuildInfoFile: null,
    },
    include: [],
    files: [join(root, "packages/core/src/index.ts")],
  };
  writeFileSync(join(folder, "emit.json"), JSON.stringify(emit));
  run(["-p", "emit.json"], folder);
  // They end in .txt here, since they are no part of the repository's own programs: some of them are wrong on purpose.
  for (const name of readdirSync(fixtures)) cpSync(join(fixtures, name), join(folder, name.replace(/\.txt$/, "")));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const paths = { "@sluice/core": ["./core/index.d.ts"], sluice: ["./sluice.ts"] };
  return {
    folder,
    check(files, ...options) {
      const config = { compilerOptions: { ...strict, paths }, files };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
      return run(
        [
          "-p",
          "tsconfig.json",
          ...(options.includes("--declaration") ? [] : ["--noEmit"]),
          "--pretty",
          "false",
          ...options,
        ],
        folder,
      );
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function run(args: readonly string[], folder: string): string {
  const { stdout, error } = spawnSync(tsc, args, { cwd: folder, encoding: "utf8" });
  if (error !== undefined) throw error;
  return stdout;
}
