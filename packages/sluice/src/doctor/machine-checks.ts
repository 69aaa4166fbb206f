import { existsSync, mkdtempSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import type { Session } from "../composition.ts";
import { errorsOf } from "../failures.ts";
import { type Finding, fail, ok, sizeText, warn } from "./check.ts";

const LEAST_NODE = [20, 19] as const;

/** Whether this Node is one that sluice is tested with. */
export function nodeFinding(version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor, leastMinor] = LEAST_NODE;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return ok("node", version);
  return fail("node", `${version} is too old`, `install Node ${LEAST_NODE.join(".")} or later`);
}

/** Whether the engine loads, and answers. */
export async function engineFinding(session: Session): Promise<Finding> {
  try {
    const engine = await session.engine();
    const one = engine.compile(
      { kind: "values", columns: [{ name: "one", type: "int64", nullable: false }], rows: [["1"]] },
      { schemaOf: () => ({ columns: [] }), parameters: new Map() },
    );
    const rows = engine.rows(one, {
      inputs: new Map(),
      parameters: new Map(),
      constants: { now: new Date(0).toISOString(), today: "1970-01-01" },
      signal: session.signal,
    });
    for await (const [row] of rows) if (row?.[0] === 1) return ok("engine", `${engine.name} loads and answers`);
    return fail("engine", `${engine.name} answers wrongly`, "install the packages again: npm ci");
  } catch (thrown) {
    const message = errorsOf(thrown)[0]?.message ?? String(thrown);
    return fail("engine", `it does not load: ${message}`, "install the packages again, for this system: npm ci");
  }
}

const LOW_BYTES = 1e9;
const NO_BYTES = 100e6;

/** Whether a folder can be written, and how much its disk still takes. */
export function folderFindings(name: string, folder: string): readonly Finding[] {
  const there = existing(folder);
  const findings: Finding[] = [];
  try {
    const trial = mkdtempSync(join(there, ".sluice-doctor-"));
    try {
      writeFileSync(join(trial, "x"), "x");
    } finally {
      rmSync(trial, { recursive: true, force: true });
    }
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    findings.push(
      fail(name, `${folder} cannot be written (${code ?? thrown})`, "allow it with chmod, or work in a copy"),
    );
  }
  const { bavail, bsize } = statfsSync(there);
  const free = Number(bavail) * Number(bsize);
  const message = `${sizeText(free)} are free in ${folder}`;
  if (free < NO_BYTES) findings.push(fail(name, message, "free some space: runs need it for what they land"));
  else if (free < LOW_BYTES) findings.push(warn(name, message, "large runs need more for what they land"));
  else if (findings.length === 0) findings.push(ok(name, `${message}, and it can be written`));
  return findings;
}

/** Where what has no project is kept. */
export function temporaryFindings(): readonly Finding[] {
  return folderFindings("temporary folder", tmpdir());
}

/** Whether the engine may use more than there is. */
export function memoryFinding(configured: number | undefined): Finding {
  const limit = containerLimit();
  const all = Math.min(totalmem(), limit ?? Number.POSITIVE_INFINITY);
  const used = configured ?? Math.floor(totalmem() / 2);
  const said = configured === undefined ? "half of the machine's" : "as configured";
  const message = `the engine may use ${sizeText(used)} (${said}) of ${sizeText(all)}`;
  if (used <= all) return ok("memory", message);
  return warn("memory", message, `set memory in sluice.config.ts to at most "${Math.floor(all / 2e6)}MB"`);
}

/** What a container allows the process, where it says so. */
function containerLimit(): number | undefined {
  const limit = process.constrainedMemory?.();
  // Without a limit, the number is beyond any machine.
  return limit === undefined || limit <= 0 || limit > 2 ** 50 ? undefined : limit;
}

const SKEW_MS = 60_000;
/** sluice was not there before. */
const EARLIEST = Date.UTC(2024, 0, 1);

/** Whether the clock may be right: leases, run constants and the order of runs come from it. */
export function clockFinding(now: number, latestRun: number | undefined, folder: string): Finding {
  const shown = new Date(now).toISOString();
  if (now < EARLIEST) return fail("clock", `it says ${shown}, which is long past`, "set the clock of the machine");
  if (latestRun !== undefined && latestRun > now + SKEW_MS) {
    return fail(
      "clock",
      `it says ${shown}, and the latest run began at ${new Date(latestRun).toISOString()}`,
      "set the clock of the machine: it went back",
    );
  }
  const skew = diskSkew(folder, now);
  if (Math.abs(skew) <= SKEW_MS) return ok("clock", shown);
  const seconds = Math.round(skew / 1000);
  return warn("clock", `the disk of ${folder} is ${seconds} s away from it`, "set both clocks, for example by NTP");
}

/** The clock of a disk that another machine serves is that machine's. */
function diskSkew(folder: string, now: number): number {
  try {
    const trial = mkdtempSync(join(existing(folder), ".sluice-doctor-"));
    try {
      return statSync(trial).mtimeMs - now;
    } finally {
      rmSync(trial, { recursive: true, force: true });
    }
  } catch {
    // Said where the folder is looked at.
    return 0;
  }
}

/** The folder, or the one that it would be made in. */
function existing(folder: string): string {
  let at = folder;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}
