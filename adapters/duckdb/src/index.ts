/**
 * DuckDB as the engine of this process: relations to SQL, files in, files out. It knows files and SQL, nothing of
 * pipelines. Read first: `engine.ts`, then `relation.ts` (what a query means), `scan.ts` and `strict.ts` (what of a text
 * file is accepted), `split.ts` (what happens to the rest).
 */
export { createDuckDbEngine, type EngineOptions } from "./engine.ts";
export { toSluiceError } from "./errors.ts";
export { createExpressionParser, openExpressionParser } from "./parse/expression-parser.ts";
export { duckDbTypeOf, logicalTypeOf } from "./types.ts";
