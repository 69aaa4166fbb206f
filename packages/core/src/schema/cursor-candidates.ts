/** A column as far as it matters for an incremental read: whether it holds points in time, or whole numbers. */
export interface CursorColumn {
  readonly name: string;
  readonly holds: "time" | "number" | "other";
}

const WHEN = "(?:_?(?:at|on|time|date))?$";
const CHANGED = new RegExp(`^(?:.*_)?(?:updated|modified|changed|last_?update|last_?modified|mtime)${WHEN}`, "i");
const MADE = new RegExp(`^(?:.*_)?(?:created|inserted|added|recorded|event|occurred|posted)${WHEN}`, "i");

/**
 * Columns by which an incremental read may go: times of change first, then numbers that are a key, then times of making,
 * then other times.
 *
 * @example
 * cursorCandidates([{ name: "id", holds: "number" }, { name: "updated_at", holds: "time" }], [["id"]]); // ["updated_at", "id"]
 */
export function cursorCandidates(
  columns: readonly CursorColumn[],
  keys: readonly (readonly string[])[],
): readonly string[] {
  const rank = ({ name, holds }: CursorColumn): number => {
    if (holds === "number") return keys.some((key) => key.length === 1 && key[0] === name) ? 1 : 4;
    if (holds !== "time") return 4;
    if (CHANGED.test(name)) return 0;
    return MADE.test(name) ? 2 : 3;
  };
  return columns
    .map((column) => ({ name: column.name, rank: rank(column) }))
    .filter((column) => column.rank < 4)
    .sort((a, b) => a.rank - b.rank)
    .map((column) => column.name);
}
