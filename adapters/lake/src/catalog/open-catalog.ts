import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isSluiceError, SluiceError } from "@sluice/core";
import { joinLocation, locationOf } from "../format/location.ts";
import { metadataFolder, nextMetadataLocation, writeMetadata } from "../format/metadata-file.ts";
import type { Catalog, CreateTable, Table, TableId } from "../format/table.ts";
import { type LakeFiles, localFiles } from "../table/lake-files.ts";
import { loadTable, openTable } from "../table/lake-table.ts";
import { createManifestCache } from "../table/manifest-cache.ts";
import { newMetadata } from "../table/new-metadata.ts";
import type { TableContext } from "../table/table-context.ts";
import { namespaceText, tableText } from "../table/table-name.ts";
import { assertOwnsFiles } from "../upkeep/owns-files.ts";
import { type CatalogRows, openCatalogRows } from "./catalog-rows.ts";
import { openPostgresDatabase } from "./postgres-database.ts";
import { openSqliteDatabase } from "./sqlite-database.ts";

export interface OpenCatalog {
  /** The folder of the lake; tables lie in it, and `catalog.db`, unless there is another catalog. */
  readonly folder: string;
  /** The path of a SQLite database, or the URL of a PostgreSQL database. */
  readonly catalog?: string;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
}

/**
 * Opens a lake; what is missing is made.
 *
 * @example
 * await using catalog = await openCatalog({ folder: "lake" });
 * const table = await catalog.loadTable({ namespace: ["chicago"], name: "crash" });
 */
export async function openCatalog(options: OpenCatalog): Promise<Catalog> {
  const folder = resolve(options.folder);
  await mkdir(folder, { recursive: true });
  const catalog = options.catalog ?? join(folder, "catalog.db");
  const database = /^postgres(ql)?:\/\//.test(catalog)
    ? await openPostgresDatabase(catalog)
    : await openSqliteDatabase(catalog, options.signal);
  try {
    const rows = await openCatalogRows(database);
    return createCatalog({ rows, files: localFiles, folder, now: options.now ?? Date.now });
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}

export interface CatalogParts {
  readonly rows: CatalogRows;
  readonly files: LakeFiles;
  readonly folder: string;
  readonly now: () => number;
}

/** A catalog over rows and files. */
export function createCatalog({ rows, files, folder, now }: CatalogParts): Catalog {
  const context: TableContext = {
    rows,
    files,
    now,
    cache: createManifestCache(files),
    random: Math.random,
    sleep: async (ms, signal) => {
      try {
        await sleep(ms, undefined, { ...(signal === undefined ? {} : { signal }) });
      } catch (cause) {
        throw new SluiceError("cancelled", "told to stop", { cause });
      }
    },
  };
  return {
    loadTable: (id) => loadTable(context, id),
    createTable: (id, request) => createTable(context, folder, id, request),
    dropTable: async (id, options = {}) => {
      const table = options.purge === true ? await loadTable(context, id) : undefined;
      if (table !== undefined) assertOwnsFiles(table);
      const isDropped = await rows.remove(namespaceText(id.namespace), id.name);
      if (isDropped && table !== undefined) await purge(context, table);
      return isDropped;
    },
    listTables: async (namespace) => {
      const wanted = namespace === undefined ? undefined : namespaceText(namespace);
      const found = await rows.tables();
      return found
        .filter((row) => wanted === undefined || row.namespace === wanted)
        .map((row) => ({ namespace: row.namespace.split("."), name: row.name }));
    },
    listNamespaces: async () => {
      const found = (await rows.namespaces()).map((text) => text.split("."));
      // A namespace exists where one inside of it does.
      const all = found.flatMap((levels) => levels.map((_, index) => levels.slice(0, index + 1).join(".")));
      return [...new Set(all)].sort().map((text) => text.split("."));
    },
    createNamespace: async (namespace, properties = {}) => {
      assertLevels(namespace);
      await rows.createNamespace(namespaceText(namespace), properties);
    },
    [Symbol.asyncDispose]: () => rows[Symbol.asyncDispose](),
  };
}

async function createTable(context: TableContext, folder: string, id: TableId, request: CreateTable): Promise<Table> {
  assertLevels([...id.namespace, id.name]);
  if (id.namespace.length === 0) {
    throw new SluiceError("config", `the table ${JSON.stringify(id.name)} has no namespace`, {
      offending: id.name,
      hint: `name it with one, for example "main.${id.name}"`,
    });
  }
  const location = await locationFor(context, folder, id, request.location);
  const metadata = newMetadata(request, location, context.now());
  const metadataLocation = nextMetadataLocation(metadata, undefined);
  await context.files.create(metadataLocation, await writeMetadata(metadata));
  try {
    const folders = [metadataFolder(metadata), location, ...parentsOf(folder, location)];
    for (const made of folders) await context.files.syncFolder(made);
    await context.rows.createNamespace(namespaceText(id.namespace), {});
    if (await context.rows.insert(namespaceText(id.namespace), id.name, metadataLocation)) {
      return openTable(context, id, metadataLocation, metadata);
    }
  } catch (error) {
    // Where the answer of the catalog was lost, the row may name the file: then it stays.
    const isSettled = isSluiceError(error) && error.code !== "unavailable";
    if (isSettled) await context.files.remove(metadataLocation).catch(() => false);
    throw error;
  }
  await context.files.remove(metadataLocation);
  throw new SluiceError("conflict", `a table or view ${tableText(id)} is there already`, {
    offending: tableText(id),
    reason: "table-exists",
    hint: "load it, or give another name",
  });
}

/** Characters that programs take for something else in a location: a query, a fragment, an escape, a pattern. */
const AMBIGUOUS = /[#?%*[\]{}:]/g;

async function locationFor(
  { files }: TableContext,
  folder: string,
  id: TableId,
  given: string | undefined,
): Promise<string> {
  if (given !== undefined) return isAbsolute(given) ? locationOf(given) : given;
  const parts = [...id.namespace, id.name];
  const plain = parts.map((part) => part.replaceAll(AMBIGUOUS, "_"));
  const location = joinLocation(locationOf(folder), ...plain);
  const isFree = (await files.list(location)[Symbol.asyncIterator]().next()).done === true;
  // Two names may become one, and a table that was dropped may have left its files.
  const isItsOwn = isFree && plain.every((part, index) => part === parts[index]);
  return isItsOwn ? location : `${location}-${randomUUID().slice(0, 8)}`;
}

/** The folders above a table in its lake, whose names have to reach the disk too. */
function parentsOf(folder: string, location: string): readonly string[] {
  const parents: string[] = [];
  const root = locationOf(folder);
  for (let at = location; at.startsWith(`${root}/`); ) {
    at = at.slice(0, at.lastIndexOf("/"));
    parents.push(at);
  }
  return parents;
}

/** Levels become parts of paths, and are joined with dots: what would be read otherwise is refused. */
function assertLevels(levels: readonly string[]): void {
  for (const level of levels) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    const isFine = /^[^./\\\u0000-\u001f]+$/.test(level) && level.trim() === level;
    if (!isFine) {
      throw new SluiceError("config", `${JSON.stringify(level)} cannot be the name of a table or namespace`, {
        offending: level,
        hint: "a name has no dots, slashes or control characters, and no blanks around it",
      });
    }
  }
}

/** Removes what lies in the folders that tables of the format have; a location may hold other things too. */
async function purge(context: TableContext, table: Table): Promise<void> {
  const { metadata } = table;
  for (const folder of [metadataFolder(metadata), joinLocation(metadata.location, "data")]) {
    for await (const file of context.files.list(folder)) await context.files.remove(locationOf(file.path));
  }
}
