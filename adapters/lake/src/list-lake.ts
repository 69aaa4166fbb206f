import {
  cursorCandidates,
  didYouMean,
  isSluiceError,
  type ListedTable,
  type Listing,
  type ListRequest,
  SluiceError,
  type StreamInfo,
} from "@sluice/core";
import { tableOf } from "./config.ts";
import type { Snapshot, TableSchema } from "./format/model.ts";
import type { Catalog, TableId } from "./format/table.ts";
import type { OpenLake } from "./open-lake.ts";
import { currentSchema } from "./schema/evolve-schema.ts";
import { typeTextOf } from "./types.ts";

/** What a lake holds: one table, the tables of a namespace, or all of them. One that nothing was written to holds none. */
export async function listLake(lake: OpenLake, { within, shown, signal }: ListRequest): Promise<Listing> {
  const catalog = await lake.existing();
  const ids = (await catalog?.listTables()) ?? [];
  const names = ids.map(nameOf);
  const chosen = ids.filter((id) => within === undefined || nameOf(id) === within || id.namespace.join(".") === within);
  const isOne = within !== undefined && names.includes(within);
  if (within !== undefined && chosen.length === 0) throw missing(within, names, shown);
  const tables: ListedTable[] = [];
  for (const id of chosen) {
    if (signal.aborted) throw new SluiceError("cancelled", `stopped looking at ${shown}`);
    if (catalog !== undefined && (!isOne || nameOf(id) === within)) tables.push(await listed(catalog, id, isOne));
  }
  return { tables, ...(isOne ? { isOne: true as const } : {}) };
}

async function listed(catalog: Catalog, id: TableId, isOne: boolean): Promise<ListedTable> {
  const base = { name: nameOf(id), schema: id.namespace.join("."), kind: "table" as const };
  try {
    const table = await catalog.loadTable(id);
    if (table === undefined) throw new SluiceError("missing", `${base.name} went while it was looked at`);
    const schema = currentSchema(table.metadata);
    const keys = keysOf(schema);
    return {
      ...base,
      columns: schema.fields.map((field) => {
        const type = typeTextOf(field.type);
        return { name: field.name, type, readAs: type, nullable: !field.required };
      }),
      ...(keys.length === 0 ? {} : { keys }),
      cursors: cursorsOf(schema),
      ...figuresOf(table.currentSnapshot()),
    };
  } catch (error) {
    // One that cannot be read hides no other.
    if (isOne || !isSluiceError(error) || error.code === "cancelled") throw error;
    return { ...base, columns: [], cursors: [], problem: error.message };
  }
}

function missing(within: string, names: readonly string[], shown: string): SluiceError {
  // Says what a name of a table looks like, where it is none.
  if (names.length === 0) tableOf(within);
  const namespaces = names.map((name) => name.slice(0, name.lastIndexOf(".")));
  return new SluiceError("missing", `${shown} has no table and no namespace "${within}"`, {
    offending: within,
    hint:
      names.length === 0
        ? "nothing was written to it yet"
        : didYouMean(within, [...names, ...new Set(namespaces)], "tables and namespaces"),
  });
}

function nameOf({ namespace, name }: TableId): string {
  return [...namespace, name].join(".");
}

/** The columns by which rows are told apart, where whoever made the table said so. */
export function keysOf({ fields, identifierFieldIds }: TableSchema): readonly (readonly string[])[] {
  const names = identifierFieldIds.flatMap((id) => fields.find((field) => field.id === id)?.name ?? []);
  return names.length === 0 ? [] : [names];
}

export function cursorsOf(schema: TableSchema): readonly string[] {
  const columns = schema.fields.map(({ name, type }) => {
    const text = typeTextOf(type);
    const holds = /^(?:date|timestamp)/.test(text) ? "time" : /^u?int/.test(text) ? "number" : "other";
    return { name, holds: holds as "time" | "number" | "other" };
  });
  return cursorCandidates(columns, keysOf(schema));
}

/** Rows and bytes as the snapshot says them; rows that were deleted and still stand in files are not counted. */
export function figuresOf(snapshot: Snapshot | undefined): Pick<StreamInfo, "rows" | "bytes"> {
  if (snapshot === undefined) return { rows: 0, bytes: 0 };
  const figure = (key: string): number | undefined =>
    snapshot.summary[key] === undefined ? undefined : Number(snapshot.summary[key]);
  const [all, deleted = 0, bytes] = ["total-records", "total-position-deletes", "total-files-size"].map(figure);
  return {
    ...(all === undefined ? {} : { rows: all - deleted }),
    ...(bytes === undefined ? {} : { bytes }),
  };
}
