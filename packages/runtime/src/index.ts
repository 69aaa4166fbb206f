/**
 * Runs plans through ports: the order of stages, attempts, leases, checks, quarantine, commits and resume. It names no
 * adapter and no engine. Read first: `run-request.ts`, `events.ts`, then `run.ts`, `run-stage.ts`, `attempt.ts`.
 */
export * from "./error-record.ts";
export * from "./events.ts";
export * from "./incremental/move-positions.ts";
export { collect } from "./inputs.ts";
export { type KeptCopy, keptCopies } from "./kept-extract.ts";
export { assertFewRejects } from "./max-rejects.ts";
export { contractName, type FieldOrder, quarantineFile } from "./quarantine.ts";
export { constantsOf, type RecordedPlan, recordedParameters, recordedPlan } from "./recorded-run.ts";
export * from "./run.ts";
export { fileNameOf, runFolder } from "./run-folder.ts";
export { type LogLine, type LogRequest, readLog, runLogPath } from "./run-log.ts";
export * from "./run-request.ts";
export { summarizeRecords } from "./summary.ts";
