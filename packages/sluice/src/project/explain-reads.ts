import { type FrozenDataset, isSluiceError, type StageRead } from "@sluice/core";
import type { Session } from "../composition.ts";

/**
 * How sources would go about a read, as far as they can tell without reading: what of it is skipped. Parameters have no
 * values yet, so what depends on them is not skipped here. A source that cannot be reached says so, and is no error of a plan.
 */
export async function explainRead(
  session: Session,
  read: StageRead,
  datasets: ReadonlyMap<string, FrozenDataset>,
): Promise<readonly string[]> {
  const dataset = "dataset" in read ? datasets.get(read.dataset) : undefined;
  if (dataset === undefined || !("dataset" in read)) return [];
  const adapter = await session.adapter(dataset.source.type);
  if (adapter.source?.pushesFilters !== true || adapter.openSource === undefined) return [];
  const { signal } = session;
  try {
    const address = adapter.parseAddress(dataset.source);
    const connection = address.connection === undefined ? undefined : session.connection(address.connection);
    const context = await session.openContext(() => undefined);
    await using source = await adapter.openSource(address, connection, context);
    const { columns, filter, limit } = read;
    const pushed = { ...(filter === undefined ? {} : { filter }), ...(limit === undefined ? {} : { limit }) };
    const request = {
      dataset,
      columns,
      ...pushed,
      parameters: new Map<string, string>(),
      signal,
      warn: () => undefined,
    };
    return (await source.explain?.(request)) ?? [];
  } catch (error) {
    if (!isSluiceError(error) || error.code === "internal") throw error;
    return [`cannot be looked at: ${error.message}`];
  }
}
