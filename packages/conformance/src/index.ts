/**
 * The suites that say what a port means, one function each, called by the tests of every adapter; and the in-memory
 * adapters that pass them. Known by tests only. It knows `@sluice/core` and no adapter. Read first: `suite.ts`, then
 * `sink/describe-sink.ts`.
 */

export * from "./engine/describe-engine.ts";
export * from "./faults.ts";
export * from "./fixtures.ts";
export * from "./memory/adapter.ts";
export * from "./memory/database.ts";
export * from "./memory/rows-engine.ts";
export * from "./memory/runner.ts";
export * from "./memory/sink.ts";
export * from "./memory/source.ts";
export * from "./memory/store.ts";
export * from "./places.ts";
export * from "./rows.ts";
export * from "./runner/describe-runner.ts";
export * from "./sink/describe-sink.ts";
export * from "./sink/harness.ts";
export * from "./sink/mode-cases.ts";
export * from "./sink/reference-load.ts";
export * from "./sink/report.ts";
export * from "./source/describe-source.ts";
export * from "./store/describe-store.ts";
export * from "./suite.ts";
export * from "./systems.ts";
