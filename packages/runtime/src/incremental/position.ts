import { type Column, canonicalJson, type FileMark, type IncrementalNode, type Json, SluiceError } from "@sluice/core";
import { compareCursors } from "./cursor-text.ts";

/** How far a load has come in a dataset by its cursor. */
export interface CursorPosition {
  readonly cursor: string;
  /** The columns whose hash tells rows apart: see `hashedName`. */
  readonly hashed: readonly string[];
  /** The rows that had this very value, with how many of each; null where all of them are to be read again. */
  readonly seen: readonly (readonly [hash: string, count: number])[] | null;
}

/** How far a load has come in a dataset of files. */
export interface FilesPosition {
  readonly files: readonly FileMark[];
}

/** The rows of a dataset as a load last saw them: a file of keys and hashes. */
export interface KeyPosition {
  readonly snapshot: string;
  readonly rows: number;
}

/** A column as a position names it: where its type is another, the same value may have another hash. */
export function hashedName({ name, type }: Column): string {
  return `${name} ${/^u?int[0-9]+$/.test(type) ? "integer" : type}`;
}

/** The position of one dataset in what a load has committed. */
export function positionIn(committed: Json | undefined, dataset: string): Json {
  if (!isObject(committed)) return null;
  return committed[dataset] ?? null;
}

/** What a load commits: its other datasets as they were. */
export function withPosition(committed: Json | undefined, changes: { readonly [dataset: string]: Json }): Json {
  return { ...(isObject(committed) ? committed : {}), ...changes };
}

/** Whether a load has come anywhere in any dataset, and none of it was forgotten. */
export function isSomewhere(committed: Json | undefined): boolean {
  return isObject(committed) && Object.values(committed).some((position) => position !== null);
}

function isObject(value: Json | undefined): value is { readonly [member: string]: Json } {
  return value !== undefined && value !== null && typeof value === "object" && !Array.isArray(value);
}

/** @throws SluiceError where somebody wrote what is no position */
export function cursorPosition(position: Json, dataset: string): CursorPosition | undefined {
  if (position === null) return undefined;
  if (isObject(position) && typeof position.cursor === "string") {
    const { cursor, hashed, seen } = position;
    return {
      cursor,
      hashed: Array.isArray(hashed) ? (hashed as string[]) : [],
      seen: Array.isArray(seen) ? (seen as [string, number][]) : null,
    };
  }
  throw noPosition(position, dataset);
}

export function filesPosition(position: Json, dataset: string): FilesPosition {
  if (position === null) return { files: [] };
  if (isObject(position) && Array.isArray(position.files)) return { files: position.files as unknown as FileMark[] };
  throw noPosition(position, dataset);
}

export function keyPosition(position: Json, dataset: string): KeyPosition | undefined {
  if (position === null) return undefined;
  if (isObject(position) && typeof position.snapshot === "string") return position as unknown as KeyPosition;
  throw noPosition(position, dataset);
}

function noPosition(position: Json, dataset: string): SluiceError {
  const shown = JSON.stringify(position);
  return new SluiceError(
    "config",
    `what was committed of "${dataset}" is a position of another kind: ${shown.slice(0, 100)}`,
    {
      offending: shown.slice(0, 100),
      hint: "the way in which it is read incrementally was changed: say where to go on with sluice state set, or sluice state reset",
    },
  );
}

/** Positions of one dataset in the order in which a load goes through them. */
export function comparePositions(
  {
    node,
    cursor,
    dataset,
  }: { readonly node: IncrementalNode; readonly cursor: Column | undefined; readonly dataset: string },
  first: Json,
  second: Json,
): number {
  if (canonicalJson(first) === canonicalJson(second)) return 0;
  if (node.files !== undefined) {
    return filesPosition(first, dataset).files.length - filesPosition(second, dataset).files.length || 1;
  }
  const [a, b] = [cursorPosition(first, dataset), cursorPosition(second, dataset)];
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  return compareCursors(cursor?.type ?? "string", a.cursor, b.cursor) || total(a) - total(b);
}

function total({ seen }: CursorPosition): number {
  return (seen ?? []).reduce((sum, [, count]) => sum + count, 0);
}

/** Where a load stands that was at `mine` and has now taken all that led to `next`. */
export function advanced(
  way: { readonly node: IncrementalNode; readonly cursor: Column | undefined; readonly dataset: string },
  mine: Json,
  next: Json,
): Json {
  const { node, cursor, dataset } = way;
  if (next === null || mine === null) return next ?? mine;
  if (node.key !== undefined) return next;
  if (node.files !== undefined) {
    const known = new Map(filesPosition(mine, dataset).files.map((file) => [file[0], file]));
    for (const file of filesPosition(next, dataset).files) known.set(file[0], file);
    const files = [...known.values()].sort(([a], [b]) => (a < b ? -1 : 1));
    return { files } as unknown as Json;
  }
  const [a, b] = [cursorPosition(mine, dataset), cursorPosition(next, dataset)];
  if (a === undefined || b === undefined) return next;
  const order = compareCursors(cursor?.type ?? "string", a.cursor, b.cursor);
  if (order !== 0) return order < 0 ? next : mine;
  if (a.seen === null || b.seen === null || canonicalJson([...a.hashed]) !== canonicalJson([...b.hashed])) return next;
  // A row that is gone from the source meanwhile was loaded all the same.
  const seen = new Map(a.seen);
  for (const [hash, count] of b.seen) seen.set(hash, Math.max(count, seen.get(hash) ?? 0));
  return { ...b, seen: [...seen].sort(([one], [other]) => (one < other ? -1 : 1)) } as unknown as Json;
}
