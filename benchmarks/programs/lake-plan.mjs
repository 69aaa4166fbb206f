// Makes a table of many files, or of many commits, and plans it with an empty cache, several times. Prints JSON.
import { stat } from "node:fs/promises";
import { openCatalog, pathOf } from "@sluice/lake";

const [folder, what, size] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const ROUNDS = 9;
const ID = { namespace: ["bench"], name: "many" };
const COLUMNS = 20;

const bytesOf = (index) => Buffer.alloc(8, index % 256);
const perColumn = (value) => new Map(Array.from({ length: COLUMNS }, (_, column) => [column + 1, value]));

function dataFile(index) {
  const counts = perColumn(1000 + index);
  return {
    ...{ content: "data", path: `file:///lake/bench/many/data/${String(index).padStart(36, "0")}.parquet` },
    ...{ format: "parquet", specId: 0, partition: [`region-${index % 100}`], recordCount: 1000, sizeBytes: 100_000 },
    ...{ columnSizes: counts, valueCounts: counts, nullCounts: counts },
    ...{ lowerBounds: perColumn(bytesOf(index)), upperBounds: perColumn(bytesOf(index + 1)) },
  };
}

const append = (files) => async () => ({ snapshot: { operation: "append", add: files } });

/** As a load makes it. */
async function newTable(catalog) {
  const schema = Array.from({ length: COLUMNS }, (_, column) => ({
    name: column === 0 ? "region" : `c${column}`,
    type: { kind: column === 0 ? "string" : "long" },
    required: false,
  }));
  const spec = [{ column: "region", transform: { kind: "identity" } }];
  return catalog.createTable(ID, { schema, spec, properties: { "sluice.made": "true" } });
}

async function withCatalog(work) {
  const catalog = await openCatalog({ folder });
  try {
    return await work(catalog);
  } finally {
    await catalog[Symbol.asyncDispose]();
  }
}

async function planned() {
  const started = performance.now();
  return withCatalog(async (catalog) => {
    const table = await catalog.loadTable(ID);
    const { files } = await table.filesOf(table.currentSnapshot());
    return { files: files.length, seconds: (performance.now() - started) / 1000 };
  });
}

const commits = [];
let [largest, manifests] = [0, 0];
await withCatalog(async (catalog) => {
  let table = await newTable(catalog);
  const step = what === "files" ? 500 : 1;
  for (let from = 0; from < size; from += step) {
    const started = performance.now();
    table = await table.commit(append(Array.from({ length: step }, (_, index) => dataFile(from + index))));
    commits.push((performance.now() - started) / 1000);
    largest = Math.max(largest, (await stat(pathOf(table.metadataLocation))).size);
    manifests = Math.max(manifests, (await table.manifestsOf(table.currentSnapshot())).length);
  }
});
const rounds = [];
for (let round = 0; round < ROUNDS; round += 1) rounds.push(await planned());
console.log(
  JSON.stringify({
    files: rounds[0].files,
    seconds: rounds.map(({ seconds }) => seconds),
    ...{ largest, manifests, firstCommits: commits.slice(0, 100), lastCommits: commits.slice(-100) },
  }),
);
