// What a trial writes, and what each mode must leave: computed here, row by row, with nothing of sluice.

/** Rows of the first run: ids 0 to 199, four kinds. */
export const FIRST = Array.from({ length: 200 }, (_, id) => ({ id, kind: id % 4, version: 1 }));

/** Rows of the second, which meets the fault: half of them are new, and two kinds of four arrive. */
export const SECOND = Array.from({ length: 200 }, (_, index) => index + 100).map((id) => ({
  id,
  kind: id % 2,
  version: 2,
}));

/** What a table that grows holds at first, what comes then, and what comes while a run is down. */
export const [BEGUN, ADDED, GROWN] = [
  [0, 200],
  [200, 400],
  [400, 450],
].map(([from, to]) =>
  Array.from({ length: to - from }, (_, index) => ({ id: from + index, kind: (from + index) % 4, version: 1 })),
);

/** Modes of loads that take what is new: each row comes once, so that all of them leave the same. */
export const MODES_OF_NEW = ["append", "merge", "insert-only", "delete+insert"];

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
