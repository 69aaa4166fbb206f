import type { TypeText } from "../schema/types.ts";

/**
 * Expressions: small JSON-safe trees. The builder makes them, YAML text is parsed into them, engines render them.
 * Every operation on values is a `call` of an entry of the function catalogue.
 */
export type Expression =
  | ColumnNode
  | LiteralNode
  | ParameterNode
  | ConstantNode
  | CallNode
  | CastNode
  | CaseNode
  | MetricNode
  | TextNode;

/** A column of the input; `side` only in a join's condition and selection. */
export interface ColumnNode {
  readonly kind: "column";
  readonly name: string;
  readonly side?: "left" | "right";
}

/**
 * A constant. `number` is decimal text without a width (`"41.5"`, `"-3"`, `"1e-7"`): it takes the type its place asks for.
 * Times are ISO text, bytes are hex, intervals ISO 8601 durations.
 */
export interface LiteralNode {
  readonly kind: "literal";
  readonly type: LiteralType;
  readonly value: string | boolean | null;
}
/** How a literal is written; `number` has no width of its own. */
export type LiteralType =
  | "null"
  | "bool"
  | "number"
  | "string"
  | "date"
  | "time"
  | "timestamp"
  | "timestamptz"
  | "interval"
  | "uuid"
  | "bytes";

/** A parameter of the pipeline: always bound, never interpolated. */
export interface ParameterNode {
  readonly kind: "parameter";
  readonly name: string;
}

/** A constant of the run: the scheduled instant (`timestamptz`), its day in the schedule's zone (`date`). */
export interface ConstantNode {
  readonly kind: "constant";
  readonly name: "now" | "today";
}

/** A catalogue function. `distinct`, `where` and `order` belong to aggregates. */
export interface CallNode {
  readonly kind: "call";
  readonly name: string;
  readonly arguments: readonly Expression[];
  readonly distinct?: true;
  readonly where?: Expression;
  /** In which order an aggregate takes its rows; only one whose result depends on it has an order. */
  readonly order?: readonly OrderKey[];
}

/** One key of an order inside a call: ascending, nulls last, where nothing else is said. */
export interface OrderKey {
  readonly expression: Expression;
  readonly descending?: true;
  /** Last where absent, in both directions. */
  readonly nulls?: "first";
}

/** A cast to the type; `safe` gives null where the value does not fit, else the run fails. */
export interface CastNode {
  readonly kind: "cast";
  readonly value: Expression;
  readonly type: TypeText;
  readonly safe?: true;
}

/** `case when … then … else … end`; without `otherwise` null. */
export interface CaseNode {
  readonly kind: "case";
  readonly branches: readonly (readonly [condition: Expression, result: Expression])[];
  readonly otherwise?: Expression;
}

/** A figure of an earlier step of this run, or the value that it returned; legal in `when` only. Text form: `steps.crash.rowsOut`. */
export interface MetricNode {
  readonly kind: "metric";
  readonly step: string;
  readonly name: "rowsIn" | "rowsOut" | "rejected" | "value";
}

/** SQL expression text that is not parsed yet. The loader replaces it; no finished definition holds one. */
export interface TextNode {
  readonly kind: "text";
  readonly text: string;
  /** The type that its author declared, verified when planned; `string?` may be null. */
  readonly declared?: string;
}

/** The direct operands of an expression, in order. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "call":
      return [
        ...expression.arguments,
        ...(expression.where === undefined ? [] : [expression.where]),
        ...(expression.order ?? []).map((key) => key.expression),
      ];
    case "cast":
      return [expression.value];
    case "case":
      return [...expression.branches.flat(), ...(expression.otherwise === undefined ? [] : [expression.otherwise])];
    case "column":
    case "literal":
    case "parameter":
    case "constant":
    case "metric":
    case "text":
      return [];
    default:
      return expression satisfies never;
  }
}

/** The expression with each direct operand replaced. */
export function mapOperands(expression: Expression, change: (operand: Expression) => Expression): Expression {
  switch (expression.kind) {
    case "call":
      return {
        ...expression,
        arguments: expression.arguments.map(change),
        ...(expression.where === undefined ? {} : { where: change(expression.where) }),
        ...(expression.order === undefined
          ? {}
          : { order: expression.order.map((key) => ({ ...key, expression: change(key.expression) })) }),
      };
    case "cast":
      return { ...expression, value: change(expression.value) };
    case "case":
      return {
        ...expression,
        branches: expression.branches.map(([condition, result]) => [change(condition), change(result)] as const),
        ...(expression.otherwise === undefined ? {} : { otherwise: change(expression.otherwise) }),
      };
    case "column":
    case "literal":
    case "parameter":
    case "constant":
    case "metric":
    case "text":
      return expression;
    default:
      return expression satisfies never;
  }
}

/** Visits an expression and all below it, parents first. */
export function walkExpression(expression: Expression, visit: (node: Expression) => void): void {
  visit(expression);
  for (const operand of operandsOf(expression)) walkExpression(operand, visit);
}
