import {
  columnsLookedAt,
  type Expression,
  type NamedExpression,
  type Prefix,
  printExpression,
  type Relation,
  type TracedOperation,
  walkExpression,
} from "@sluice/core";
import { attempt } from "./attempt.ts";
import { describeOperation } from "./describe-operation.ts";
import { explainDrops } from "./explain-drops.ts";
import { givenValues } from "./given-values.ts";
import { narrowingOf } from "./narrowing.ts";
import { columnsOf, type Questions, valueOfCell, valuesOf, where } from "./questions.ts";
import type { ChangeReport, OperationReport, Place } from "./report.ts";

/** What an operation did to the rows that matter: how many come in and go out, what changed, what was taken out and why. */
export async function traceOperation(
  questions: Questions,
  operation: TracedOperation,
  place: (path: string) => Place | undefined,
): Promise<OperationReport> {
  const { node, check, path, demand, inputs, isSubtracted } = operation;
  const at = place(path);
  const failures: string[] = [];
  const asked = <T>(ask: () => Promise<T>, otherwise: T): Promise<T> =>
    attempt(ask, (message) => {
      failures.push(message);
      return otherwise;
    });
  const count = (prefix: Prefix): Promise<number | null> =>
    asked<number | null>(() => questions.count(where(prefix.relation, prefix.demand.condition)), null);
  const before: (number | null)[] = [];
  for (const input of inputs) before.push(await count(input));
  const after = await count(operation);
  const changes = await asked(() => changesOf(questions, operation), []);
  const dropped = await asked(() => explainDrops(questions, operation), []);
  // Where nothing can be said of what comes in, an operation before it fails.
  const failure = before.includes(null) ? undefined : failures[0];
  return {
    operation: check === undefined ? node.kind : "check",
    text: check ?? describeOperation(node),
    ...(at === undefined ? {} : { at }),
    before,
    after,
    ...narrowingOf(demand),
    ...(isSubtracted ? { subtracted: true } : {}),
    changes,
    dropped,
    ...(failure === undefined ? {} : { failure }),
  };
}

const CHANGED_ROWS = 3;
const CHANGED_COLUMNS = 100;

async function changesOf(
  questions: Questions,
  operation: TracedOperation,
): Promise<readonly (readonly ChangeReport[])[]> {
  const [input] = operation.inputs;
  if (operation.node.kind === "fill" || operation.node.kind === "window") {
    return await givenValues(questions, operation, CHANGED_ROWS);
  }
  const condition = input?.demand.condition;
  const computed = computedColumns(operation.node).slice(0, CHANGED_COLUMNS);
  if (input === undefined || condition === undefined || computed.length === 0) return [];
  const [names = []] = columnsLookedAt(operation);
  const rows = await questions.rows(where(input.relation, condition), [...computed, ...columnsOf(names)], CHANGED_ROWS);
  return rows.map((cells) => {
    const values = valuesOf(names, cells.slice(computed.length));
    return computed.map(([column, expression], index) => {
      const own = columnsIn(expression);
      return {
        column,
        text: printExpression(expression),
        from: valuesOf(
          own,
          own.map((name) => values[name]),
        ),
        to: valueOfCell(cells[index]),
      };
    });
  });
}

/** Columns that get a value, not those that are passed on as they are. */
function computedColumns(node: Relation): readonly NamedExpression[] {
  if (node.kind !== "select" && node.kind !== "derive") return [];
  return node.columns.filter(([name, expression]) => expression.kind !== "column" || expression.name !== name);
}

function columnsIn(expression: Expression): readonly string[] {
  const found = new Set<string>();
  walkExpression(expression, (node) => {
    if (node.kind === "column") found.add(node.name);
  });
  return [...found];
}
