import { type Expression, mapOperands, type PlannedStage, type Relation } from "@sluice/core";
import { compileOver, queryDefaults, type RunContext } from "./run-context.ts";

/** Whether the condition of a stage holds: true, not false or null. The engine evaluates it, with metrics put in. */
export async function holds(context: RunContext, condition: Expression): Promise<boolean> {
  const relation: Relation = {
    kind: "select",
    input: { kind: "values", columns: [{ name: "one", type: "bool", nullable: false }], rows: [[true]] },
    columns: [["holds", withMetrics(context, condition)]],
  };
  const { engine } = context.request;
  const query = compileOver(context, relation, new Map());
  const { signal } = context;
  for await (const rows of engine.rows(query, { ...queryDefaults(context), inputs: new Map(), signal })) {
    for (const [cell] of rows) return cell === true;
  }
  return false;
}

/** A figure of a step that has ended: rows in belong to the first step of a stage, rows out to its last one. */
export function metricsOf(
  stage: PlannedStage,
  step: string,
  figures: { readonly rowsIn: number | null; readonly rowsOut: number | null; readonly rejected: number },
): { readonly rowsIn: number | null; readonly rowsOut: number | null; readonly rejected: number } {
  const { steps } = stage;
  const isFirst = steps.length === 0 || steps[0] === step;
  const isLast = steps.length === 0 || steps.at(-1) === step;
  return {
    rowsIn: isFirst ? figures.rowsIn : null,
    rowsOut: isLast ? figures.rowsOut : null,
    rejected: isFirst ? figures.rejected : 0,
  };
}

function withMetrics(context: RunContext, expression: Expression): Expression {
  if (expression.kind !== "metric") return mapOperands(expression, (operand) => withMetrics(context, operand));
  const { step, name } = expression;
  const outcome = [...context.outcomes.values()].find(({ stage }) => stage.name === step || stage.steps.includes(step));
  const figure = outcome === undefined ? null : metricsOf(outcome.stage, step, outcome)[name];
  return figure === null
    ? { kind: "literal", type: "null", value: null }
    : { kind: "literal", type: "number", value: String(figure) };
}
