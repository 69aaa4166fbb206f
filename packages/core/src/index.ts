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

export * from "./catalogue/entry.ts";
export * from "./definition/definition.ts";
export * from "./errors.ts";
export * from "./ir/expression.ts";
export * from "./ir/relation.ts";
export * from "./json.ts";
export * from "./plan/plan.ts";
export * from "./ports/adapter.ts";
export * from "./ports/engine.ts";
export * from "./ports/input.ts";
export * from "./ports/sink.ts";
export * from "./ports/source.ts";
export * from "./ports/store.ts";
export * from "./schema/frozen.ts";
export * from "./schema/schema.ts";
export * from "./schema/types.ts";
