import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runKept } from "./kept-command.ts";

/** The command as it is built; `npm test` builds it first. */
export const COMMAND = fileURLToPath(new URL("../../packages/sluice/bin/sluice.js", import.meta.url));

export interface Finished {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
}

const ENVIRONMENT = { NO_COLOR: "1", CI: "" };

/** These are about the process: who is killed or stopped takes no kept one along. */
const OF_A_PROCESS = ["SLUICE_CRASH_AT", "SLUICE_STOP_AT", "NODE_OPTIONS", "TMPDIR", "TZ"];

/**
 * Runs the command to its end: in a process that is kept, where nothing in the environment is about processes. It evaluates
 * an author's file once for each text, and lives on: what is about that is shown with `sluiceOnce`. `SLUICE_TEST_KEEP=0`
 * gives each command a process of its own.
 */
export function sluice(
  folder: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Finished {
  if (process.env.SLUICE_TEST_KEEP === "0" || OF_A_PROCESS.some((name) => Object.hasOwn(environment, name))) {
    return sluiceOnce(folder, words, environment);
  }
  const whole = { ...process.env, ...ENVIRONMENT, ...environment };
  return runKept({ folder, words, environment: whole }) ?? sluiceOnce(folder, words, environment);
}

/** Runs the command to its end in a process of its own. */
export function sluiceOnce(
  folder: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...words], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: Number.POSITIVE_INFINITY,
    env: { ...process.env, ...ENVIRONMENT, ...environment },
  });
  return { status, out: stdout, error: stderr };
}

/** Starts the command, to be waited for or stopped. */
export function start(
  folder: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): { readonly process: ChildProcess; readonly finished: Promise<Finished>; line(has: string): Promise<string> } {
  const child = spawn(process.execPath, [COMMAND, ...words], {
    cwd: folder,
    env: { ...process.env, ...ENVIRONMENT, ...environment },
  });
  let out = "";
  let error = "";
  const waiting = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString("utf8");
    for (const look of waiting) look();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    error += chunk.toString("utf8");
  });
  const finished = new Promise<Finished>((resolve) => {
    child.on("close", (status) => resolve({ status, out, error }));
  });
  return {
    process: child,
    finished,
    line: (has) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          // What comes behind the last line end may be half a line.
          const found = out
            .split("\n")
            .slice(0, -1)
            .find((line) => line.includes(has));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void finished.then(() => reject(new Error(`it ended without "${has}": ${out}\n${error}`)));
      }),
  };
}

/** A project in a folder of its own, that goes with it. */
export interface TestProject extends Disposable {
  readonly root: string;
  write(path: string, text: string): string;
  has(path: string): boolean;
  run(words: readonly string[], environment?: Readonly<Record<string, string>>): Finished;
  /** The same files in a folder of their own. */
  copy(): TestProject;
}

/** An empty folder, or a project of these files. */
export function testProject(files: Readonly<Record<string, string>> = {}): TestProject {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "sluice-cli-")));
  const write = (path: string, text: string): string => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  return {
    root,
    copy() {
      const copied = testProject();
      cpSync(root, copied.root, { recursive: true });
      return copied;
    },
    write,
    has: (path) => existsSync(join(root, path)) && statSync(join(root, path)).size > 0,
    run: (words, environment) => sluice(root, words, environment),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The project that `sluice init` writes, without starting the command for it. */
export function templateProject(files: Readonly<Record<string, string>> = {}): TestProject {
  const project = testProject();
  const template = fileURLToPath(new URL("../../packages/sluice/template", import.meta.url));
  cpSync(template, project.root, { recursive: true });
  project.write("sluice.config.ts", CONFIG);
  for (const [path, text] of Object.entries(files)) project.write(path, text);
  return project;
}

const CONFIG = `import { csv, defineConfig } from "sluice";

export default defineConfig({ project: "test", datasets: { orders: csv("data/orders.csv", { required: ["order_id"], types: { amount: "decimal(10,2)" } }) } });
`;

/** Lines of NDJSON. */
export function jsonLines(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}
