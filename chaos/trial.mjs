// One trial: a first run, a second one that a fault meets, and a count by others.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { must } from "./command.mjs";
import * as faults from "./faults.mjs";
import { TARGETS, writeProject, writeSource } from "./project.mjs";
import { afterLoad, difference, workload } from "./workload.mjs";

/** Whether a second run over the same source changes nothing, so that one may simply run again. */
const isRepeatable = ({ mode, reading }) => reading === "new" || mode !== "append";

/** About as long as a load of many rows takes. */
const LARGE_LOAD_MS = 800;

/** Which fault a trial meets, from its own random numbers; every named point is as likely as any other. */
export function chooseFault(one, random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const kinds = ["named", "named", "named", "random", "random", "often", "zombie"];
  // What a large load is in the middle of has no name.
  if (one.scale > 1) kinds.push(...Array.from({ length: 12 }, () => "load"));
  if (isRepeatable(one)) kinds.push("state", "again");
  if (one.sink.prune !== undefined && one.reading === "whole") kinds.push("pruned");
  const kind = pick(kinds);
  const grows = one.reading === "new" && random() < 0.5;
  switch (kind) {
    case "random":
      return { kind, grows, ms: Math.floor(random() * 1500) };
    case "load":
      return { kind, grows, target: pick(TARGETS), ms: Math.floor(random() * LARGE_LOAD_MS) };
    case "often":
      return { kind, grows, points: [pick(faults.NAMED), pick(faults.NAMED), pick(faults.NAMED)] };
    case "zombie":
      return {
        kind,
        grows,
        point: pick(faults.NAMED.filter((point) => point.startsWith("load.") || point.startsWith("stage."))),
        wakes: pick(["after", 0, 200, 400, 600, 800]),
      };
    case "again":
      return { kind, grows };
    default:
      return { kind, grows, point: pick(faults.NAMED) };
  }
}

async function meet(scene, { sink, reading }, fault) {
  switch (fault.kind) {
    case "pruned":
      await sink.prune(scene.folder);
      return faults.killedAt(scene, fault.point);
    case "named":
      return faults.killedAt(scene, fault.point);
    case "random":
    case "load":
      return faults.killedAfter(scene, fault.ms, fault.target);
    case "often":
      return faults.killedOften(scene, fault.points);
    case "zombie":
      return faults.zombie(scene, fault.point, fault.wakes, reading === "new");
    case "state":
      return faults.stateLost(scene, fault.point);
    default:
      return faults.again(scene);
  }
}

/** A project in which the first run has succeeded; trials are copies of it, or made like it. */
export async function prepare({ sink, mode, reading, scale }) {
  const folder = mkdtempSync(join(tmpdir(), "sluice-chaos-"));
  await sink.create?.(folder);
  writeProject(folder, sink, mode, reading);
  const { first, begun } = workload(scale);
  writeSource(folder, reading, reading === "whole" ? first : begun);
  await must(folder, ["sync"]);
  await must(folder, ["run", "--json"]);
  return folder;
}

async function copyOf(from, sink) {
  const folder = mkdtempSync(join(tmpdir(), "sluice-chaos-"));
  cpSync(from, folder, { recursive: true, verbatimSymlinks: true });
  await sink.fork?.(from, folder);
  return folder;
}

/**
 * @param one its sink, mode and way of reading
 * @param {() => Promise<string>} from the prepared project
 * @returns {Promise<{ lost: number, doubled: number }>} rows, over all targets
 */
export async function trial(one, fault, from) {
  const { sink, mode, reading, scale } = one;
  const { first, second, begun, added, grown } = workload(scale);
  const folder = sink.isRooted === true ? await prepare(one) : await copyOf(await from(), sink);
  try {
    writeSource(folder, reading, reading === "whole" ? second : added);
    let hasGrown = false;
    const whileDown = () => {
      if (!fault.grows || hasGrown) return;
      hasGrown = true;
      writeSource(folder, reading, grown);
    };
    await meet({ folder, whileDown }, one, fault);
    // What came while a run was down, and what waited for another load to catch up.
    if (reading === "new") for (let times = 0; times < 2; times += 1) await must(folder, ["run", "--json"]);
    const all = [...begun, ...added, ...(hasGrown ? grown : [])];
    const expected = reading === "new" ? all : afterLoad(mode, first, second);
    const total = { lost: 0, doubled: 0 };
    for (const target of TARGETS) {
      const { lost, doubled } = difference(expected, await sink.read(folder, target));
      total.lost += lost;
      total.doubled += doubled;
    }
    return total;
  } finally {
    await sink.remove?.(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}
