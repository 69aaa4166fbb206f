import {
  type ColumnDrift,
  closest,
  type FrozenColumn,
  parseType,
  type ReadRequest,
  SluiceError,
  type TypeNow,
  typeDrift,
} from "@sluice/core";
import { isPlain as isPlainType } from "./binary/column-kinds.ts";
import type { Connection } from "./client.ts";
import { type Discovered, moneyPlaces } from "./discover.ts";
import { type FilterColumn, filterSql } from "./filter.ts";
import { quoted } from "./names.ts";
import { isOpenNumeric, moneyReading, type PostgresType, type Reading, readingOf } from "./types.ts";

/** What is copied: columns, the queries that give all rows between them, and whether they share a snapshot. */
export interface ReadPlan {
  readonly columns: readonly FrozenColumn[];
  /** The names of all fields of a record. */
  readonly order: readonly string[];
  /** The columns that have the very type that was frozen. */
  readonly printed: readonly string[];
  /** Whether all have, and each of those types is one that is read in binary. */
  readonly isPlain: boolean;
  /** Each is one SELECT; together they give every row once. */
  readonly queries: readonly string[];
  readonly table: string;
}

/** Below it, a second session costs more than it saves. */
const PAGES_PER_SESSION = 4096;
/** One backend fills a core, and this process and the engine want some. */
const MOST_SESSIONS = 4;
/** A field that nobody reads, in records of one column: of a null alone, an empty line would be left. */
const FILLER = "sluice:filler";

/** @throws SluiceError `data` with reason `drift` */
export async function planRead(
  connection: Connection,
  found: Discovered,
  request: ReadRequest,
  shown: string,
  { asText }: { readonly asText: boolean },
): Promise<ReadPlan> {
  const types = new Map(found.columns.map((column) => [column.name, column.type]));
  const [[encoding] = []] = await connection.query("select current_setting('server_encoding')");
  const notNull = new Set(found.columns.flatMap((column) => (column.notNull ? [column.name] : [])));
  const isTakenAlways = (frozen: FrozenColumn): boolean => {
    const type = types.get(frozen.name);
    return type !== undefined && encoding !== "SQL_ASCII" && isNeverRefused(frozen, type, notNull.has(frozen.name));
  };
  const columns = columnsToRead(found, request, shown, isTakenAlways);
  const drift = typeDrift(request.dataset, shown, (column) => typeNow(column, types.get(column.name)));
  if (drift !== undefined) throw drift;
  const hasMoney = columns.some((column) => types.get(column.name)?.name === "money");
  const money = hasMoney ? moneyReading(await moneyPlaces(connection)) : undefined;
  const readings = columns.map((column): ColumnReading => {
    const type = types.get(column.name);
    if (type === undefined) throw new SluiceError("internal", `${shown} lost its column "${column.name}"`);
    const reading = type.name === "money" && money !== undefined ? money : readingOf(type);
    return { column, reading, isOpen: isOpenNumeric(type) && parseType(column.type).kind === "decimal" };
  });
  const isPlain = !asText && encoding !== "SQL_ASCII" && readings.every(isReadInBinary);
  // Of a numeric without digits, the binary form says all; as text it would be printed.
  const terms = readings.map(({ column: { name }, reading, isOpen }) =>
    isPlain && isOpen ? quoted(name) : reading.sql(name),
  );
  const isAlone = columns.length === 1 && !isPlain;
  const list = [...terms, ...(isAlone ? ["'' as filler"] : [])].join(", ");
  const { where, isWhole } = conditionsOf(found, request, encoding === "UTF8");
  // More rows than are wanted are no harm; fewer are, and a row that is refused is one fewer.
  const isLimited = request.limit !== undefined && isWhole && columns.every(isTakenAlways);
  const limit = isLimited ? ` limit ${request.limit}` : "";
  const select = (more: readonly string[]): string => {
    const all = [...where, ...more];
    return `select ${list} from ${found.from}${all.length === 0 ? "" : ` where ${all.join(" and ")}`}${limit}`;
  };
  const ranges = limit === "" ? await pageRanges(connection, found) : [];
  return {
    columns,
    printed: readings.filter(({ column, reading }) => isPrinted(column, reading)).map(({ column }) => column.name),
    isPlain,
    order: [...columns.map((column) => column.name), ...(isAlone ? [FILLER] : [])],
    queries: ranges.length === 0 ? [select([])] : ranges.map((range) => select([range])),
    table: found.name,
  };
}

function typeNow({ type: frozen }: FrozenColumn, type: PostgresType | undefined): TypeNow | undefined {
  if (type === undefined) return undefined;
  // The values say how many digits they take, and the server's locale how many places money has.
  if (isOpenNumeric(type)) {
    return frozen === "string" || frozen.startsWith("decimal(38,")
      ? undefined
      : { type: "decimal(38,0)", shown: type.shown };
  }
  if (type.name === "money")
    return frozen.startsWith("decimal(19,") ? undefined : { type: "decimal(19,2)", shown: "money" };
  return { type: readingOf(type).type };
}

function conditionsOf(
  found: Discovered,
  { filter, dataset }: ReadRequest,
  isUtf8: boolean,
): { readonly where: readonly string[]; readonly isWhole: boolean } {
  if (filter === undefined) return { where: [], isWhole: true };
  const types = new Map(found.columns.map((column) => [column.name, column.type]));
  const columns = new Map<string, FilterColumn>();
  for (const frozen of dataset.columns) {
    const type = types.get(frozen.name);
    // What was frozen as something else than it is, is compared as something else.
    if (type !== undefined && isReadAsItIs(frozen, readingOf(type).type)) columns.set(frozen.name, { frozen, type });
  }
  const { sql, isWhole } = filterSql(filter, columns, { isUtf8 });
  return { where: sql === undefined ? [] : [sql], isWhole };
}

function isReadAsItIs(frozen: FrozenColumn, type: string): boolean {
  return frozen.type === type || (/^decimal\(38,/.test(frozen.type) && type === "string");
}

/** Types of which every value that PostgreSQL holds is one here: it has infinite dates and numbers that are none. */
const TOTAL = new Set(["bool", "int8", "int16", "int32", "int64", "float32", "float64", "string", "uuid", "bytes"]);

function isNeverRefused(frozen: FrozenColumn, type: PostgresType, notNull: boolean): boolean {
  return (frozen.nullable || notNull) && TOTAL.has(frozen.type) && isPrinted(frozen, readingOf(type));
}

/** Whether what PostgreSQL prints is what was frozen: not where a type or its places changed since. */
function isPrinted(frozen: FrozenColumn, reading: Reading): boolean {
  const { type, format, words } = reading;
  const isSaid = frozen.trim !== true && frozen.decimal === undefined && frozen.thousands === undefined;
  return (
    isSaid && frozen.type === type && frozen.format === format && JSON.stringify(frozen.words) === JSON.stringify(words)
  );
}

interface ColumnReading {
  readonly column: FrozenColumn;
  readonly reading: Reading;
  /** Whether it is a numeric without digits that was frozen as a decimal. */
  readonly isOpen: boolean;
}

function isReadInBinary({ column, reading, isOpen }: ColumnReading): boolean {
  // Words that mean null are looked for in text.
  if ((column.nulls ?? []).length > 0 || !isPlainType(parseType(column.type))) return false;
  return isPrinted(column, isOpen ? { ...reading, type: column.type } : reading);
}

/**
 * Ranges of a table's pages, one for each session: PostgreSQL 14 reads such a range and nothing else. Measured in 2026-11 on
 * two busy cores, a million rows of ten columns: 1.8 s with two sessions, 3.1 s with one.
 */
async function pageRanges(connection: Connection, { table }: Discovered): Promise<readonly string[]> {
  if (table === undefined || !table.isHeap || connection.version < 140_000) return [];
  if (table.kind !== "table" && table.kind !== "materialized") return [];
  const sessions = Math.min(MOST_SESSIONS, Math.floor(table.pages / PAGES_PER_SESSION));
  if (sessions < 2) return [];
  // A standby gives out no snapshot, and of a table that others inherit from the pages are not all.
  const [[alone] = []] = await connection.query(
    "select (not pg_is_in_recovery() and not exists (select from pg_inherits where inhparent = $1::oid))::text",
    [table.oid],
  );
  if (alone !== "true") return [];
  const edges = Array.from({ length: sessions - 1 }, (_, index) => Math.floor((table.pages * (index + 1)) / sessions));
  return [undefined, ...edges].map((from, index) => {
    const to = edges[index];
    const parts = [
      ...(from === undefined ? [] : [`ctid >= '(${from},0)'`]),
      ...(to === undefined ? [] : [`ctid < '(${to},0)'`]),
    ];
    return parts.join(" and ");
  });
}

function columnsToRead(
  found: Discovered,
  { dataset, columns, warn }: ReadRequest,
  shown: string,
  isTakenAlways: (column: FrozenColumn) => boolean,
): readonly FrozenColumn[] {
  const here = new Set(found.columns.map((column) => column.name));
  const absent = dataset.columns.filter((column) => !here.has(column.name));
  const isOther = absent.length === dataset.columns.length;
  const gone = absent.filter(({ evolves, nullable }) => isOther || evolves !== true || !nullable);
  const drift = (message: string, changes: readonly ColumnDrift[], hint: string): SluiceError =>
    new SluiceError("data", `${shown} ${message}`, {
      reason: "drift",
      offending: changes[0]?.column ?? "",
      hint,
      drift: { dataset: dataset.name, changes },
    });
  const known = new Set(dataset.columns.map((column) => column.name));
  const added = found.columns.map((column) => column.name).filter((name) => !known.has(name));
  const [first] = gone;
  if (first !== undefined) {
    const renamed = closest(first.name, added);
    throw drift(
      `no longer has ${gone.map((column) => quoted(column.name)).join(", ")}, which "${dataset.name}" was frozen with`,
      gone.map(({ name, type }) => ({ kind: "removed", column: name, from: type })),
      renamed === undefined
        ? `run \`sluice sync ${dataset.name}\` and review what changed`
        : `was it renamed to "${renamed}"? run \`sluice sync ${dataset.name}\` and review`,
    );
  }
  if (added.length > 0 && dataset.partial !== true) {
    const message = `has ${added.map(quoted).join(", ")}, which "${dataset.name}" was not frozen with`;
    const hint = `run \`sluice sync ${dataset.name}\` and review, or set drift to "warn"`;
    if (dataset.drift === "fail")
      throw drift(
        message,
        added.map((column) => ({ kind: "added", column })),
        hint,
      );
    warn(`${shown} ${message}; it is not read`);
  }
  const read = dataset.columns.filter((column) => !absent.includes(column));
  // Which rows are accepted must not depend on what is used of them.
  const mayRefuse = (column: FrozenColumn): boolean => dataset.validate === "all" && !isTakenAlways(column);
  const used = read.filter((column) => columns.includes(column.name) || mayRefuse(column));
  // A query that only counts uses none, and a record needs a field.
  return used.length > 0 ? used : read.slice(0, 1);
}
