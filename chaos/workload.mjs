// What a trial writes, and what each mode must leave: computed here, row by row, with nothing of sluice.

/** How many times the rows of a small trial a large one has: a load of them takes long enough to be killed in its middle. */
export const LARGE = 1500;

const workloads = new Map();

/**
 * The rows of a trial. Of those that are read whole, the first run meets `first` and the second, which meets the fault,
 * `second`: half of them are new, and two kinds of four arrive. A table that grows holds `begun` at first, then `added` too, and
 * `grown` comes while a run is down.
 */
export function workload(scale) {
  if (!workloads.has(scale)) {
    const rows = (from, to, kinds, version) =>
      Array.from({ length: (to - from) * scale }, (_, index) => from * scale + index).map((id) => ({
        id,
        kind: id % kinds,
        version,
      }));
    workloads.set(scale, {
      first: rows(0, 200, 4, 1),
      second: rows(100, 300, 2, 2),
      begun: rows(0, 200, 4, 1),
      added: rows(200, 400, 4, 1),
      grown: rows(400, 450, 4, 1),
    });
  }
  return workloads.get(scale);
}

/** Modes of loads that take what is new: each row comes once, so that all of them leave the same. */
export const MODES_OF_NEW = ["append", "merge", "insert-only", "delete+insert"];

/** Modes that many rows are loaded by: one that only adds, one that looks into what is there. */
export const MODES_OF_MANY = ["append", "merge"];

/** How each mode is written in YAML. */
export const MODES = {
  append: "mode: append",
  replace: "mode: replace",
  merge: "mode: merge, key: [id]",
  "insert-only": "mode: insert-only, key: [id]",
  "delete+insert": "mode: delete+insert, key: [id]",
  overwrite: "mode: overwrite",
};

const idsOf = (rows) => new Set(rows.map((row) => row.id));

/** The rows that a target holds after one more load. */
export function afterLoad(mode, held, arriving) {
  const arrived = idsOf(arriving);
  const there = idsOf(held);
  const kinds = new Set(arriving.map((row) => row.kind));
  switch (mode) {
    case "append":
      return [...held, ...arriving];
    case "replace":
      return [...arriving];
    case "merge":
    case "delete+insert":
      return [...held.filter((row) => !arrived.has(row.id)), ...arriving];
    case "insert-only":
      return [...held, ...arriving.filter((row) => !there.has(row.id))];
    case "overwrite":
      return [...held.filter((row) => !kinds.has(row.kind)), ...arriving];
    default:
      throw new Error(`no mode "${mode}"`);
  }
}

/** A file of rows as CSV. */
export function csvOf(rows) {
  return `id,kind,version\n${rows.map(({ id, kind, version }) => `${id},${kind},${version}`).join("\n")}\n`;
}

/** How many rows are missing from a target, and how many are there more often than they should be. */
export function difference(expected, found) {
  const counts = new Map();
  const keyOf = ({ id, kind, version }) => `${id}/${kind}/${version}`;
  for (const row of expected) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  for (const row of found) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) - 1);
  let lost = 0;
  let doubled = 0;
  for (const count of counts.values()) {
    if (count > 0) lost += count;
    else doubled -= count;
  }
  return { lost, doubled };
}
