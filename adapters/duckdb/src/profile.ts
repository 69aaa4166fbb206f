import type { ScannableInput } from "@sluice/core";
import { STRICT_MARK } from "./errors.ts";
import { pathPattern } from "./sql-text.ts";

/** What a profile says of the text inputs of a query: how many records were read, and which may not have been read to the end. */
export interface ReadCounts {
  readonly rows: ReadonlyMap<string, number>;
  readonly incomplete: readonly string[];
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
 * is asked of it), where DuckDB did not finish its files, below a limit, beside an empty side of a join, and where its
 * strict condition let go of records, which it never does alone.
 */
export function readCounts(profile: unknown, inputs: ReadonlyMap<string, ScannableInput>): ReadCounts {
  const scans: Scan[] = [];
  collect(profile as Operator, false, scans);
  const rows = new Map<string, number>();
  const incomplete: string[] = [];
  for (const [name, input] of inputs) {
    const files = new Set(input.groups.flatMap((group) => group.files.map((file) => file.path)));
    const own = scans.filter((scan) => [...files].some((file) => isNamed(file, scan.files)));
    const finished = own.reduce((sum, scan) => sum + scan.filesRead, 0);
    rows.set(
      name,
      own.reduce((sum, scan) => sum + scan.rows, 0),
    );
    if (finished < files.size || own.some((scan) => scan.mayStopEarly)) incomplete.push(name);
  }
  return { rows, incomplete };
}

/** The profile shows a path as it was given, which is as a pattern. */
function isNamed(file: string, list: string): boolean {
  return list.includes(`, ${pathPattern(file)}, `) || list.includes(`, ${file}, `);
}

interface Scan {
  /** The first five, in the order in which they were given. */
  readonly files: string;
  readonly filesRead: number;
  readonly rows: number;
  readonly mayStopEarly: boolean;
}

function collect(operator: Operator, mayStopEarly: boolean, scans: Scan[]): void {
  const name = operator.operator_name ?? "";
  const children = operator.children ?? [];
  const rows = operator.operator_cardinality ?? 0;
  if (name.trim() === "READ_CSV") scans.push(scanOf(operator, mayStopEarly));
  const isJoin = /JOIN|CROSS_PRODUCT/.test(name);
  const isEmpty = isJoin && children.some((child) => (child.operator_cardinality ?? 0) === 0);
  const isStrict = name === "FILTER" && JSON.stringify(operator.extra_info).includes(STRICT_MARK);
  const isLeaky = isStrict && children.some((child) => child.operator_cardinality !== rows);
  const stops = mayStopEarly || /^(?:STREAMING_)?LIMIT/.test(name) || isEmpty || isLeaky;
  for (const child of children) collect(child, stops, scans);
}

function scanOf(operator: Operator, mayStopEarly: boolean): Scan {
  const details = (operator.extra_info ?? {}) as Readonly<Record<string, unknown>>;
  const files = String(details["Filename(s)"] ?? "");
  return {
    files: `, ${files}, `,
    filesRead: Number(details["Total Files Read"] ?? 0),
    rows: operator.operator_cardinality ?? 0,
    mayStopEarly,
  };
}
