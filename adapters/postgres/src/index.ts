/**
 * PostgreSQL as source and sink. It knows `@sluice/core` and its driver, which is loaded when something is opened, and no
 * other adapter. Rows go in as CSV and out in binary or as CSV, by COPY, and never become objects. Read first: `types.ts` (what
 * is stored as what, and what is lost), then `staging.ts` (one load, one transaction), `read-files.ts` and `binary/copy-plain.ts`.
 */

import { type Adapter, SluiceError } from "@sluice/core";
import { nameOf, parseAddress, parseConnection, resolveTarget } from "./config.ts";
import { listConnection } from "./list-connection.ts";
import { readBack } from "./read-back.ts";
import { CAPABILITIES, createSink } from "./sink.ts";
import { createSource } from "./source.ts";

/**
 * The adapter of type `postgres`.
 *
 * @example
 * adapter.nameOf({ type: "postgres", connection: "warehouse", table: "crash" }); // "postgres.warehouse.crash"
 */
export const adapter: Adapter = {
  type: "postgres",
  source: { pushesFilters: true, pushesLimits: true },
  sink: CAPABILITIES,
  parseAddress,
  parseConnection,
  nameOf,
  readBack,
  list: listConnection,
  openSource: async (address, connection, context) => createSource(resolveTarget(address, connection), context),
  openSink: async (address, connection, context) => {
    const { client, shown, table, indexes } = resolveTarget(address, connection);
    if (table !== undefined) return createSink({ client, shown, table, indexes }, context);
    throw new SluiceError("config", `a load into ${shown} needs a table`, {
      offending: shown,
      hint: 'name it: { type: "postgres", connection: "warehouse", schema: "public", table: "crash" }',
    });
  },
};
