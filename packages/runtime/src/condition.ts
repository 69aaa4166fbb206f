import {
  type Cell,
  type Expression,
  mapOperands,
  type PlannedStage,
  type Relation,
  SluiceError,
  stepsMeasuredBy,
  valueTypes,
} from "@sluice/core";
import { landedInput } from "./landed-output.ts";
import { compileOver, queryDefaults, type RunContext, stageOf } from "./run-context.ts";

/** Whether the condition of a stage holds: true, not false or null. The engine evaluates it, with metrics put in. */
export async function holds(context: RunContext, condition: Expression): Promise<boolean> {
  const relation: Relation = {
    kind: "select",
    input: { kind: "values", columns: [{ name: "one", type: "bool", nullable: false }], rows: [[true]] },
    columns: [["holds", withMetrics(context, condition, await valuesFor(context, condition))]],
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

/** The values that earlier steps have returned, as constants of their types. */
async function valuesFor(context: RunContext, condition: Expression): Promise<ReadonlyMap<string, Expression>> {
  const values = new Map<string, Expression>();
  const types = valueTypes(context.request.plan.definition);
  for (const step of stepsMeasuredBy(condition)) {
    const declared = types.get(step);
    if (declared === undefined) continue;
    values.set(step, constantOf(await returnedBy(context, step), declared.type));
  }
  return values;
}

async function returnedBy(context: RunContext, stage: string): Promise<Cell> {
  const { schema } = stageOf(context, stage);
  const query = compileOver(context, { kind: "scan", source: { stage } }, new Map([[stage, schema]]));
  const inputs = new Map([[stage, { input: landedInput(context, stage), columns: ["value"] }]]);
  const { engine } = context.request;
  for await (const rows of engine.rows(query, { ...queryDefaults(context), inputs, signal: context.signal })) {
    for (const [cell = null] of rows) return cell;
  }
  throw new SluiceError("internal", `stage "${stage}" has landed no value`);
}

function constantOf(cell: Cell, type: string): Expression {
  if (typeof cell === "boolean") return { kind: "literal", type: "bool", value: cell };
  const value: Expression =
    cell === null
      ? { kind: "literal", type: "null", value: null }
      : { kind: "literal", type: "string", value: String(cell) };
  return type === "string" && cell !== null ? value : { kind: "cast", value, type };
}

function withMetrics(context: RunContext, expression: Expression, values: ReadonlyMap<string, Expression>): Expression {
  if (expression.kind !== "metric") return mapOperands(expression, (operand) => withMetrics(context, operand, values));
  const { step, name } = expression;
  if (name === "value") return values.get(step) ?? { kind: "literal", type: "null", value: null };
  const outcome = [...context.outcomes.values()].find(({ stage }) => stage.name === step || stage.steps.includes(step));
  const figure = outcome === undefined ? null : metricsOf(outcome.stage, step, outcome)[name];
  return figure === null
    ? { kind: "literal", type: "null", value: null }
    : { kind: "literal", type: "number", value: String(figure) };
}
