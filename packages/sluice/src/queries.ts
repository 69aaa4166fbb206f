import type { QueryPort, RelationQuery, RowStream, RowsOptions } from "@sluice/core";

/**
 * Computes relations of the builder: `await crashes.rows()`. What it takes, the engine and the adapters, is loaded by the
 * first relation that is computed.
 */
export const queries: QueryPort = {
  rows: (query, options) => new LazyRows(query, options),
  describe: async (query, options) => await (await computing()).describe(query, options),
  toFile: async (query, path, options) => await (await computing()).toFile(query, path, options),
  count: async (query, options) => await (await computing()).count(query, options),
};

async function computing(): Promise<typeof import("./query/compute.ts")> {
  return await import("./query/compute.ts");
}

/** Rows that are computed when they are awaited, once, or each time that they are iterated. */
class LazyRows implements RowStream<unknown> {
  private readonly query: RelationQuery;
  private readonly options: RowsOptions;
  private collected: Promise<unknown[]> | undefined;

  constructor(query: RelationQuery, options: RowsOptions) {
    this.query = query;
    this.options = options;
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaited is what it is for
  then<A = unknown[], B = never>(
    onRows?: ((rows: unknown[]) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.collected ??= this.collect();
    return this.collected.then(onRows, onError);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown> {
    const { rowBatches } = await computing();
    for await (const batch of rowBatches(this.query, this.options)) yield* batch;
  }

  private async collect(): Promise<unknown[]> {
    const rows: unknown[] = [];
    for await (const row of this) rows.push(row);
    return rows;
  }
}
