import { parseType, type TypeText } from "@sluice/core";
import type { DataFile, Field } from "../format/model.ts";
import { type KnownValues, knownInFile } from "../pruning/known-values.ts";
import { quoted } from "./ask-engine.ts";
import type { TargetPlan } from "./target-plan.ts";

/** A column of the rows that arrive by which they are told apart. */
export interface KeyColumn {
  readonly name: string;
  /** What the table calls it. */
  readonly stored: string;
  /** As it arrives. */
  readonly type: TypeText;
}

/** The least and the greatest value of a key that arrives, where it is a whole number and never null. */
export interface KeyEnds extends KeyColumn {
  readonly low: bigint;
  readonly high: bigint;
}

/** Between which numbers a key lies of which rows both arrive and are stored; both are included. */
export interface KeyRange extends KeyEnds {
  /** Whether keys arrive that lie outside. */
  readonly leavesOut: boolean;
}

/** Of a key's ends as text; undefined where they say nothing that a range could be made of. */
export function endsOf(column: KeyColumn, low: string | null, high: string | null, nulls: string): KeyEnds | undefined {
  const isWhole = /^u?int/.test(parseType(column.type).kind);
  if (!isWhole || low === null || high === null || nulls !== "0") return undefined;
  return { ...column, low: BigInt(low), high: BigInt(high) };
}

/**
 * The ranges outside of which no key that arrives is stored, one for each key of which that is known. A table is mostly merged
 * with its latest rows and such as come after them, so both sides of a comparison can be left out to a great part.
 */
export function sharedRanges(
  ends: readonly KeyEnds[],
  files: readonly DataFile[],
  { table, fields }: Pick<TargetPlan, "table" | "fields">,
): readonly KeyRange[] {
  return ends.map((end) => {
    const field = fields.find(({ name }) => name === end.stored);
    const known = files.map((file) => wholeBounds(field, file, table));
    const lows = known.map(({ low }) => low);
    const highs = known.map(({ high }) => high);
    // Where one file says nothing, keys of it may lie anywhere.
    const least = lows.every((low) => low !== undefined) ? reduced(lows, (a, b) => a < b) : undefined;
    const greatest = highs.every((high) => high !== undefined) ? reduced(highs, (a, b) => a > b) : undefined;
    const low = least !== undefined && least > end.low ? least : end.low;
    const high = greatest !== undefined && greatest < end.high ? greatest : end.high;
    return { ...end, low, high, leavesOut: low > end.low || high < end.high };
  });
}

function wholeBounds(
  field: Field | undefined,
  file: DataFile,
  table: TargetPlan["table"],
): { readonly low?: bigint; readonly high?: bigint } {
  if (field?.type.kind !== "int" && field?.type.kind !== "long") return {};
  const spec = table?.metadata.partitionSpecs.find(({ specId }) => specId === file.specId);
  if (spec === undefined) return {};
  const { lower, upper }: KnownValues = knownInFile({ id: field.id, type: field.type }, file, spec);
  return {
    ...(typeof lower === "number" || typeof lower === "bigint" ? { low: BigInt(lower) } : {}),
    ...(typeof upper === "number" || typeof upper === "bigint" ? { high: BigInt(upper) } : {}),
  };
}

function reduced(values: readonly bigint[], isBetter: (one: bigint, other: bigint) => boolean): bigint | undefined {
  return values.reduce<bigint | undefined>(
    (best, value) => (best === undefined || isBetter(value, best) ? value : best),
    undefined,
  );
}

/** Where a row lies in all ranges: as SQL, of rows that arrive or of rows that are stored. */
export function within(ranges: readonly KeyRange[], side: "b" | "s"): string {
  const terms = ranges.map(
    ({ name, stored, low, high }) => `${side}.${quoted(side === "b" ? name : stored)} between ${low} and ${high}`,
  );
  return terms.length === 0 ? "true" : terms.join(" and ");
}
