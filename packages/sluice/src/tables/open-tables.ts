import { didYouMean, isSluiceError, type Json, SluiceError } from "@sluice/core";
import type { Catalog, Snapshot, Table } from "@sluice/lake";
import type { Session } from "../composition.ts";

type Lake = typeof import("@sluice/lake");

/** The tables of the project's lake, and what can be done with them. */
export interface Tables extends AsyncDisposable {
  readonly lake: Lake;
  list(): Promise<readonly Listed[]>;
  /** By its name, with or without `lake.` in front; of a name with a version, nothing is done to the table. */
  find(name: string): Promise<Table>;
  /** The same with the snapshot that an @ and a version behind the name mean; the current one where there is none. */
  findVersion(name: string): Promise<TableVersion>;
  /** Ends a table, also one that cannot be read; what became of its files is known of one that can. */
  drop(name: string, purge: boolean): Promise<{ readonly name: string; readonly location?: string }>;
  /** A snapshot by its number, or the one that was current at a time. */
  snapshot(table: Table, written: string): Snapshot;
}

/** A table as it was in one snapshot; none where nothing was written to it yet. */
export interface TableVersion {
  readonly table: Table;
  readonly snapshot: Snapshot | undefined;
  /** Whether the name says which version. */
  readonly isNamed: boolean;
}

/** A table, or why it cannot be read here. */
export type Listed = { readonly name: string } & ({ readonly table: Table } | { readonly problem: SluiceError });

/** Opens the project's lake; one that nothing was written to has no tables. */
export async function openTables(session: Session): Promise<Tables> {
  const lake = await import("@sluice/lake");
  const connection: Json = session.connection("lake") ?? null;
  const catalog: Catalog | undefined = await lake.existingLake(connection, session.project.root);
  const names = async (): Promise<readonly string[]> =>
    ((await catalog?.listTables()) ?? []).map(({ namespace, name }) => [...namespace, name].join("."));
  const bare = (name: string): string => name.replace(/^lake\./, "");
  const load = async (name: string): Promise<Table> => {
    const { id } = lake.tableOf(bare(name));
    const table = await catalog?.loadTable(id);
    if (table !== undefined) return table;
    const known = await names();
    throw new SluiceError("missing", `the lake has no table "${nameOf({ id })}"`, {
      offending: name,
      hint: known.length === 0 ? "nothing was written to it yet" : didYouMean(nameOf({ id }), known, "tables"),
    });
  };
  const find = async (name: string): Promise<Table> => {
    if (lake.tableOf(bare(name)).version === undefined) return await load(name);
    throw new SluiceError("config", `"${name}" names one version of the table, where all of it is meant`, {
      ...{ reason: "usage", offending: name },
      hint: `leave out ${name.slice(name.indexOf("@"))}`,
    });
  };
  return {
    lake,
    async list() {
      const ids = (await catalog?.listTables()) ?? [];
      const found = await Promise.all(
        ids.map(async (id): Promise<readonly Listed[]> => {
          const name = nameOf({ id });
          try {
            const table = await catalog?.loadTable(id);
            return table === undefined ? [] : [{ name, table }];
          } catch (error) {
            if (!isSluiceError(error)) throw error;
            return [{ name, problem: error }];
          }
        }),
      );
      return found.flat();
    },
    find,
    async findVersion(name) {
      const table = await load(name);
      const { version } = lake.tableOf(bare(name));
      if (version === undefined) return { table, snapshot: table.currentSnapshot(), isNamed: false };
      return { table, snapshot: lake.snapshotAt(table.metadata, version, nameOf(table)), isNamed: true };
    },
    async drop(name, purge) {
      const { id } = lake.tableOf(bare(name));
      const shown = nameOf({ id });
      let location: string | undefined;
      try {
        location = (await find(name)).metadata.location;
      } catch (error) {
        const isBroken = isSluiceError(error) && error.reason !== "usage" && (await names()).includes(shown);
        if (!isBroken) throw error;
        if (purge) {
          throw new SluiceError(error.code, error.message, {
            offending: shown,
            hint: "which files are its own is not known: drop it without --purge, and remove them yourself",
            cause: error,
          });
        }
      }
      await catalog?.dropTable(id, { purge });
      return { name: shown, ...(location === undefined ? {} : { location }) };
    },
    snapshot(table, written) {
      const shown = nameOf(table);
      const { version } = lake.tableOf(`${shown}@${written}`);
      if (version === undefined) throw new SluiceError("internal", `"${written}" is no version`);
      return lake.snapshotAt(table.metadata, version, shown);
    },
    [Symbol.asyncDispose]: async () => catalog?.[Symbol.asyncDispose](),
  };
}

/** A table as people write it: `chicago.crash`. */
export function nameOf({ id }: Pick<Table, "id">): string {
  return [...id.namespace, id.name].join(".");
}
