import type { CheckDefinition } from "../definition/definition.ts";

/**
 * What follows from counts: a check passes while at least the share `mostly` of the rows does; below it `otherwise` applies.
 *
 * @example
 * verdictOf({ kind: "notNull", columns: ["id"], mostly: 0.99 }, 1000, 10); // "passed"
 * verdictOf({ kind: "notNull", columns: ["id"], otherwise: "warn" }, 1000, 1); // "warned"
 */
export function verdictOf(
  check: CheckDefinition,
  rows: number,
  failing: number,
): "passed" | "failed" | "warned" | "diverted" {
  if (failing === 0 || (rows - failing) / rows >= (check.mostly ?? 1)) return "passed";
  const consequence = check.otherwise ?? "fail";
  switch (consequence) {
    case "fail":
      return "failed";
    case "warn":
      return "warned";
    case "divert":
      return "diverted";
    default:
      return consequence satisfies never;
  }
}
