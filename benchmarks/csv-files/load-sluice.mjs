// Reads text files as a dataset that `sluice sync` froze without any parameter: one process, one engine, the same adapter.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/file";
import { freeze } from "../../packages/sluice/dist/sync/freeze.js";

export async function openSluice() {
  const scratch = await mkdtemp(join(tmpdir(), "sluice-csv-files-"));
  await mkdir(join(scratch, "engine"));
  const engine = createDuckDbEngine({ scratch: join(scratch, "engine"), threads: 1, memoryBytes: 2 ** 30 });
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const { signal } = new AbortController();
  let opened = 0;

  /** `{ rows, header, dataset, rejected, warnings }`; throws what sync or the read throws. */
  async function load(root, path, { isChecked = true, ...more } = {}) {
    opened += 1;
    const folder = join(scratch, String(opened));
    await mkdir(folder);
    try {
      const context = {
        signal,
        now: () => Date.UTC(2024, 0, 1),
        log: () => {},
        root,
        scratch: folder,
        local: engine,
        checkpoint: () => {},
      };
      const address = { type: "file", path, ...more };
      const source = await adapter.openSource(adapter.parseAddress(address), undefined, context);
      const request = { types: new Map(), required: [], dialect: {}, parameters: new Map(), signal };
      const found = await first(source.discover(request));
      const dataset = freeze("things", { address, options: {} }, found);
      // What is compared is text: each value as it stands in the file. Types are found from all values, so they refuse none.
      const columns = dataset.columns.map(({ name, nulls, trim }) => ({
        name,
        type: "string",
        nullable: true,
        ...(nulls === undefined ? {} : { nulls }),
        ...(trim === undefined ? {} : { trim }),
      }));
      const names = columns.map(({ name }) => name);
      const scan = (frozen) =>
        source.scan({ dataset: frozen, columns: names, parameters: new Map(), signal, warn() {} });
      const plain = await read(await scan({ ...dataset, columns }), names, folder);
      if (!isChecked) return { ...plain, names, dataset };
      const typed = await count(await scan(dataset), names, folder);
      if (typed !== plain.rows.length)
        throw new Error(`${path}: ${typed} records are accepted with types, ${plain.rows.length} without`);
      return { ...plain, names, dataset };
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  /** As a run does it: strictly, and record by record where that ends at a bad one. */
  async function read(input, names, folder) {
    const columns = names.map((name) => ({ name, type: "string", nullable: true }));
    const query = engine.compile(
      { kind: "scan", source: { dataset: "things" } },
      { schemaOf: () => ({ columns }), parameters: new Map() },
    );
    const inputs = new Map([["things", { input, columns: names }]]);
    const constants = { now: "2024-01-01 00:00:00", today: "2024-01-01" };
    const rows = [];
    try {
      for await (const batch of engine.rows(query, { inputs, parameters: new Map(), constants, signal }))
        rows.push(...batch);
      return { rows, rejected: 0 };
    } catch (error) {
      if (error.reason !== "strict") throw error;
    }
    const { rejected, path } = await split(input, names, join(folder, "plain"));
    const reader = await connection.runAndReadAll(`select * from read_parquet('${path}')`);
    return { rows: reader.getRows(), rejected };
  }

  async function count(input, names, folder) {
    try {
      return await engine.validate(input, signal);
    } catch (error) {
      if (error.reason !== "strict") throw error;
    }
    return (await split(input, names, join(folder, "typed"))).accepted;
  }

  async function split(input, columns, path) {
    const [accepted, rejected] = ["accepted", "rejected"].map((kind) => `${path}-${kind}.parquet`);
    return { ...(await engine.split({ name: "things", input, columns, accepted, rejected, signal })), path: accepted };
  }

  return {
    load,
    async close() {
      connection.closeSync();
      await engine[Symbol.asyncDispose]();
      await rm(scratch, { recursive: true });
    },
  };
}

async function first(found) {
  for await (const stream of found) return stream;
  throw new Error("nothing was found");
}
