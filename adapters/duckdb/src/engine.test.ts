import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeEngine } from "@sluice/conformance";
import { createDuckDbEngine, openExpressionParser } from "@sluice/duckdb";
import { afterAll } from "vitest";

const root = await mkdtemp(join(tmpdir(), "sluice-duckdb-"));
const parser = openExpressionParser();
afterAll(async () => {
  await parser[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

describeEngine({
  name: "duckdb",
  open: async (limits = {}) => createDuckDbEngine({ scratch: root, threads: 2, ...limits }),
  parser,
  folder: () => mkdtemp(join(root, "case-")),
});
