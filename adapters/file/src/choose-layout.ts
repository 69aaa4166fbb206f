import { LAYOUT_CANDIDATES, type LayoutCandidate } from "@sluice/core";
import type { LayoutTally } from "./value-kinds.ts";

/** Layouts that are tried only where the author says that a column holds times: their values look like numbers. */
export const NUMERIC_LAYOUTS: readonly LayoutCandidate[] = [
  { type: "date", layout: "%Y%m%d" },
  { type: "timestamp", layout: "%Y%m%d%H%M%S" },
  { type: "timestamp", layout: "%Y%m%dT%H%M%S" },
  { type: "timestamptz", layout: "%Y%m%dT%H%M%SZ" },
];

const RANKS: ReadonlyMap<string, number> = new Map(
  [...LAYOUT_CANDIDATES, ...NUMERIC_LAYOUTS].map((candidate, index) => [candidate.layout, index]),
);

/** Of the layouts that so many values fit, the one that stands first in the list of candidates. */
export function preferred(tallies: readonly LayoutTally[], values: number): LayoutCandidate | undefined {
  const fitting = tallies.filter((tally) => tally.count === values && values > 0);
  const rank = ({ candidate }: LayoutTally): number => RANKS.get(candidate.layout) ?? Number.POSITIVE_INFINITY;
  return fitting.reduce<LayoutTally | undefined>(
    (first, tally) => (first === undefined || rank(tally) < rank(first) ? tally : first),
    undefined,
  )?.candidate;
}

/** Two readings that fit: day first and month first. */
export function ambiguity(
  name: string,
  taken: LayoutCandidate,
  tallies: readonly LayoutTally[],
  values: number,
  example: string,
): readonly string[] {
  if (taken.order === undefined) return [];
  const other = preferred(
    tallies.filter(({ candidate }) => candidate.order !== undefined && candidate.order !== taken.order),
    values,
  );
  if (other === undefined) return [];
  const words = { day: "day first", month: "month first" };
  return [
    `"${name}" fits two layouts: every value can be read as ${taken.layout} (${words[taken.order]}, which was taken) and as ${other.layout} (${words[other.order ?? "month"]}), for example ${JSON.stringify(example)}: declare formats: { ${JSON.stringify(name)}: ${JSON.stringify(other.layout)} } if that is meant`,
  ];
}
