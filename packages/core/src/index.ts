/**
 * The pure heart of sluice: what tables, expressions, relations, definitions and plans are, and the ports through which
 * everything else is reached. It knows no IO: no files, network, timers, clock or randomness; time and ids come in as
 * arguments. Read first: `ir/relation.ts`, then `definition/definition.ts`, `plan/plan.ts`, `ports/`.
 *
 * Glossary. *pipeline*: the user's definition. *definition*: the frozen graph as written. *plan*: what will run, pinned
 * by its hash. *step*: one node of a pipeline. *run*: one execution of a pipeline. *stage*: steps fused into one unit of
 * execution. *attempt*: one try of a stage. *batch*: encoded rows in files. *position*: where an incremental read
 * resumes. *source, sink, engine, store*: the four ports. *dataset*: a source with a name and a frozen schema.
 * *reject*: a record that the frozen schema does not accept. *stage / commit*: prepare / publish a write.
 */

export * from "./acceptance/acceptance.ts";
export * from "./acceptance/accepts.ts";
export * from "./acceptance/layout.ts";
export * from "./acceptance/layout-candidates.ts";
export * from "./acceptance/notation.ts";
export * from "./builder/index.ts";
export * from "./catalogue/index.ts";
export { literalProblem, parameterProblem } from "./catalogue/literal.ts";
export { assertCheckFits } from "./checks/assert-check-fits.ts";
export { literalOf } from "./checks/check-conditions.ts";
export * from "./checks/evaluate-checks.ts";
export { schemaProblems } from "./checks/schema-outcome.ts";
export { verdictOf } from "./checks/verdict.ts";
export * from "./definition/canonical.ts";
export { checkName, checkNames } from "./definition/check-name.ts";
export * from "./definition/definition.ts";
export { expandSteps } from "./definition/expand-steps.ts";
export * from "./definition/load-settings.ts";
export * from "./definition/locate.ts";
export { columnsDecidedBy, type OwnRead, ownReads } from "./definition/own-tables.ts";
export { placeholdersIn } from "./definition/placeholders.ts";
export { relationPaths } from "./definition/relation-paths.ts";
export { mapStepExpressions } from "./definition/step-expressions.ts";
export {
  hasRows,
  mapRelations,
  type Order,
  prerequisitesOf,
  relationsOf,
  type StepRelation,
  scansOf,
  stepOrder,
  stepsMeasuredBy,
  stepsReadBy,
  valueTypeOf,
  valueTypes,
  workColumns,
} from "./definition/step-graph.ts";
export { mayRead, placeOf, targetIdentity, templateParameters } from "./definition/targets.ts";
export { assertValidDefinition, validateDefinition } from "./definition/validate.ts";
export * from "./disk-full.ts";
export * from "./errors.ts";
export * from "./expected-text.ts";
export * from "./file-failure.ts";
export * from "./incremental/duration.ts";
export * from "./incremental/extract-relation.ts";
export * from "./incremental/slice.ts";
export { isCastable } from "./infer/cast.ts";
export * from "./infer/closest.ts";
export * from "./infer/diff-schemas.ts";
export { rightNames } from "./infer/join-columns.ts";
export { aggregateOf } from "./infer/reshaped-columns.ts";
export * from "./infer/schema-of.ts";
export { argumentOf, assertCondition, type ExpressionType, type Scope, typeOf } from "./infer/type-of.ts";
export { typedLiterals } from "./infer/typed-literals.ts";
export * from "./ir/expression.ts";
export { groupingSetsOf } from "./ir/grouping-sets.ts";
export * from "./ir/relation.ts";
export * from "./json.ts";
export * from "./json-text/json-reader.ts";
export * from "./json-text/json-rule.ts";
export * from "./json-text/json-scanner.ts";
export * from "./json-text/line-splitter.ts";
export { type AppendedFile, appendParts } from "./parquet/append-parts.ts";
export { PARQUET, type ParquetType, type PlainPage, PlainParquet } from "./parquet/plain-parquet.ts";
export {
  type PlainFile,
  type PlainGroup,
  type PlainValues,
  plainFooterBytes,
  readPlainFooter,
  readPlainGroup,
} from "./parquet/plain-reader.ts";
export { bindLiterals } from "./plan/bind-literals.ts";
export * from "./plan/create-plan.ts";
export { driftWithReach, type ReachRequest, reachesText, reachOf, reachText } from "./plan/drift-reach.ts";
export { type InferRequest, type InferredSteps, inferSteps, parameterTypes, tableKey } from "./plan/infer-steps.ts";
export { type Origin, type Origins, originsOf } from "./plan/lineage.ts";
export * from "./plan/plan.ts";
export { isOrdered, isStageOrdered } from "./plan/row-order.ts";
export { stageCompileRequest } from "./plan/source-schemas.ts";
export * from "./ports/adapter.ts";
export * from "./ports/assert-follows.ts";
export * from "./ports/assert-stage-request.ts";
export * from "./ports/engine.ts";
export * from "./ports/field-id.ts";
export * from "./ports/input.ts";
export * from "./ports/listing.ts";
export * from "./ports/local-path.ts";
export * from "./ports/rows-outside.ts";
export * from "./ports/runner.ts";
export * from "./ports/select-parser.ts";
export * from "./ports/sink.ts";
export * from "./ports/source.ts";
export * from "./ports/store.ts";
export * from "./print/print-expression.ts";
export * from "./print/print-name.ts";
export * from "./schema/accept-hint.ts";
export * from "./schema/column-drift.ts";
export * from "./schema/cursor-candidates.ts";
export * from "./schema/frozen.ts";
export { isRejectLimit } from "./schema/reject-limit.ts";
export * from "./schema/schema.ts";
export * from "./schema/table-name.ts";
export * from "./schema/type-drift.ts";
export * from "./schema/types.ts";
export * from "./schema/wider-type.ts";
export * from "./text/expected-record.ts";
export * from "./text/murmur3.ts";
export * from "./text/null-words.ts";
export * from "./text/parse-record.ts";
export * from "./text/record-splitter.ts";
export * from "./text/trimmed.ts";
export * from "./text/utf8.ts";
export * from "./text/visible-text.ts";
export { columnsLookedAt } from "./trace/columns-looked-at.ts";
export * from "./trace/create-trace.ts";
export { conjunctsOf, type Demand } from "./trace/demand.ts";
export type { Diverting } from "./trace/diverts.ts";
export { type JoinedPair, joinedPairs, needsPartner } from "./trace/join-demands.ts";
export { WASM_PAGE_BYTES, type WasmInstance, type WasmMemory, wasmModule } from "./wasm/wasm-module.ts";
