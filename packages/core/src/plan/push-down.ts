import { call, combined } from "../checks/check-conditions.ts";
import type { ColumnNode, Expression } from "../ir/expression.ts";
import { mapOperands, walkExpression } from "../ir/expression.ts";
import { inputsOf, type NamedExpression, type Relation } from "../ir/relation.ts";
import { canonicalJson } from "../json.ts";
import type { SourceCapabilities } from "../ports/adapter.ts";
import type { FrozenDataset } from "../schema/frozen.ts";
import { conjunctsOf } from "../trace/demand.ts";

/** What a source may leave out of a dataset without any reader noticing: see `ReadRequest`. */
export interface Pushed {
  readonly filter?: Expression;
  readonly limit?: number;
}

/** What the rows of a relation are asked for by what stands on it. */
interface Asked {
  /** All of them are true for every row that matters. */
  readonly conjuncts: readonly Expression[];
  /** So many of the rows for which all conjuncts are true are enough; absent where all may matter. */
  readonly limit?: number;
}

const EVERYTHING: Asked = { conjuncts: [] };

/**
 * What can be left out of a dataset that these relations read: the conditions right above its scan, of several scans one
 * or the other; and how many rows are enough, where one scan needs no more.
 *
 * @example
 * pushedInto("orders", [limit(filter("total > 5", scan("orders")), 10)]);
 * // { filter: parse("total > 5"), limit: 10 }
 */
export function pushedInto(dataset: string, relations: readonly Relation[]): Pushed {
  const asked = relations.flatMap((relation) => askedOf(relation, dataset, EVERYTHING));
  const [first, ...others] = asked;
  if (first === undefined) return {};
  const filter = eitherOf(asked.map(({ conjuncts }) => conjuncts));
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(others.length > 0 || first.limit === undefined ? {} : { limit: first.limit }),
  };
}

/** Of that, what a source takes. Text keeps its rejects: a record that nobody asks for may be one. */
export function takenBy(
  { filter, limit }: Pushed,
  dataset: FrozenDataset,
  { pushesFilters, pushesLimits }: SourceCapabilities,
): Pushed {
  if (dataset.dialect !== undefined || dataset.stage === "persistent") return {};
  const takesFilter = filter !== undefined && pushesFilters === true;
  // Rows that only look as if they were enough are filtered away behind the source.
  const takesLimit = limit !== undefined && pushesLimits === true && (filter === undefined || takesFilter);
  return { ...(takesFilter ? { filter } : {}), ...(takesLimit ? { limit } : {}) };
}

/** For each scan of the dataset in a relation, what is asked of its rows. */
function askedOf(node: Relation, dataset: string, asked: Asked): readonly Asked[] {
  if (node.kind === "scan") return "dataset" in node.source && node.source.dataset === dataset ? [asked] : [];
  return inputsOf(node).flatMap((input) => askedOf(input, dataset, askedBelow(node, asked)));
}

/** Nothing is known of the rows below an operation that makes one row of several, or that asks for others beside them. */
function askedBelow(node: Relation, asked: Asked): Asked {
  const { conjuncts } = asked;
  switch (node.kind) {
    case "filter":
      return { ...asked, conjuncts: [...conjuncts, ...conjunctsOf(node.condition)] };
    case "dropNulls": {
      const present = node.columns.map((name) => call("isNotNull", { kind: "column", name }));
      return { ...asked, conjuncts: [...conjuncts, ...present] };
    }
    case "keep":
    case "drop":
      return asked;
    case "sort":
    case "distinct":
      return { conjuncts };
    case "limit": {
      const wanted = asked.limit === undefined || conjuncts.length > 0 ? node.count : Math.min(asked.limit, node.count);
      return { conjuncts: [], limit: wanted + (node.offset ?? 0) };
    }
    case "rename": {
      const before = new Map(node.names.map(([from, to]) => [to, from]));
      return through(asked, (column) => ({ ...column, name: before.get(column.name) ?? column.name }));
    }
    case "select":
      return through(
        asked,
        plainColumns(node.columns, () => undefined),
      );
    case "derive":
      return through(
        asked,
        plainColumns(node.columns, (column) => column),
      );
    // What stands on an incremental read is not asked of its source: the position is told from the rows that were landed. Of
    // kept rows alone it would stay behind what was seen, all of it where none is kept, and be read again in each run; and
    // a row that is left out at the greatest value would be new once the condition is another.
    default:
      return EVERYTHING;
  }
}

type Replacement = (column: ColumnNode) => ColumnNode | undefined;

/** Columns that are others as they are; what is computed is not asked of the source. */
function plainColumns(columns: readonly NamedExpression[], otherwise: Replacement): Replacement {
  const computed = new Map(columns);
  return (column) => {
    const from = computed.get(column.name);
    if (from === undefined) return otherwise(column);
    return from.kind === "column" ? from : undefined;
  };
}

function through({ conjuncts, limit }: Asked, replacement: Replacement): Asked {
  const replaced = conjuncts.flatMap((conjunct) => replacedIn(conjunct, replacement) ?? []);
  const isWhole = replaced.length === conjuncts.length;
  return { conjuncts: replaced, ...(limit !== undefined && isWhole ? { limit } : {}) };
}

function replacedIn(expression: Expression, replacement: Replacement): Expression | undefined {
  let isKnown = true;
  walkExpression(expression, (node) => {
    if (node.kind === "column" && replacement(node) === undefined) isKnown = false;
  });
  if (!isKnown) return undefined;
  const replace = (node: Expression): Expression =>
    node.kind === "column" ? (replacement(node) ?? node) : mapOperands(node, replace);
  return replace(expression);
}

/** What is true where all of one of these lists is; undefined where one of them asks for everything. */
function eitherOf(lists: readonly (readonly Expression[])[]): Expression | undefined {
  if (lists.some((conjuncts) => conjuncts.length === 0)) return undefined;
  const different = new Map(
    lists.map((conjuncts) => {
      const one = combined("and", distinct(conjuncts));
      return [canonicalJson(one), one];
    }),
  );
  return combined("or", [...different.values()]);
}

function distinct(conjuncts: readonly Expression[]): readonly Expression[] {
  return [...new Map(conjuncts.map((one) => [canonicalJson(one), one])).values()];
}
