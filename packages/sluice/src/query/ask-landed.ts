import type { Cell, Relation } from "@sluice/core";
import type { Session } from "../composition.ts";
import type { LandedRows } from "./land-step.ts";

/**
 * One query of the engine's own SQL over these columns of landed rows, which it reads as `rows`; its rows are few. Where it
 * read all columns, what asks about each of them would take the square of their number: of 300, 20 s and not 3 (2026-11).
 */
export async function askLanded(
  session: Session,
  landed: LandedRows,
  columns: readonly string[],
  sqlOf: (rows: string) => string,
): Promise<readonly (readonly Cell[])[]> {
  const engine = await session.engine();
  const marker = "\u0000";
  const texts = sqlOf(marker).split(marker);
  const scan: Relation = { kind: "scan", source: { stage: landed.name } };
  const node: Relation = { kind: "sql", engine: "duckdb", texts, inputs: texts.slice(1).map(() => scan) };
  const wanted = new Set(columns);
  const schema = { columns: landed.input.columns.filter(({ name }) => wanted.has(name)) };
  const compiled = engine.compile(node, { schemaOf: () => schema, parameters: new Map() });
  const found: (readonly Cell[])[] = [];
  const batches = engine.rows(compiled, {
    inputs: new Map([[landed.name, { input: landed.input, columns: schema.columns.map(({ name }) => name) }]]),
    parameters: new Map(),
    constants: { now: new Date(0).toISOString(), today: "1970-01-01" },
    signal: session.signal,
  });
  for await (const batch of batches) found.push(...batch);
  return found;
}
