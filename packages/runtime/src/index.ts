/**
 * Runs plans through ports: the order of stages, attempts, leases, checks, quarantine, commits and resume. It names no
 * adapter and no engine. Read first: `run-request.ts`, `events.ts`.
 */
export * from "./events.ts";
export * from "./run-request.ts";
