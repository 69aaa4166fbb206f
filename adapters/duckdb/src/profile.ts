import type { ScannableInput } from "@sluice/core";
import { pathPattern } from "./sql-text.ts";
import { STRICT_RECORD } from "./strict.ts";

/** What a profile says of the text inputs of a query: how many records were read, and which may not have been read to the end. */
export interface ReadCounts {
  readonly rows: ReadonlyMap<string, number>;
  readonly incomplete: readonly string[];
}

/** A text input of a query, and whether its scan looks at values. */
export interface ReadText {
  readonly input: ScannableInput;
  readonly isStrict: boolean;
}

interface Operator {
  readonly operator_name?: string;
  readonly operator_cardinality?: number;
  readonly extra_info?: unknown;
  readonly children?: readonly Operator[];
}

/**
 * Reads the counts off DuckDB's JSON profile. A scan of text takes no filter into itself, so what it gives is every record
 * of its files, and a strict scan accepts all or fails. It is incomplete where it is missing (the planner saw that nothing
 * is asked of it), where DuckDB did not finish its files, below a limit, beside an empty side of a join, and where the
 * strict rule did not look at each record.
 */
export function readCounts(profile: unknown, inputs: ReadonlyMap<string, ReadText>): ReadCounts {
  const scans: Scan[] = [];
  collect(profile as Operator, { mayStopEarly: false, strictRows: undefined }, scans);
  const rows = new Map<string, number>();
  const incomplete: string[] = [];
  for (const [name, { input, isStrict }] of inputs) {
    const files = new Set(input.groups.flatMap((group) => group.files.map((file) => file.path)));
    const own = scans.filter((scan) => [...files].some((file) => isNamed(file, scan.files)));
    const finished = own.reduce((sum, scan) => sum + scan.filesRead, 0);
    rows.set(
      name,
      own.reduce((sum, scan) => sum + scan.rows, 0),
    );
    const isPartial = own.some((scan) => scan.mayStopEarly || (isStrict && scan.strictRows !== scan.rows));
    if (finished < files.size || isPartial) incomplete.push(name);
  }
  return { rows, incomplete };
}

/** The profile shows a path as it was given, which is as a pattern. */
function isNamed(file: string, list: string): boolean {
  return list.includes(`, ${pathPattern(file)}, `) || list.includes(`, ${file}, `);
}

/** What stands above an operator. */
interface Above {
  readonly mayStopEarly: boolean;
  /** How many records the nearest strict rule looked at. */
  readonly strictRows: number | undefined;
}

interface Scan extends Above {
  /** The first five, in the order in which they were given. */
  readonly files: string;
  readonly filesRead: number;
  readonly rows: number;
}

function collect(operator: Operator, above: Above, scans: Scan[]): void {
  const name = operator.operator_name ?? "";
  const children = operator.children ?? [];
  const rows = operator.operator_cardinality ?? 0;
  if (name.trim() === "READ_CSV" || name.trim() === "READ_NDJSON_OBJECTS") scans.push(scanOf(operator, above));
  const isJoin = /JOIN|CROSS_PRODUCT/.test(name);
  const isEmpty = isJoin && children.some((child) => (child.operator_cardinality ?? 0) === 0);
  const below: Above = {
    mayStopEarly: above.mayStopEarly || /^(?:STREAMING_)?LIMIT/.test(name) || isEmpty,
    strictRows: detailsOf(operator).Projections === STRICT_RECORD ? rows : above.strictRows,
  };
  for (const child of children) collect(child, below, scans);
}

function scanOf(operator: Operator, above: Above): Scan {
  const details = detailsOf(operator);
  const files = String(details["Filename(s)"] ?? "");
  return {
    ...above,
    files: `, ${files}, `,
    filesRead: Number(details["Total Files Read"] ?? 0),
    rows: operator.operator_cardinality ?? 0,
  };
}

interface Details {
  readonly Projections?: unknown;
  readonly "Filename(s)"?: unknown;
  readonly "Total Files Read"?: unknown;
}

function detailsOf(operator: Operator): Details {
  return (operator.extra_info ?? {}) as Details;
}
