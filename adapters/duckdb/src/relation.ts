import {
  type CompiledQuery,
  type CompileRequest,
  createInference,
  isOrdered,
  type Relation,
  walkRelation,
} from "@sluice/core";
import { inputName } from "./query-names.ts";
import { RelationCompiler } from "./relation-compiler.ts";

/**
 * A relation as one SELECT of DuckDB. Scans are quoted names; what they stand for is put in front when it is executed.
 *
 * @example
 * compileRelation({ kind: "limit", input: { kind: "scan", source: { dataset: "crashes" } }, count: 3 }, request).sql;
 * // 'select * from "crashes" limit 3'
 */
export function compileRelation(relation: Relation, request: CompileRequest): CompiledQuery {
  const inference = createInference(relation, request);
  const compiler = new RelationCompiler(inference, request.parameters);
  const sql = compiler.statement(relation);
  const isDescribed = !hasUndescribedSql(relation);
  return {
    engine: "duckdb",
    sql,
    inputs: usesOf(relation),
    parameters: compiler.parameters,
    ...(isDescribed ? { schema: inference(relation) } : {}),
    ordered: isOrdered(relation, () => false),
  };
}

function usesOf(relation: Relation): CompiledQuery["inputs"] {
  const uses = new Map<string, number>();
  walkRelation(relation, (node) => {
    if (node.kind === "scan") uses.set(inputName(node.source), (uses.get(inputName(node.source)) ?? 0) + 1);
  });
  return [...uses].map(([name, count]) => ({ name, uses: count }));
}

function hasUndescribedSql(relation: Relation): boolean {
  let found = false;
  walkRelation(relation, (node) => {
    if (node.kind === "sql" && node.columns === undefined) found = true;
  });
  return found;
}
