import { readFileSync } from "node:fs";
import { catalogue, entryOf, type FunctionEntry, parseSignature } from "@sluice/core";
import { expect, it } from "vitest";

type Generate = (entries: Readonly<Record<string, FunctionEntry>>, parse: typeof parseSignature) => string;
interface Generator {
  readonly generateColumns: Generate;
  readonly generateAggregates: Generate;
  readonly generateWindows: Generate;
}
// By its address, since a script in JavaScript has no types to import.
const script: string = new URL("../../scripts/generate.mjs", import.meta.url).href;
const { generateColumns, generateAggregates, generateWindows } = (await import(script)) as Generator;

const committed = (name: string): string =>
  readFileSync(new URL(`../../packages/core/src/builder/${name}`, import.meta.url), "utf8");

it("the typed methods are those of the catalogue (else: npm run generate)", () => {
  expect(committed("columns.generated.ts")).toBe(generateColumns(catalogue, parseSignature));
  expect(committed("aggregates.generated.ts")).toBe(generateAggregates(catalogue, parseSignature));
  expect(committed("windows.generated.ts")).toBe(generateWindows(catalogue, parseSignature));
});

it("a new entry becomes a method of each family it takes", () => {
  const absolute = entryOf("abs");
  if (absolute === undefined) throw new Error("no abs");
  const twice: FunctionEntry = { ...absolute, signatures: ["(self: int|float) -> same"] };
  const text = generateColumns({ ...catalogue, twice }, parseSignature);
  expect(text).toContain("  twice(): Int<N>;");
  expect(text).toContain("  twice(): Float<N>;");
  expect(text).not.toContain("  twice(): Decimal<N>;");
});
