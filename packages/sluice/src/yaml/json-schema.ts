import { pipelineShape } from "./pipeline-shape.ts";
import type { JsonSchema, SchemaParts } from "./shape.ts";

/**
 * The JSON Schema of a pipeline in YAML, for editors. It comes from the declarations that the reader uses; its text is
 * `pipeline.schema.json` of the package, which a pipeline names in its first line:
 * `# yaml-language-server: $schema=../node_modules/sluice/pipeline.schema.json`.
 *
 * @example
 * jsonSchema().required; // ["name", "steps"]
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
