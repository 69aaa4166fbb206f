import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import type { Gaps } from "../suite.ts";

/** What the suite of a sink did, for the matrix in `docs/loads.md`. */
export interface SinkReport {
  readonly sink: string;
  /** The ids of its cases, sorted. */
  readonly cases: readonly string[];
  /** Those that it does not pass yet, with the reason. */
  readonly gaps: Readonly<Record<string, string>>;
}

/** Holds the file of a report to what a suite does now. `SLUICE_UPDATE=1` writes it; `npm run generate` makes the page. */
export function expectReport(name: string, report: object): void {
  const file = new URL(`../../reports/${name.replaceAll(/[^a-z0-9]+/gi, "-")}.json`, import.meta.url);
  if (process.env.SLUICE_UPDATE === "1") writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
  let there: unknown;
  try {
    there = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    there = "nothing: run the suite with SLUICE_UPDATE=1, then npm run generate";
  }
  expect(there).toEqual(report);
}

/** The report of a suite with these cases. */
export function reportOf(sink: string, ids: readonly string[], gaps: Gaps): SinkReport {
  return {
    sink,
    cases: ids.toSorted(),
    gaps: Object.fromEntries(Object.entries(gaps).map(([id, { reason }]) => [id, reason])),
  };
}
