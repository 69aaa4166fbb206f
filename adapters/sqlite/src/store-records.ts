import type { Json, LeaseHolder, RunRecord, StageRecord } from "@sluice/core";
import type { Value } from "./client.ts";

/** Rows of the state database as records; the order of columns is that of the statements in `store.ts`. */
export function holderOf(row: readonly Value[]): LeaseHolder {
  const [, run, host, pid, since, expiresAt] = row;
  return { run: String(run), host: String(host), pid: Number(pid), since: Number(since), expiresAt: Number(expiresAt) };
}

export function runOf(row: readonly Value[]): RunRecord {
  const [
    project,
    id,
    pipeline,
    planHash,
    plan,
    parameters,
    now,
    status,
    createdAt,
    startedAt,
    finishedAt,
    error,
    epoch,
    generation,
  ] = row;
  return {
    project: String(project),
    id: String(id),
    pipeline: String(pipeline),
    planHash: String(planHash),
    plan: json(plan),
    parameters: json(parameters),
    now: String(now),
    status: String(status) as RunRecord["status"],
    createdAt: String(createdAt),
    ...optional("startedAt", startedAt, String),
    ...optional("finishedAt", finishedAt, String),
    ...optional("error", error, json),
    ...optional("epoch", epoch, Number),
    generation: Number(generation),
  };
}

export function stageOf(row: readonly Value[]): StageRecord {
  const [
    run,
    stage,
    attempt,
    status,
    startedAt,
    finishedAt,
    output,
    rowsIn,
    rowsOut,
    rejected,
    sources,
    checks,
    error,
  ] = row;
  return {
    run: String(run),
    stage: String(stage),
    attempt: Number(attempt),
    status: String(status) as StageRecord["status"],
    startedAt: String(startedAt),
    ...optional("finishedAt", finishedAt, String),
    output: json(output) as unknown as StageRecord["output"],
    rowsIn: count(rowsIn),
    rowsOut: count(rowsOut),
    rejected: Number(rejected),
    sources: json(sources),
    checks: json(checks),
    ...optional("error", error, json),
  };
}

function optional<Name extends string, T>(
  name: Name,
  value: Value | undefined,
  convert: (value: Value) => T,
): { readonly [key in Name]?: T } {
  return (value === null || value === undefined ? {} : { [name]: convert(value) }) as { readonly [key in Name]?: T };
}

function count(value: Value | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function json(value: Value | undefined): Json {
  return JSON.parse(String(value)) as Json;
}

export function optionalJson(value: Json | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
