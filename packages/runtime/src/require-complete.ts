import { type PlannedStage, SluiceError } from "@sluice/core";
import type { CheckResult } from "./events.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Refuses a load that deletes what did not arrive, where rows were left out on the way: theirs would be deleted too.
 *
 * @throws SluiceError `data` with the reason `incomplete`
 */
export function requireComplete(
  context: RunContext,
  stage: PlannedStage,
  own: { readonly rejected: number; readonly checks: readonly CheckResult[] },
): void {
  const found: [name: string, rows: number][] = [[stage.name, own.rejected + divertedBy(own.checks)]];
  for (const name of stagesBehind(context, stage)) {
    const outcome = context.outcomes.get(name);
    if (outcome !== undefined) found.push([name, outcome.rejected + divertedBy(outcome.checks)]);
  }
  const [first] = found.filter(([, rows]) => rows > 0);
  if (first === undefined) return;
  const [name, rows] = first;
  throw new SluiceError(
    "data",
    `"${stage.name}" deletes rows that did not arrive, and ${rows} of "${name}" were left out: what they stand for would be deleted`,
    {
      reason: "incomplete",
      offending: name,
      hint: 'mend the rows in the quarantine, or load without missing: "delete"',
    },
  );
}

function divertedBy(checks: readonly CheckResult[]): number {
  return checks.reduce((rows, check) => rows + (check.status === "diverted" ? check.failing : 0), 0);
}

/** Every stage whose rows a stage reads, however far away. */
function stagesBehind({ request }: RunContext, stage: PlannedStage): ReadonlySet<string> {
  const byName = new Map(request.plan.stages.map((one) => [one.name, one]));
  const found = new Set<string>();
  const visit = (one: PlannedStage | undefined): void => {
    const read = [
      ...(one?.reads ?? []).flatMap((from) => ("stage" in from ? [from.stage] : [])),
      ...(one?.inputs ?? []).map((input) => input.stage),
    ];
    for (const name of read) {
      if (found.has(name)) continue;
      found.add(name);
      visit(byName.get(name));
    }
  };
  visit(stage);
  return found;
}
