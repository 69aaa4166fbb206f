import {
  type Expression,
  type Locations,
  placeError,
  printExpression,
  type Relation,
  SluiceError,
  type Trace,
  walkExpression,
} from "@sluice/core";
import type { Session } from "../composition.ts";
import type { Questions } from "./questions.ts";
import type { Place, StepReport } from "./report.ts";
import { traceOperation } from "./trace-operation.ts";

/** What each step on the way did to the rows that matter, in the order in which they pass through. */
export async function traceSteps(
  session: Session,
  { steps }: Trace,
  { questions, locations }: { readonly questions: Questions; readonly locations: Locations },
): Promise<readonly StepReport[]> {
  const placeOf = (path: string): Place | undefined => {
    const { at } = placeError(new SluiceError("config", "", { at: { file: "", path } }), locations);
    if (at === undefined || at.file === "") return undefined;
    return { file: session.short(at.file), ...(at.line === undefined ? {} : { line: at.line }) };
  };
  const reports: StepReport[] = [];
  for (const { step, operations } of steps) {
    session.signal.throwIfAborted();
    const told = [];
    for (const operation of operations) told.push(await traceOperation(questions, operation, placeOf));
    const at = placeOf(`steps.${step.name}`);
    reports.push({
      step: step.name,
      kind: step.kind,
      ...(at === undefined ? {} : { at }),
      ...(step.when === undefined ? {} : { when: await whenOf(questions, step.when) }),
      operations: told,
    });
  }
  return reports;
}

/** A condition over figures of other steps is decided in a run; over parameters and constants it is known now. */
async function whenOf(questions: Questions, when: Expression): Promise<NonNullable<StepReport["when"]>> {
  const text = printExpression(when);
  let isOfRun = false;
  walkExpression(when, (node) => {
    isOfRun ||= node.kind === "metric";
  });
  if (isOfRun) return { text, value: null };
  const one: Relation = { kind: "values", columns: [{ name: "one", type: "int64", nullable: false }], rows: [["1"]] };
  return { text, value: (await questions.count({ kind: "filter", input: one, condition: when })) > 0 };
}
