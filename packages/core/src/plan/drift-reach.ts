import { checkNames } from "../definition/check-name.ts";
import type { CheckDefinition } from "../definition/definition.ts";
import { createInference } from "../infer/schema-of.ts";
import { walkExpression } from "../ir/expression.ts";
import { mapInputs, type Relation, type ScanSource } from "../ir/relation.ts";
import type { DatasetDrift, DriftReach } from "../schema/column-drift.ts";
import type { Address, FrozenDataset } from "../schema/frozen.ts";
import { type NamesOf, type Needed, neededBelow } from "./columns-used.ts";
import type { Plan, PlannedStage } from "./plan.ts";
import { sourceSchemas } from "./source-schemas.ts";

/** What a plan says of who uses a column. */
export interface ReachRequest {
  readonly plan: Pick<Plan, "definition" | "lineage" | "stages">;
  readonly datasets: ReadonlyMap<string, FrozenDataset>;
  /** A target as a person writes it. */
  readonly nameOf: (into: Address) => string;
}

/**
 * What a column of a dataset reaches: columns computed from it, steps whose rows it decides, checks that look at it, and
 * the targets behind them. Of raw SQL every column comes from all that goes in.
 *
 * @example
 * reachOf(request, "crashes", "injuries_total").columns; // [{ step: "crash", column: "total" }]
 */
export function reachOf({ plan, datasets, nameOf }: ReachRequest, dataset: string, column: string): DriftReach {
  const isFrom = (origins: readonly { readonly dataset: string; readonly column: string }[]): boolean =>
    origins.some((one) => one.dataset === dataset && one.column === column);
  const columns = plan.lineage
    .filter(({ from }) => isFrom(from))
    .map(({ step, column: own }) => ({ step, column: own }));
  const has = (step: string, name: string): boolean => columns.some((one) => one.step === step && one.column === name);
  const deciding = plan.stages.filter((stage) =>
    [...decidingColumns(stage, plan, datasets)].some(([source, names]) => {
      const { name, isDataset } = source;
      if (isDataset) return name === dataset && names.has(column);
      return [...names].some((one) => has(name, one));
    }),
  );
  const rows = deciding.map(({ name }) => name);
  const touched = new Set([...rows, ...columns.map(({ step }) => step)]);
  const otherRows = new Set(behind(plan.stages, new Set(rows)).flatMap(({ steps }) => steps));
  const checks = plan.definition.steps.flatMap(({ name, checks: own = [] }) => {
    const names = checkNames(own);
    return own.flatMap((check, index) => {
      const looksAt = columnsOfCheck(check);
      const isReached = looksAt === undefined ? otherRows.has(name) : looksAt.some((one) => has(name, one));
      const said = names[index];
      return isReached && said !== undefined ? [{ step: name, check: said }] : [];
    });
  });
  const targets = behind(plan.stages, touched).flatMap(({ name, writes }) =>
    writes.kind === "target" ? [{ step: name, target: nameOf(writes.into) }] : [],
  );
  return { columns, rows, checks, targets };
}

/** Each change with what its column reaches; one that is new, and not taken up, is used by nobody. */
export function driftWithReach(request: ReachRequest, { dataset, changes }: DatasetDrift): DatasetDrift {
  return {
    dataset,
    changes: changes.map((change) =>
      (change.kind === "added" && change.does !== "taken") || change.kind === "reordered"
        ? change
        : { ...change, reaches: change.reaches ?? reachOf(request, dataset, change.column) },
    ),
  };
}

/** Of so many columns it is said what they reach. */
const MOST_COLUMNS = 5;

/**
 * What the columns of a drift reach, as one text; empty where that is not known of any.
 *
 * @example
 * reachesText(drift); // '"total" reaches crash.total, sqlite.warehouse.crash'
 */
export function reachesText({ changes }: DatasetDrift): string {
  const known = changes.flatMap(({ column, reaches }) =>
    reaches === undefined ? [] : [`"${column}" reaches ${reachText(reaches)}`],
  );
  const more = known.length - MOST_COLUMNS;
  return more <= 0 ? known.join("; ") : `${known.slice(0, MOST_COLUMNS).join("; ")}; and ${more} more columns`;
}

/** So many are named; of the others, how many. */
const MOST_NAMED = 8;

/**
 * A reach in words, of bounded length.
 *
 * @example
 * reachText(reach); // "crash.total, check notNull(total) of crash, sqlite.warehouse.crash"; "nothing"
 */
export function reachText({ columns, rows, checks, targets }: DriftReach): string {
  const loads = new Map(targets.map(({ step, target }) => [step, target]));
  const written = new Set(columns.flatMap(({ step }) => (loads.has(step) ? [step] : [])));
  const named = [
    ...columns.filter(({ step }) => !loads.has(step)).map(({ step, column }) => `${step}.${column}`),
    ...rows.filter((step) => !loads.has(step)).map((step) => `the rows of ${step}`),
    ...checks.map(({ step, check }) => `check ${check} of ${step}`),
    ...columns.flatMap(({ step, column }) => {
      const target = loads.get(step);
      return target === undefined ? [] : [`${step}.${column} (${target})`];
    }),
    ...targets.filter(({ step }) => !written.has(step)).map(({ step, target }) => `the rows of ${step} (${target})`),
  ];
  if (named.length === 0) return "nothing";
  const more = named.length - MOST_NAMED;
  return more <= 0 ? named.join(", ") : `${named.slice(0, MOST_NAMED).join(", ")}, and ${more} more`;
}

/** Of each source of a stage, the columns that decide which rows there are. */
function decidingColumns(
  stage: PlannedStage,
  { definition, stages }: ReachRequest["plan"],
  datasets: ReachRequest["datasets"],
): ReadonlyMap<{ readonly name: string; readonly isDataset: boolean }, Needed> {
  const found = new Map<{ readonly name: string; readonly isDataset: boolean }, Needed>();
  if (stage.kind === "extract" || stage.inputs !== undefined) return found;
  const schemas = sourceSchemas({ definition, datasets, stages: new Map(stages.map((one) => [one.name, one.schema])) });
  const infer = createInference(stage.relation, schemas);
  const namesOf: NamesOf = (node) => infer(node).columns.map(({ name }) => name);
  const visit = (node: Relation, needed: Needed): void => {
    if (node.kind === "scan") {
      const source = sourceOf(node.source, datasets);
      if (source !== undefined) found.set(source, needed);
    }
    const below = needed.size === 0 ? decidersOf(node, namesOf) : neededBelow(node, needed, namesOf);
    let place = 0;
    mapInputs(node, (input) => {
      visit(input, below[place++] ?? new Set());
      return input;
    });
  };
  visit(stage.relation, new Set());
  return found;
}

/** What is needed below a node of which nothing is needed but the right rows: some nodes would name a column, since they must have one. */
function decidersOf(node: Relation, namesOf: NamesOf): readonly Needed[] {
  switch (node.kind) {
    case "select":
    case "keep":
    case "drop":
      return [];
    case "aggregate":
      return [new Set(node.by)];
    case "union":
      return node.distinct ? neededBelow(node, new Set(), namesOf) : [];
    case "join": {
      const { select: _select, ...rest } = node;
      return node.how === "cross" ? [] : neededBelow(rest, new Set(), namesOf);
    }
    default:
      return neededBelow(node, new Set(), namesOf);
  }
}

/** The name of a scan: of a dataset, also where it was landed, or of the stage that it reads. */
function sourceOf(
  source: ScanSource,
  datasets: ReachRequest["datasets"],
): { readonly name: string; readonly isDataset: boolean } | undefined {
  if ("dataset" in source) return { name: source.dataset, isDataset: true };
  const name = "stage" in source ? source.stage : "step" in source ? source.step : undefined;
  return name === undefined ? undefined : { name, isDataset: datasets.has(name) };
}

/** The columns that a check looks at; undefined where it counts rows. */
function columnsOfCheck(check: CheckDefinition): readonly string[] | undefined {
  switch (check.kind) {
    case "notNull":
    case "unique":
      return check.columns;
    case "accepted":
    case "range":
    case "pattern":
      return [check.column];
    case "expression": {
      const names: string[] = [];
      walkExpression(check.condition, (node) => {
        if (node.kind === "column") names.push(node.name);
      });
      return names;
    }
    case "schema":
      return check.columns.map(({ name }) => name);
    case "rowCount":
      return undefined;
    default:
      return check satisfies never;
  }
}

/** The stages of steps, and all that read them, in their order. */
function behind(stages: readonly PlannedStage[], steps: ReadonlySet<string>): readonly PlannedStage[] {
  const reached = new Set<string>();
  return stages.filter((stage) => {
    const isReached =
      stage.steps.some((step) => steps.has(step)) ||
      stage.reads.some((read) => "stage" in read && reached.has(read.stage));
    if (isReached) reached.add(stage.name);
    return isReached;
  });
}
