import { didYouMean, isSluiceError, type Json, SluiceError } from "@sluice/core";
import type { Catalog, Snapshot, Table } from "@sluice/lake";
import type { Session } from "../composition.ts";

type Lake = typeof import("@sluice/lake");

/** The tables of the project's lake, and what can be done with them. */
export interface Tables extends AsyncDisposable {
  readonly lake: Lake;
  list(): Promise<readonly Listed[]>;
  /** By its name, with or without `lake.` in front. */
  find(name: string): Promise<Table>;
  drop(table: Table, purge: boolean): Promise<void>;
  /** A snapshot by its number, or the one that was current at a time. */
  snapshot(table: Table, written: string): Snapshot;
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
    async find(name) {
      const table = await catalog?.loadTable(lake.tableOf(bare(name)).id);
      if (table !== undefined) return table;
      const known = await names();
      throw new SluiceError("missing", `the lake has no table "${bare(name)}"`, {
        offending: name,
        hint: known.length === 0 ? "nothing was written to it yet" : didYouMean(bare(name), known, "tables"),
      });
    },
    async drop(table, purge) {
      await catalog?.dropTable(table.id, { purge });
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
