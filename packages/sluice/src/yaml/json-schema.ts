import { pipelineShape } from "./pipeline-shape.ts";
import type { JsonSchema, SchemaParts } from "./shape.ts";

/**
 * The JSON Schema of a pipeline in YAML, for editors. It comes from the declarations that the reader uses.
 *
 * @example
 * await writeFile(".sluice/pipeline.schema.json", JSON.stringify(jsonSchema(), null, 2));
 * // and in a pipeline: # yaml-language-server: $schema=../.sluice/pipeline.schema.json
 */
export function jsonSchema(): JsonSchema {
  const parts: SchemaParts = new Map();
  const { properties, ...rest } = pipelineShape.schema(parts);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A sluice pipeline",
    ...rest,
    properties,
    $defs: Object.fromEntries(parts),
  };
}
