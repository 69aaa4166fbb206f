import {
  type Column,
  type LoadMode,
  parseType,
  type Schema,
  SluiceError,
  storedSchema,
  type TypeText,
} from "@sluice/core";
import { plainCell, type TextRow } from "../rows.ts";

/** A table as the suites see it. */
export interface LoadedTable {
  readonly schema: Schema;
  readonly rows: readonly TextRow[];
}

/** What a load is, apart from who makes it. */
export interface ReferenceLoad {
  readonly schema: Schema;
  readonly rows: readonly TextRow[];
  readonly mode: LoadMode;
  readonly key?: readonly string[];
  readonly deleteFlag?: string;
  readonly newerBy?: string;
  readonly missing?: "delete";
  readonly partitions?: readonly string[];
}

/** The rows that a load changed, and those of its own that changed nothing. */
export interface LoadCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly unchanged: number;
}

export interface LoadOutcome {
  readonly table: LoadedTable;
  readonly counts: LoadCounts;
}

type Value = string | boolean | null;
/** A row by the names of its columns. */
type Named = ReadonlyMap<string, Value>;

/**
 * What every mode means, row by row and with nothing clever: the table after a load, and its counts. The cases of the
 * sink's suite are computed by it, and the sink in memory is it. Rows keep their place; new ones come behind.
 *
 * @throws SluiceError `data` with the reason `null-key` or `duplicate-key`
 */
export function referenceLoad(present: LoadedTable | undefined, load: ReferenceLoad): LoadOutcome {
  const { schema, mode } = load;
  const stored = storedSchema(schema, load);
  requireKeys(load);
  const before = present?.rows.length ?? 0;
  if (mode === "replace" || present === undefined) {
    const table = { schema: stored, rows: [] };
    const { table: made, counts } = modes[mode](table, load);
    return { table: made, counts: { ...counts, deleted: counts.deleted + before } };
  }
  const added = stored.columns.filter((column) => !present.schema.columns.some((one) => one.name === column.name));
  const columns = [...present.schema.columns, ...added.map((column) => ({ ...column, nullable: true }))];
  const rows = present.rows.map((row) => [...row, ...added.map(() => null)]);
  return modes[mode]({ schema: { columns }, rows }, load);
}

const modes: Readonly<Record<LoadMode, (table: LoadedTable, load: ReferenceLoad) => LoadOutcome>> = {
  append: (table, load) => put(table, table.rows, arriving(load)),
  replace: (table, load) => put(table, [], arriving(load)),
  overwrite: (table, load) => {
    const gone = keysOf(load, load.partitions ?? []);
    const kept = table.rows.filter((row) => !gone.has(keyIn(table, row, load.partitions ?? [])));
    return put(table, kept, arriving(load));
  },
  "delete+insert": (table, load) => {
    const gone = keysOf(load, load.key ?? []);
    const kept = table.rows.filter((row) => !gone.has(keyIn(table, row, load.key ?? [])));
    return put(table, kept, arriving(load));
  },
  "insert-only": (table, load) => {
    const there = new Set(table.rows.map((row) => keyIn(table, row, load.key ?? [])));
    const fresh = arriving(load).filter((row) => !there.has(keyOf(row, load.schema.columns, load.key ?? [])));
    const { table: after, counts } = put(table, table.rows, fresh);
    return { table: after, counts: { ...counts, unchanged: load.rows.length - fresh.length } };
  },
  merge,
};

/** The arriving rows behind those that stay; what does not stay was deleted. */
function put(table: LoadedTable, kept: readonly TextRow[], fresh: readonly Named[]): LoadOutcome {
  const rows = [...kept, ...fresh.map((row) => asRow(table, row))];
  const deleted = table.rows.length - kept.length;
  return {
    table: { schema: table.schema, rows },
    counts: { inserted: fresh.length, updated: 0, deleted, unchanged: 0 },
  };
}

function merge(table: LoadedTable, load: ReferenceLoad): LoadOutcome {
  const { key = [], deleteFlag, newerBy, missing } = load;
  const waiting = new Map(arriving(load).map((row) => [keyOf(row, load.schema.columns, key), row]));
  const counts = { inserted: 0, updated: 0, deleted: 0, unchanged: 0 };
  const rows: TextRow[] = [];
  for (const row of table.rows) {
    const met = keyIn(table, row, key);
    const other = waiting.get(met);
    waiting.delete(met);
    if (other === undefined) {
      if (missing === "delete") counts.deleted += 1;
      else rows.push(row);
      continue;
    }
    const old: Named = new Map(table.schema.columns.map((column, index) => [column.name, row[index] ?? null]));
    const after = asRow(table, new Map([...old, ...other]));
    const isNewer = newerBy === undefined || isMore(typeIn(load.schema, newerBy), other.get(newerBy), old.get(newerBy));
    if (isNewer && deleteFlag !== undefined && isTrue(other.get(deleteFlag))) counts.deleted += 1;
    else if (isNewer && !isEqual(table.schema, row, after)) {
      counts.updated += 1;
      rows.push(after);
    } else {
      counts.unchanged += 1;
      rows.push(row);
    }
  }
  for (const row of waiting.values()) {
    if (deleteFlag !== undefined && isTrue(row.get(deleteFlag))) {
      counts.unchanged += 1;
      continue;
    }
    counts.inserted += 1;
    rows.push(asRow(table, row));
  }
  return { table: { schema: table.schema, rows }, counts };
}

function requireKeys(load: ReferenceLoad): void {
  const { key = [], mode, rows, schema } = load;
  if (mode !== "merge" && mode !== "insert-only" && mode !== "delete+insert") return;
  const seen = new Set<string>();
  for (const row of arriving(load)) {
    const shown = keyOf(row, schema.columns, key);
    const isNull = key.some((name) => (row.get(name) ?? null) === null);
    const isTwice = mode !== "delete+insert" && seen.has(shown);
    const reason = isNull ? "null-key" : isTwice ? "duplicate-key" : undefined;
    seen.add(shown);
    if (reason === undefined) continue;
    const message = `one of ${rows.length} rows to load has the ${reason.replace("-", " ")} ${shown}`;
    throw new SluiceError("data", message, { reason, offending: shown });
  }
}

function arriving({ schema, rows }: ReferenceLoad): readonly Named[] {
  return rows.map((row) => new Map(schema.columns.map((column, index) => [column.name, row[index] ?? null])));
}

function keysOf(load: ReferenceLoad, names: readonly string[]): ReadonlySet<string> {
  return new Set(arriving(load).map((row) => keyOf(row, load.schema.columns, names)));
}

function keyIn(table: LoadedTable, row: TextRow, names: readonly string[]): string {
  const columns = table.schema.columns;
  return keyOf(new Map(columns.map((column, index) => [column.name, row[index] ?? null])), columns, names);
}

function keyOf(row: Named, columns: readonly Column[], names: readonly string[]): string {
  return JSON.stringify(names.map((name) => plainCell(typeIn({ columns }, name), row.get(name) ?? null)));
}

function asRow({ schema }: LoadedTable, row: Named): TextRow {
  return schema.columns.map((column) => row.get(column.name) ?? null);
}

function isEqual({ columns }: Schema, a: TextRow, b: TextRow): boolean {
  return columns.every(({ type }, index) => plainCell(type, a[index]) === plainCell(type, b[index]));
}

function isTrue(value: Value | undefined): boolean {
  return value !== undefined && plainCell("bool", value) === "true";
}

/** A null never replaces, and is always replaced. */
function isMore(type: TypeText, value: Value | undefined, old: Value | undefined): boolean {
  if (value === undefined || value === null) return false;
  if (old === undefined || old === null) return true;
  const { kind } = parseType(type);
  if (kind === "float32" || kind === "float64") return Number(value) > Number(old);
  if (/^(?:u?int|decimal)/.test(kind)) return scaled(value) > scaled(old);
  // Dates, times and texts as the suites write them are in the order of their letters.
  return String(plainCell(type, value)) > String(plainCell(type, old));
}

/** A decimal as an integer of 10^-40, since floats are not exact. */
function scaled(value: Value): bigint {
  const [whole = "0", fraction = ""] = String(value).replace(/^[+-]/, "").split(".");
  const size = BigInt(whole + fraction.padEnd(40, "0"));
  return String(value).startsWith("-") ? -size : size;
}

function typeIn({ columns }: Schema, name: string): TypeText {
  return columns.find((column) => column.name === name)?.type ?? "string";
}
