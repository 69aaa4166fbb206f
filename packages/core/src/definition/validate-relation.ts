import { literalProblem } from "../catalogue/literal.ts";
import { didYouMean } from "../infer/closest.ts";
import type { Expression } from "../ir/expression.ts";
import {
  type AggregateNode,
  expressionsOf,
  type JoinNode,
  type NamedExpression,
  type Relation,
  type SqlNode,
  type ValuesNode,
  type WindowNode,
  walkRelation,
} from "../ir/relation.ts";
import { isTypeText, parseType } from "../schema/types.ts";
import { checkColumnName, checkColumnNames, checkRepeated } from "./names.ts";
import type { Problems } from "./problems.ts";
import { relationDepth, relationPaths } from "./relation-paths.ts";
import { type ExpressionPlace, refuseNul, validateExpression, validateType } from "./validate-expression.ts";
import { validateFill } from "./validate-fill.ts";
import { validateFrame } from "./validate-frame.ts";
import { validateIncremental } from "./validate-incremental.ts";
import { validateKeys } from "./validate-keys.ts";
import { validatePivot, validateUnpivot } from "./validate-pivot.ts";
import { validateSample } from "./validate-sample.ts";
import { validateSets } from "./validate-sets.ts";

/** What a relation may refer to. */
export interface RelationPlace {
  readonly path: string;
  readonly steps: readonly string[];
  readonly parameters: readonly string[];
  readonly isAggregate: (name: string) => boolean;
}

/** Engines parse by recursion too; nobody writes a query this deep by hand. */
const DEEPEST = 1000;

/** Reports what is wrong with a relation whatever its sources hold. False where it is too deep to be looked at. */
export function validateRelation(relation: Relation, place: RelationPlace, problems: Problems): boolean {
  const depth = relationDepth(relation);
  if (depth > DEEPEST) {
    problems.add(place.path, `${depth} operations stand on each other; at most ${DEEPEST} can`, {
      hint: "divide the query into several steps",
    });
    return false;
  }
  const paths = relationPaths(relation, place.path);
  walkRelation(relation, (node) => {
    validateNode(node, { ...place, path: paths.get(node) ?? place.path }, problems);
  });
  return true;
}

function validateNode(node: Relation, place: RelationPlace, problems: Problems): void {
  const { path } = place;
  switch (node.kind) {
    case "scan":
      if ("stage" in node.source) problems.add(path, `a definition cannot read the stage "${node.source.stage}"`);
      else if ("step" in node.source && !place.steps.includes(node.source.step)) {
        const { step } = node.source;
        problems.add(path, `no step is named "${step}"`, {
          offending: step,
          hint: didYouMean(step, place.steps, "steps"),
        });
      }
      return;
    case "values":
      validateValues(node, path, problems);
      return;
    case "select":
    case "derive":
      checkColumnNames(namesOf(node.columns), path, problems);
      if (node.columns.length === 0) problems.add(path, `${node.kind} names no columns`);
      validatePairs(node.columns, place, {}, problems);
      return;
    case "rename":
      checkRepeated(
        node.names.map(([from]) => from),
        "the column",
        path,
        problems,
      );
      checkColumnNames(
        node.names.map(([, to]) => to),
        path,
        problems,
      );
      return;
    case "keep":
    case "drop":
    case "dropNulls":
      if (node.columns.length === 0) problems.add(path, `${node.kind} names no columns`);
      checkColumnNames(node.columns, path, problems);
      return;
    case "join":
      validateJoin(node, place, problems);
      return;
    case "intersect":
    case "except":
    case "distinct":
      return;
    case "pivot":
      validatePivot(node, place, problems);
      validatePairs(node.columns, place, { keys: node.by }, problems);
      return;
    case "unpivot":
      validateUnpivot(node, path, problems);
      return;
    case "unnest":
      for (const name of [node.column, ...(node.ordinality === undefined ? [] : [node.ordinality])]) {
        checkColumnName(name, path, problems);
      }
      return;
    case "fill":
      validateFill(node, place, problems);
      return;
    case "sample":
      validateSample(node, path, problems);
      return;
    case "union":
      if (node.inputs.length === 0) problems.add(path, "a union has no inputs");
      return;
    case "aggregate":
      validateAggregate(node, place, problems);
      return;
    case "filter":
      expression(node.condition, place, {}, problems);
      return;
    case "sort":
      if (node.by.length === 0) problems.add(path, "sort names nothing to sort by");
      validateKeys(node.by, place, problems);
      return;
    case "deduplicate":
      if (node.key.length === 0)
        problems.add(path, "deduplicate has no key", { hint: "to drop equal rows use distinct" });
      if (node.rest) problems.add(path, "a definition cannot ask for the rows that deduplicate takes out");
      checkColumnNames(node.key, path, problems);
      validateKeys(node.by, place, problems);
      return;
    case "window":
      validateWindow(node, place, problems);
      return;
    case "limit":
      checkCount(node.count, "limit", path, problems);
      checkCount(node.offset ?? 0, "offset", path, problems);
      return;
    case "incremental":
      validateIncremental(node, place, problems);
      return;
    case "sql":
      validateSql(node, path, problems);
      return;
    default:
      node satisfies never;
  }
}

function expression(
  node: Expression,
  place: RelationPlace,
  more: Omit<ExpressionPlace, "path" | "parameters">,
  problems: Problems,
): void {
  validateExpression(node, { path: place.path, parameters: place.parameters, ...more }, place.isAggregate, problems);
}

function validatePairs(
  columns: readonly NamedExpression[],
  place: RelationPlace,
  more: Omit<ExpressionPlace, "path" | "parameters">,
  problems: Problems,
): void {
  for (const [name, node] of columns) {
    expression(node, { ...place, path: `${place.path}.${name}` }, more, problems);
  }
}

function validateAggregate(node: AggregateNode, place: RelationPlace, problems: Problems): void {
  const { path } = place;
  if (node.by.length + node.columns.length === 0) problems.add(path, "an aggregate has neither keys nor columns");
  const marks = (node.grouping ?? []).map(([, name]) => name);
  checkColumnNames([...node.by, ...namesOf(node.columns), ...marks], path, problems);
  validateSets(node, path, problems);
  validatePairs(node.columns, place, { keys: node.by }, problems);
}

function validateWindow(node: WindowNode, place: RelationPlace, problems: Problems): void {
  const { path } = place;
  if (node.columns.length === 0) problems.add(path, "a window computes no columns");
  checkColumnNames(node.partition, path, problems);
  checkColumnNames(namesOf(node.columns), path, problems);
  validateKeys(node.by, place, problems);
  if (node.frame !== undefined) validateFrame(node.frame, node.by, path, problems);
  validatePairs(node.columns, place, { window: node.by.length > 0 ? "ordered" : "unordered" }, problems);
}

function validateJoin(node: JoinNode, place: RelationPlace, problems: Problems): void {
  const { path } = place;
  const conditions = [node.using, node.on].filter((part) => part !== undefined).length;
  if (node.how === "cross") {
    const named = node.on === undefined ? "using" : "on";
    if (conditions > 0) {
      problems.add(path, `a cross join pairs all rows and takes no ${named}`, {
        hint: "for a condition use how: inner",
      });
    }
  } else if (conditions === 0)
    problems.add(path, `the ${node.how} join has no condition`, { hint: "give using or on" });
  if (conditions === 2) problems.add(path, "a join has both using and on", { hint: "give one of them" });
  if (node.using?.length === 0) problems.add(path, "a join's using names no columns");
  checkColumnNames(node.using ?? [], path, problems);
  validateJoinColumns(node, path, problems);
  for (const part of expressionsOf({ ...node, select: [] })) expression(part, place, { sided: true }, problems);
  validatePairs(node.select ?? [], place, { sided: true }, problems);
}

function validateJoinColumns(node: JoinNode, path: string, problems: Problems): void {
  const { how, suffix, select } = node;
  if (how === "semi" || how === "anti") {
    const named = suffix === undefined ? (select === undefined ? undefined : "select") : "suffix";
    if (named !== undefined) problems.add(path, `a ${how} join gives the left columns only and takes no ${named}`);
    return;
  }
  if (suffix !== undefined && select !== undefined) problems.add(path, "a join has both suffix and select");
  if (suffix !== undefined) checkColumnName(suffix, path, problems);
  if (select?.length === 0) problems.add(path, "a join's select names no columns");
  checkColumnNames(namesOf(select ?? []), path, problems);
}

function validateValues(node: ValuesNode, path: string, problems: Problems): void {
  checkColumnNames(
    node.columns.map((column) => column.name),
    path,
    problems,
  );
  if (node.columns.length === 0) problems.add(path, "values have no columns");
  for (const column of node.columns) validateType(column.type, `${path}.${column.name}`, problems);
  for (const [index, row] of node.rows.entries()) {
    const at = `${path}.rows[${index}]`;
    if (row.length !== node.columns.length) {
      problems.add(at, `row ${index + 1} has ${row.length} values for ${node.columns.length} columns`);
      continue;
    }
    for (const [place, column] of node.columns.entries()) {
      if (!isTypeText(column.type)) continue;
      const value = row[place] ?? null;
      const problem =
        value === null && !column.nullable ? "cannot be null" : literalProblem(value, parseType(column.type));
      if (problem !== undefined) {
        problems.add(at, `${JSON.stringify(value)} in row ${index + 1}, column "${column.name}" ${problem}`, {
          offending: String(value),
        });
      }
    }
  }
}

function validateSql(node: SqlNode, path: string, problems: Problems): void {
  if (node.texts.length !== node.inputs.length + 1) {
    problems.add(path, `raw SQL has ${node.texts.length} texts around ${node.inputs.length} inputs`, {
      code: "internal",
    });
  }
  if (node.texts.join("").trim() === "") problems.add(path, "the SQL is empty");
  for (const text of node.texts) refuseNul(text, path, problems);
  if (node.columns !== undefined) problems.add(path, "a definition holds no described columns", { code: "internal" });
  if (node.declared === undefined) return;
  if (node.declared.length === 0) problems.add(path, "the SQL is declared to give no columns");
  checkColumnNames(
    node.declared.map((column) => column.name),
    path,
    problems,
  );
  for (const column of node.declared) validateType(column.type, `${path}.${column.name}`, problems);
}

function checkCount(count: number, what: string, path: string, problems: Problems): void {
  if (Number.isSafeInteger(count) && count >= 0) return;
  problems.add(path, `the ${what} ${count} is not a whole number from 0 on`, { offending: String(count) });
}

function namesOf(columns: readonly NamedExpression[]): readonly string[] {
  return columns.map(([name]) => name);
}
