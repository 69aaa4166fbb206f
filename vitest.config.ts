import { defineConfig } from "vitest/config";

const source = (path: string): string => new URL(path, import.meta.url).pathname;

export default defineConfig({
  resolve: {
    alias: {
      "@sluice/core": source("packages/core/src/index.ts"),
      "@sluice/runtime": source("packages/runtime/src/index.ts"),
      "@sluice/conformance": source("packages/conformance/src/index.ts"),
      "@sluice/duckdb": source("adapters/duckdb/src/index.ts"),
      "@sluice/file": source("adapters/file/src/index.ts"),
      "@sluice/sqlite": source("adapters/sqlite/src/index.ts"),
    },
  },
  test: {
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["packages/*/src/**/*.test.ts", "adapters/*/src/**/*.test.ts"] },
      },
      { extends: true, test: { name: "repository", include: ["test/**/*.test.ts", "examples/**/*.test.ts"] } },
    ],
  },
});
