import { stat } from "node:fs/promises";
import type { Relation, ScannableInput } from "@sluice/core";
import type { FolderStagingRequest } from "./folder-staging.ts";

/** How many rows Parquet files hold, by their footers; undefined for text, which would have to be read. */
export async function countRows(
  paths: readonly string[],
  { address, request, context }: Omit<FolderStagingRequest, "places">,
): Promise<number | undefined> {
  if (paths.length === 0) return 0;
  if (address.format !== "parquet") return undefined;
  const { partitions = [] } = address;
  const columns = request.schema.columns.filter((column) => !partitions.includes(column.name));
  const order = columns.map((column) => column.name);
  const scan: Relation = { kind: "scan", source: { stage: "gone" } };
  const rows = { kind: "call", name: "count", arguments: [] } as const;
  const query = context.local.compile(
    { kind: "aggregate", input: scan, by: [], columns: [["rows", rows]] },
    { schemaOf: () => ({ columns }), parameters: new Map() },
  );
  const files = await Promise.all(
    paths.map(async (path) => ({ path, origin: address.path, bytes: (await stat(path)).size })),
  );
  const input: ScannableInput = {
    format: "parquet",
    groups: [{ order, files }],
    columns,
    validate: "used",
    identity: null,
  };
  const now = new Date(context.now()).toISOString();
  const answer = context.local.rows(query, {
    inputs: new Map([["gone", { input, columns: order.slice(0, 1) }]]),
    parameters: new Map(),
    constants: { now, today: now.slice(0, 10) },
    signal: request.signal,
  });
  for await (const [row] of answer) return Number(row?.[0] ?? 0);
  return 0;
}
