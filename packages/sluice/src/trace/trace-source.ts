import {
  type Cell,
  type Expression,
  type InputFile,
  type LiteralNode,
  type Relation,
  type TracedSource,
  walkExpression,
} from "@sluice/core";
import type { Session } from "../composition.ts";
import { attempt } from "./attempt.ts";
import { askRejects, findRecords, REJECTS } from "./find-records.ts";
import { narrowingOf } from "./narrowing.ts";
import type { OpenedRows } from "./open-rows.ts";
import { columnsOf, type Questions, SHOWN_ROWS, valuesOf, where } from "./questions.ts";
import type { RecordReport, RejectReport, SourceReport } from "./report.ts";

export interface SourceRequest {
  readonly source: TracedSource;
  readonly opened: OpenedRows;
  readonly questions: Questions;
}

/** Which records of a dataset lead to the rows that were asked about, and where they stand. */
export async function traceSource(session: Session, request: SourceRequest): Promise<SourceReport> {
  const { source } = request;
  return await attempt(
    () => tellSource(session, request),
    async (message) => {
      const because = [`the condition cannot be asked here: ${message}`];
      return await tellSource(session, { ...request, source: { ...source, demand: { exact: false, because } } });
    },
  );
}

async function tellSource(session: Session, request: SourceRequest): Promise<SourceReport> {
  const { source, opened, questions } = request;
  const { condition } = source.demand;
  const accepted = await questions.count(source.relation);
  const matching = where(source.relation, condition);
  const matched = condition === undefined ? accepted : await questions.count(matching);
  const isShown = condition !== undefined && matched > 0;
  const narrowing = narrowingOf(source.demand);
  const { writer } = opened.dataset;
  const load = writer === undefined ? undefined : { pipeline: writer.pipeline, step: writer.step };
  return {
    dataset: source.dataset,
    address: opened.address,
    accepted,
    rejected: opened.rejected,
    matched,
    columns: source.columns,
    ...narrowing,
    ...(load === undefined ? {} : { writer: { ...load, next: nextTrace(load, matched, narrowing.condition) } }),
    ...(source.isSubtracted ? { subtracted: true } : {}),
    records: isShown ? await recordsOf(session, request, condition) : [],
    rejects: matched === 0 ? await rejectsWith(session, opened, condition) : [],
    warnings: opened.warnings,
  };
}

/** What was asked of the columns of a table, asked of the load that writes them. */
function nextTrace(
  { pipeline, step }: { readonly pipeline: string; readonly step: string },
  matched: number,
  condition = "…",
): string {
  const isPlain = !/["$`\\!]/.test(condition);
  const asked = isPlain ? `"${condition}"` : `'${condition.replaceAll("'", "'\\''")}'`;
  return `sluice trace ${pipeline}/${step} --${matched === 0 ? "why-not" : "where"} ${asked}`;
}

async function recordsOf(
  session: Session,
  { source, opened, questions }: SourceRequest,
  condition: Expression,
): Promise<readonly RecordReport[]> {
  const names = source.columns;
  const { relation, number } = numbered(source);
  const rows = await questions.rows(where(relation, condition), [
    [number, { kind: "column", name: number }],
    ...columnsOf(names),
  ]);
  const found = rows.map(([at, ...cells]) => ({ at: Number(at), cells })).toSorted((a, b) => a.at - b.at);
  const { input } = opened;
  if (input.format !== "parquet" && opened.isOfFiles) {
    const wanted = found.map(({ at }) => at);
    const records = await findRecords(session, opened, wanted);
    if (input.format === "csv") return records;
    return records.map((record, index) => ({ ...record, values: valuesOf(names, found[index]?.cells ?? []) }));
  }
  const [key] = opened.keys;
  const isOfParquet = input.format === "parquet" && opened.isOfFiles;
  const files = isOfParquet ? await rowsOfFiles(questions, source, opened) : [];
  return found.map(({ at, cells }) => {
    const values = valuesOf(names, cells);
    const place = isOfParquet ? placeIn(files, at) : { file: opened.address, record: at };
    const isWhole = key?.every((name) => names.includes(name)) === true;
    return { ...place, ...(isWhole ? { key: keyOf(names, cells, key) } : {}), values };
  });
}

function keyOf(names: readonly string[], cells: readonly Cell[], key: readonly string[]): RecordReport["values"] {
  return valuesOf(
    key,
    key.map((name) => cells[names.indexOf(name)]),
  );
}

/** The rows of a source with their number, from 1, in the order in which they stand there. */
function numbered({ relation, schema, columns }: TracedSource): {
  readonly relation: Relation;
  readonly number: string;
} {
  const taken = new Set(schema.columns.map(({ name }) => name.toLowerCase()));
  let number = "row";
  while (taken.has(number)) number += "_";
  const read = schema.columns.filter(({ name }) => columns.includes(name));
  const node: Relation = {
    kind: "sql",
    engine: "duckdb",
    // Without an order, rows are numbered as they come, which is as they stand in the file.
    texts: [`select row_number() over () as "${number}", * from `, ""],
    inputs: [relation],
    columns: [{ name: number, type: "int64", nullable: false }, ...read],
  };
  return { relation: node, number };
}

interface CountedFile {
  readonly file: InputFile;
  readonly rows: number;
}

async function rowsOfFiles(
  questions: Questions,
  source: TracedSource,
  opened: OpenedRows,
): Promise<readonly CountedFile[]> {
  const counted: CountedFile[] = [];
  for (const group of opened.input.groups) {
    for (const file of group.files) {
      const input = { ...opened.accepted.input, groups: [{ ...group, files: [file] }] };
      const rows = await questions.count(source.relation, new Map([[source.dataset, { ...opened.accepted, input }]]));
      counted.push({ file, rows });
    }
  }
  return counted;
}

function placeIn(files: readonly CountedFile[], at: number): Pick<RecordReport, "file" | "record"> {
  let before = 0;
  for (const { file, rows } of files) {
    if (at <= before + rows) return { file: file.origin, record: at - before };
    before += rows;
  }
  return { file: files.at(-1)?.file.origin ?? "", record: at - before };
}

/** Rejected records that hold one of the values that were asked for: what is missing may be among them. */
async function rejectsWith(
  session: Session,
  { rejects }: OpenedRows,
  condition: Expression | undefined,
): Promise<readonly RejectReport[]> {
  const literals = condition === undefined ? [] : literalsOf(condition);
  if (rejects === undefined || literals.length === 0) return [];
  const raw: Expression = { kind: "column", name: "raw" };
  const holding = literals.map(
    (literal): Expression => ({ kind: "call", name: "contains", arguments: [raw, literal] }),
  );
  const [first] = holding;
  const any: Expression | undefined = holding.length === 1 ? first : { kind: "call", name: "or", arguments: holding };
  const relation: Relation = { kind: "limit", input: where(REJECTS, any), count: SHOWN_ROWS };
  const found: RejectReport[] = [];
  for await (const batch of askRejects(session, rejects, relation)) {
    for (const [file, record, line, column, rule, text] of batch) {
      found.push({
        file: String(file),
        record: Number(record),
        line: Number(line),
        column: String(column),
        rule: String(rule),
        raw: String(text).slice(0, RAW_LETTERS),
      });
    }
  }
  return found;
}

const RAW_LETTERS = 4096;
const MOST_LITERALS = 100;

/** The texts and numbers of a condition, as they would stand in a record. */
function literalsOf(condition: Expression): readonly LiteralNode[] {
  const found = new Map<string, LiteralNode>();
  walkExpression(condition, (node) => {
    if (node.kind !== "literal" || typeof node.value !== "string" || node.value === "") return;
    found.set(node.value, { kind: "literal", type: "string", value: node.value });
  });
  return [...found.values()].slice(0, MOST_LITERALS);
}
