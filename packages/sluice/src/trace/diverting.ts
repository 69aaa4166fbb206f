import {
  createTrace,
  type Diverting,
  type Expression,
  runChecks,
  type StepDefinition,
  type TraceRequest,
} from "@sluice/core";
import { attempt } from "./attempt.ts";
import { columnsOf, type Questions } from "./questions.ts";

const TRUE: Expression = { kind: "literal", type: "bool", value: true };

/**
 * Which checks take rows out: one with `mostly` does so only where too many rows fail, which has to be counted, as a run
 * would, from the sources on.
 */
export async function findDiverting(
  request: Omit<TraceRequest, "isDiverting">,
  questions: Questions,
): Promise<Diverting> {
  const known = new Map<string, ReadonlySet<string>>();
  const isDiverting: Diverting = (step, check) => known.get(step)?.has(check) ?? true;
  for (const { step } of createTrace({ ...request, isDiverting }).steps) {
    if (!dependsOnCounts(step)) continue;
    const { name } = step;
    const trace = createTrace({ ...request, step: name, condition: TRUE, isDiverting });
    const input = trace.steps.at(-1)?.operations.find(({ check }) => check !== undefined)?.inputs[0];
    if (input === undefined) continue;
    const checks = step.checks ?? [];
    const asked = { step: name, checks, input: input.relation, schema: input.schema, parameters: request.parameters };
    const counted = await attempt(
      () =>
        runChecks(asked, async ({ relation, columns }) => {
          const [row = []] = await questions.rows(relation, columnsOf(columns), 1);
          return Object.fromEntries(columns.map((column, index) => [column, Number(row[index] ?? 0)]));
        }),
      () => undefined,
    );
    const results = counted?.results ?? [];
    known.set(name, new Set(results.filter(({ status }) => status === "diverted").map((result) => result.name)));
  }
  return isDiverting;
}

function dependsOnCounts({ checks = [] }: StepDefinition): boolean {
  return checks.some(({ otherwise, mostly = 1 }) => otherwise === "divert" && mostly < 1);
}
