import { type Adapter, type Address, SluiceError } from "@sluice/core";
import type { MemoryDatabase } from "./database.ts";
import { createMemorySink, MEMORY_SINK } from "./sink.ts";
import { createMemorySource } from "./source.ts";

/**
 * The adapter of type `memory` over databases by connection name.
 *
 * @example
 * const adapter = createMemoryAdapter(new Map([["main", createMemoryDatabase()]]));
 * adapter.nameOf({ type: "memory", connection: "main", table: "crash" }); // "memory.main.crash"
 */
export function createMemoryAdapter(databases: ReadonlyMap<string, MemoryDatabase>): Adapter {
  const locate = (address: Address): { readonly database: MemoryDatabase; readonly table: string } => {
    const { connection = "", table } = address;
    const database = databases.get(connection);
    if (database !== undefined && typeof table === "string" && table !== "") return { database, table };
    throw new SluiceError("config", "a memory address needs a known `connection` and a `table`", {
      offending: JSON.stringify(address),
      hint: `the connections are ${[...databases.keys()].join(", ")}`,
    });
  };
  return {
    type: "memory",
    sink: MEMORY_SINK,
    parseAddress: (address) => {
      locate(address);
      return address;
    },
    nameOf: (address) => `memory.${address.connection}.${locate(address).table}`,
    openSource: async (address, _connection, context) => {
      const { database, table } = locate(address);
      return createMemorySource(database, table, context);
    },
    openSink: async (address, _connection, context) => {
      const { database, table } = locate(address);
      return createMemorySink(database, table, context);
    },
  };
}
