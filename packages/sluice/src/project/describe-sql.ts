import type { Engine, Relation, ScanSource, Schema, SqlNode } from "@sluice/core";
import { SluiceError } from "@sluice/core";

/** The columns that raw SQL gives over inputs of these schemas, asked from the engine without reading rows. */
export async function describeSql(
  engine: Engine,
  node: SqlNode,
  { inputs, parameters }: { readonly inputs: readonly Schema[]; readonly parameters: ReadonlyMap<string, string> },
): Promise<Schema> {
  const names = inputs.map((_, index) => `input_${index + 1}`);
  const schemas = new Map(names.map((name, index) => [name, inputs[index] ?? { columns: [] }]));
  const scans: readonly Relation[] = names.map((stage) => ({ kind: "scan", source: { stage } }));
  const query = engine.compile(
    { ...node, inputs: scans },
    { schemaOf: (source) => schemaOf(source, schemas), parameters },
  );
  return engine.describe(query, schemas);
}

function schemaOf(source: ScanSource, schemas: ReadonlyMap<string, Schema>): Schema {
  const found = "stage" in source ? schemas.get(source.stage) : undefined;
  if (found !== undefined) return found;
  throw new SluiceError("internal", "raw SQL was described over an input that is not its own");
}
