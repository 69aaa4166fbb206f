// One trial: a first run, a second one that a fault meets, and a count by others.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { must } from "./command.mjs";
import * as faults from "./faults.mjs";
import { TARGETS, writeProject, writeSource } from "./project.mjs";
import { afterLoad, difference, FIRST, SECOND } from "./workload.mjs";

/** Modes in which a second run over the same rows changes nothing, so that one may simply run again. */
const REPEATABLE = new Set(["replace", "merge", "insert-only", "delete+insert", "overwrite"]);

/** Which fault a trial meets, from its own random numbers; every named point is as likely as any other. */
export function chooseFault(mode, random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const kinds = ["named", "named", "named", "random", "random", "often", "zombie"];
  if (REPEATABLE.has(mode)) kinds.push("state", "again");
  const kind = pick(kinds);
  switch (kind) {
    case "random":
      return { kind, ms: Math.floor(random() * 1500) };
    case "often":
      return { kind, points: [pick(faults.NAMED), pick(faults.NAMED), pick(faults.NAMED)] };
    case "zombie":
      return {
        kind,
        point: pick(faults.NAMED.filter((point) => point.startsWith("load.") || point.startsWith("stage."))),
        wakes: pick(["after", 0, 200, 400, 600, 800]),
      };
    case "again":
      return { kind };
    default:
      return { kind, point: pick(faults.NAMED) };
  }
}

async function meet(folder, fault) {
  switch (fault.kind) {
    case "named":
      return faults.killedAt(folder, fault.point);
    case "random":
      return faults.killedAfter(folder, fault.ms);
    case "often":
      return faults.killedOften(folder, fault.points);
    case "zombie":
      return faults.zombie(folder, fault.point, fault.wakes);
    case "state":
      return faults.stateLost(folder, fault.point);
    default:
      await must(folder, ["run", "--json"]);
      await must(folder, ["run", "--json"]);
  }
}

/** A project in which the first run has succeeded; trials are copies of it. */
export async function prepare(sink, mode) {
  const folder = mkdtempSync(join(tmpdir(), "sluice-chaos-"));
  writeProject(folder, sink, mode);
  writeSource(folder, FIRST);
  await must(folder, ["sync"]);
  await must(folder, ["run", "--json"]);
  return folder;
}

/**
 * @returns {Promise<{ lost: number, doubled: number }>} rows, over all targets
 */
export async function trial({ sink, mode, fault, from }) {
  const folder = mkdtempSync(join(tmpdir(), "sluice-chaos-"));
  try {
    cpSync(from, folder, { recursive: true, verbatimSymlinks: true });
    writeSource(folder, SECOND);
    await meet(folder, fault);
    const expected = afterLoad(mode, FIRST, SECOND);
    const total = { lost: 0, doubled: 0 };
    for (const target of TARGETS) {
      const { lost, doubled } = difference(expected, await sink.read(folder, target));
      total.lost += lost;
      total.doubled += doubled;
    }
    return total;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
