// Writes what follows from other sources: from the function catalogue the typed methods and aggregates of the builder and
// the page of functions, from the reader of YAML the JSON Schema for editors, from the reports of the suites of sinks the tables of the page on loads, from the kernels that take apart text and PostgreSQL's rows what runs. With `--check` it only names what is stale.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { generateAggregates } from "./generate/aggregates.mjs";
import { loadCatalogue } from "./generate/catalogue.mjs";
import { generateColumns } from "./generate/columns.mjs";
import { generateStatics } from "./generate/functions.mjs";
import { generateFunctions, SECTIONS } from "./generate/functions-page.mjs";
import { generateKernel } from "./generate/kernel.mjs";
import { generateLoads } from "./generate/loads-page.mjs";
import { generatePipelineSchema } from "./generate/pipeline-schema.mjs";
import { generateWindows } from "./generate/windows.mjs";

export { generateAggregates, generateColumns, generateStatics, generateWindows };

/** What is generated, by file. */
async function generate(root) {
  const names = SECTIONS.map(([group]) => group);
  const { catalogue, parseSignature, ...groups } = await loadCatalogue(root, names);
  return [
    ["packages/core/src/builder/columns.generated.ts", generateColumns(catalogue, parseSignature)],
    ["packages/core/src/builder/aggregates.generated.ts", generateAggregates(catalogue, parseSignature)],
    ["packages/core/src/builder/functions.generated.ts", generateStatics(catalogue, parseSignature)],
    ["packages/core/src/builder/windows.generated.ts", generateWindows(catalogue, parseSignature)],
    ["docs/functions.md", generateFunctions(groups, catalogue, parseSignature)],
    ["packages/sluice/pipeline.schema.json", await generatePipelineSchema(root)],
    ["docs/loads.md", generateLoads(root)],
    [
      "adapters/duckdb/src/text-columns/kernel.generated.ts",
      await generateKernel(root, "adapters/duckdb/kernel", "accept-text.ts"),
    ],
    [
      "adapters/postgres/src/binary/kernel.generated.ts",
      await generateKernel(root, "adapters/postgres/kernel", "take-rows.ts"),
    ],
  ];
}

async function main() {
  const root = join(dirname(fileURLToPath(import.meta.url)), "..");
  const isCheck = process.argv.includes("--check");
  const stale = [];
  for (const [file, text] of await generate(root)) {
    const path = join(root, file);
    if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
    stale.push(file);
    if (!isCheck) writeFileSync(path, text);
  }
  for (const file of stale) console.log(isCheck ? `${file} is stale: npm run generate` : `wrote ${file}`);
  if (isCheck && stale.length > 0) process.exitCode = 1;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
