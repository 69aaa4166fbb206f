import {
  type CursorColumn,
  cursorCandidates,
  DEFAULT_LAYOUTS,
  type DiscoverRequest,
  type FrozenColumn,
  parseType,
  type StreamInfo,
} from "@sluice/core";
import type { TableInfo } from "./catalog.ts";
import type { Connection } from "./client.ts";
import { quoted } from "./names.ts";
import { isOpenNumeric, moneyReading, type PostgresType, type Reading, readingOf } from "./types.ts";

/** A column as it comes out of a table or a query. */
export interface FoundColumn {
  readonly name: string;
  readonly type: PostgresType;
  readonly notNull: boolean;
}

/** Up to so many rows, all values of a numeric without digits are looked at; of more, a sample. */
const FEW_ROWS = 2_000_000;

export interface Discovered {
  readonly name: string;
  readonly columns: readonly FoundColumn[];
  /** As SQL: what stands behind `from`. */
  readonly from: string;
  readonly table: TableInfo | undefined;
}

/** Proposes what to freeze: types of the catalogue, and where those say too little, one look at the values. */
export async function discoverColumns(
  connection: Connection,
  found: Discovered,
  request: Pick<DiscoverRequest, "types" | "formats" | "required" | "columns">,
): Promise<StreamInfo> {
  const wanted = request.columns;
  const all = found.columns.filter((column) => wanted === undefined || wanted.includes(column.name));
  const warnings: string[] = [];
  const rows = await countRows(connection, found);
  const numerics = await lookAtNumerics(connection, found, all, rows, warnings);
  const money = all.some(({ type }) => type.name === "money") ? await moneyPlaces(connection) : 2;
  const columns = all.map((column): FrozenColumn => {
    const reading =
      numerics.get(column.name) ?? (column.type.name === "money" ? moneyReading(money) : readingOf(column.type));
    if (reading.warning !== undefined)
      warnings.push(`column "${column.name}" (${column.type.shown}) ${reading.warning}`);
    const nullable = !(column.notNull || request.required.includes(column.name));
    return {
      name: column.name,
      nullable,
      ...typed(reading, request.types.get(column.name), request.formats?.get(column.name)),
    };
  });
  const { table } = found;
  const keys = table === undefined ? [] : keysOf(table);
  const cursors = cursorsOf(found.columns, table);
  return {
    name: found.name,
    columns,
    ...(keys.length === 0 ? {} : { keys }),
    ...(cursors.length === 0 ? {} : { cursors }),
    ...(rows === undefined ? {} : { rows }),
    ...(table === undefined || table.bytes === 0 ? {} : { bytes: table.bytes }),
    ...(all.length < found.columns.length ? { partial: true as const } : {}),
    warnings,
  };
}

/** Columns that tell rows apart, the primary key first. */
export function keysOf({ primaryKey, unique }: TableInfo): readonly (readonly string[])[] {
  return [...(primaryKey.length === 0 ? [] : [primaryKey]), ...unique];
}

function typed(
  { type, format, words }: Reading,
  declared: string | undefined,
  layout: string | undefined,
): Pick<FrozenColumn, "type" | "format" | "words"> {
  const found = {
    type,
    ...(format === undefined ? {} : { format }),
    ...(words === undefined ? {} : { words }),
  };
  if (declared === undefined) return found;
  const { kind } = parseType(declared);
  if (kind === parseType(type).kind) return { ...found, type: declared };
  if (kind !== "date" && kind !== "time" && kind !== "timestamp" && kind !== "timestamptz") return { type: declared };
  return { type: declared, format: layout ?? DEFAULT_LAYOUTS[kind] };
}

/** Counted where that is quick; of a large table the server's estimate, of a view nothing. */
async function countRows(connection: Connection, { from, table }: Discovered): Promise<number | undefined> {
  if (table === undefined || table.kind === "view" || table.kind === "foreign") return undefined;
  if (table.bytes > 200_000_000) return table.estimatedRows < 0 ? undefined : table.estimatedRows;
  const [[rows] = []] = await connection.query(`select count(*)::text from ${from}`);
  return Number(rows);
}

/**
 * Of a `numeric` without digits any number may come. What is there says how many digits it takes; a later value with more
 * is rejected by name, never rounded.
 */
async function lookAtNumerics(
  connection: Connection,
  { from, table }: Discovered,
  columns: readonly FoundColumn[],
  rows: number | undefined,
  warnings: string[],
): Promise<ReadonlyMap<string, Reading>> {
  const open = columns.filter(({ type }) => isOpenNumeric(type));
  if (open.length === 0) return new Map();
  const isSampled = (rows ?? 0) > FEW_ROWS && (table?.kind === "table" || table?.kind === "materialized");
  const share = isSampled ? Math.max(0.01, (FEW_ROWS / (rows ?? FEW_ROWS)) * 100) : 100;
  const sample = isSampled ? ` tablesample system (${share.toFixed(4)})` : "";
  const figures = open.flatMap(({ name }) => {
    const value = quoted(name);
    const finite =
      connection.version >= 140_000 ? `${value} not in ('NaN', 'Infinity', '-Infinity')` : `${value} <> 'NaN'`;
    return [
      `count(${value})::text`,
      `count(*) filter (where not (${finite}))::text`,
      `max(scale(${value})) filter (where ${finite})::text`,
      `max(length(trunc(abs(${value}))::text)) filter (where ${finite})::text`,
    ];
  });
  const [found = []] = await connection.query(`select ${figures.join(", ")} from ${from}${sample}`);
  const readings = open.map(({ name, type }, index): [string, Reading] => {
    const [count = 0, odd = 0, places = 0, whole = 0] = found.slice(index * 4, index * 4 + 4).map(Number);
    const text = readingOf(type);
    if (count === 0) return [name, { ...text, warning: "says no digits and holds no value; it is read as text" }];
    if (odd > 0) {
      return [
        name,
        {
          ...text,
          warning: `says no digits and holds ${odd} times NaN or infinity, which no decimal is; it is read as text`,
        },
      ];
    }
    if (places + whole > 38) {
      return [
        name,
        { ...text, warning: `says no digits and needs ${places + whole}, where a decimal has 38; it is read as text` },
      ];
    }
    const look = isSampled ? "of a sample of its values, none needs" : "none of its values needs";
    const warning = `says no digits, and ${look} more than ${places} behind the point: it is read as decimal(38,${places}), which rejects others`;
    return [name, { type: `decimal(38,${places})`, sql: quoted, warning }];
  });
  if (isSampled) warnings.push(`${share.toFixed(2)} % of the rows were looked at`);
  return new Map(readings);
}

/** How many places the money of this server has: its locale says it. */
export async function moneyPlaces(connection: Connection): Promise<number> {
  const [[places] = []] = await connection.query("select scale(1::money::numeric)::text");
  return Number(places);
}

/** Of a table with these keys; the columns of a query have none. */
export function cursorsOf(columns: readonly FoundColumn[], table: TableInfo | undefined): readonly string[] {
  const holds = ({ type }: FoundColumn): CursorColumn["holds"] => {
    if (["timestamp", "timestamptz", "date"].includes(type.name)) return "time";
    return ["int2", "int4", "int8"].includes(type.name) ? "number" : "other";
  };
  return cursorCandidates(
    columns.map((column) => ({ name: column.name, holds: holds(column) })),
    table === undefined ? [] : keysOf(table),
  );
}
