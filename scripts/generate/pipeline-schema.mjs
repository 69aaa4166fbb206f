// The JSON Schema of pipelines in YAML, for editors: `packages/sluice/pipeline.schema.json`.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The text of `pipeline.schema.json`, from the build of the reader's own declarations. */
export async function generatePipelineSchema(root) {
  const { jsonSchema } = await import(pathToFileURL(join(root, "packages/sluice/dist/yaml/json-schema.js")).href);
  return `${JSON.stringify(jsonSchema(), null, 2)}\n`;
}
