/**
 * SQLite as source, sink and state store, through libsql. It knows `@sluice/core` and its driver, which is loaded when
 * something is opened, and no other adapter. Read first: `types.ts` (what is stored how, and what is lost), then
 * `staging.ts` (one load, one transaction) and `store.ts`.
 */

import { type Adapter, SluiceError } from "@sluice/core";
import { nameOf, parseAddress, parseConnection, resolveTarget } from "./config.ts";
import { listConnection } from "./list-connection.ts";
import { readBack } from "./read-back.ts";
import { CAPABILITIES, createSink } from "./sink.ts";
import { createSource } from "./source.ts";

export { openStore, type StoreOptions } from "./store.ts";

/**
 * The adapter of type `sqlite`.
 *
 * @example
 * adapter.nameOf({ type: "sqlite", connection: "warehouse", table: "crash" }); // "sqlite.warehouse.crash"
 */
export const adapter: Adapter = {
  type: "sqlite",
  // No limits: a row among the first ones may be a reject, and then another is wanted in its place.
  source: { pushesFilters: true },
  sink: CAPABILITIES,
  parseAddress,
  parseConnection,
  nameOf,
  readBack,
  list: listConnection,
  openSource: async (address, connection, context) =>
    createSource(resolveTarget(address, connection, context.root), context),
  openSink: async (address, connection, context) => {
    const { path, shown, table } = resolveTarget(address, connection, context.root);
    if (table === undefined) {
      throw new SluiceError("config", `a load into ${nameOf(address)} needs a table`, {
        offending: nameOf(address),
        hint: 'name it: { type: "sqlite", connection: "warehouse", table: "crash" }',
      });
    }
    return createSink({ path, shown, table }, context);
  },
};
