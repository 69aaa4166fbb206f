// `Column`, `Json`, `Order` and `Relation` name other things in core. The package `sluice` gives these their own names
// back, so that messages and declarations of users show them.
export * from "./aggregates.generated.ts";
export {
  accepted,
  type ByColumns,
  type Check,
  type CheckOptions,
  notNull,
  pattern,
  range,
  rowCount,
  rule,
  schema,
  unique,
} from "./checks.ts";
export type {
  Bool,
  Bytes,
  Day,
  Decimal,
  Float,
  Int,
  Interval,
  Json as JsonColumn,
  List,
  MapOf,
  Struct,
  Text,
  Time,
  Timestamp,
  Timestamptz,
  Untyped,
  Uuid,
} from "./columns.generated.ts";
export type {
  AnyColumn,
  AnyValue,
  Column as TypedColumn,
  ColumnOf,
  Condition,
  Constants,
  DeclaredType,
  Families,
  Instant,
  Moment,
  NeverNull,
  Null,
  OpenRow,
  Operand,
  Optional,
  Order as SortOrder,
  PlainDate,
  PlainDateTime,
  PlainTime,
  Problem,
  Promoted,
  Row,
  TypeName,
  TypeNames,
} from "./columns.ts";
export * from "./functions.generated.ts";
export {
  and,
  type Case,
  caseWhen,
  col,
  countDistinct,
  expr,
  type LiteralColumn,
  literal,
  not,
  now,
  or,
  param,
  today,
} from "./functions.ts";
export type { JoinOptions, JoinProblem, JoinRow, LeftOf, RightOf } from "./join-types.ts";
export {
  type Append,
  type DeleteInsert,
  type InsertOnly,
  type LoadOptions,
  type LoadStep,
  load,
  type Merge,
  type Overwrite,
  type Replace,
  tableOf,
} from "./load.ts";
export { listOf, mapOf, structOf } from "./nested.ts";
export {
  cron,
  definePipeline,
  isPipeline,
  type ParameterInput,
  type Pipeline,
  type PipelineOptions,
} from "./pipeline.ts";
export {
  type ColumnSummary,
  type QueryOptions,
  type QueryPort,
  queryPort,
  type RelationQuery,
  type RowStream,
  type RowsOptions,
  supplyQueries,
  type ToFileOptions,
} from "./query-port.ts";
export type { Dataset, Grouped, Relation as TypedRelation, Rows, Sorting } from "./relation.ts";
export type {
  Pivoted,
  PivotValues,
  Unnested,
  UnnestOptions,
  UnnestProblem,
  Unpivoted,
  UnpivotProblem,
} from "./reshape-types.ts";
export type * from "./row-types.ts";
export type { RowOf, ValueOf } from "./row-values.ts";
export {
  type CommandInput,
  type CommandInputs,
  type ShellOptions,
  shell,
} from "./shell.ts";
export {
  type DeclaredRow,
  dataset,
  type ReturnedRow,
  type SqlParameter,
  type SqlRelation,
  source,
  sql,
  values,
  type Written,
} from "./sources.ts";
export {
  type AnyStep,
  type Rules,
  type StepMetrics,
  type StepOptions,
  type StepsSoFar,
  type TransformOptions,
  type TransformStep,
  transform,
  type WhenRun,
} from "./steps.ts";
export type { Storing, TableRow } from "./table-types.ts";
export { type ActionStep, type RowsStep, type TaskOptions, task, type WorkOptions, type WorkStep } from "./task.ts";
export type {
  FileFormat,
  OutputColumns,
  OutputOf,
  OutputRow,
  ParameterValue,
  TaskContext,
  TaskFile,
  TaskInput,
  TaskInputs,
  TaskResult,
  TaskRows,
  TaskRun,
} from "./task-types.ts";
export { columnTypeNames, columnTypeText } from "./type-text.ts";
export { type FrameLimit, groupsBetween, rangeBetween, rowsBetween } from "./window.ts";
export * from "./windows.generated.ts";
