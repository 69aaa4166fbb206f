import { type Demand, printExpression } from "@sluice/core";
import type { Narrowing } from "./report.ts";

/** How well the rows that matter at a place are known, for a report. */
export function narrowingOf({ condition, exact, because }: Demand): Narrowing {
  return {
    narrowing: condition === undefined ? "none" : exact ? "exact" : "partly",
    because,
    ...(condition === undefined ? {} : { condition: printExpression(condition) }),
  };
}
