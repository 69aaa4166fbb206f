import { type Adapter, didYouMean, SluiceError } from "@sluice/core";

/** Every system that sluice reaches: the word that addresses use, and its adapter. A connector is one line here. */
const ADAPTERS: Readonly<Record<string, () => Promise<Adapter>>> = {
  file: async () => (await import("@sluice/file")).adapter,
  lake: async () => (await import("@sluice/lake")).adapter,
  postgres: async () => (await import("@sluice/postgres")).adapter,
  sqlite: async () => (await import("@sluice/sqlite")).adapter,
};

export const ADAPTER_TYPES: readonly string[] = Object.keys(ADAPTERS);

/**
 * The adapter of an address or a connection, by its type.
 *
 * @throws SluiceError `config` where there is none
 */
export async function adapterOf(type: string): Promise<Adapter> {
  const load = Object.hasOwn(ADAPTERS, type) ? ADAPTERS[type] : undefined;
  if (load !== undefined) return await load();
  throw new SluiceError("config", `no adapter is named "${type}"`, {
    offending: type,
    hint: didYouMean(type, ADAPTER_TYPES, "adapters"),
  });
}
