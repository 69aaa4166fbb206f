import type {
  Answer,
  ChangeReport,
  DroppedRow,
  DropReport,
  Narrowing,
  OperationReport,
  Place,
  RecordReport,
  SourceReport,
  StepReport,
  TraceReport,
  Value,
  Values,
} from "../../trace/report.ts";
import { formatCount, plural } from "./format-values.ts";
import type { Terminal } from "./terminal.ts";
import { cutText, padText, plainText, textWidth } from "./text-width.ts";

interface Look extends Pick<Terminal, "paint" | "verbose" | "width"> {
  /** What was said of rows that cannot be told apart: of every operation it would be said again. */
  readonly said: Set<string>;
}

/** A trace as a story for people: sources, steps, the rows. With `onlyDrops` the answer first, and only what takes rows out. */
export function traceLines(
  report: TraceReport,
  terminal: Pick<Terminal, "paint" | "verbose" | "width">,
  { onlyDrops }: { readonly onlyDrops: boolean },
): readonly string[] {
  const { paint, verbose, width } = terminal;
  const look: Look = { paint, verbose, width, said: new Set() };
  const { pipeline, step, target, condition } = report;
  const title = `${paint("bold", `${pipeline}/${step}`)}${target === undefined ? "" : `  ${plainText(target)}`}  where ${plainText(condition)}`;
  const answer = answerLines(report, look);
  const told = report.sources.filter((source) => source.narrowing !== "none" || source.warnings.length > 0);
  const sources = onlyDrops && told.length > 0 ? told : report.sources;
  const steps = report.steps.flatMap((one) => stepLines(one, look, onlyDrops));
  return [
    title,
    "",
    ...(onlyDrops ? [...answer, ""] : []),
    ...sources.flatMap((source) => [...sourceLines(source, look), ""]),
    ...steps,
    ...(onlyDrops ? [] : [...rowLines(report, look), ...answer]),
    ...asideLines(report, look),
  ];
}

function answerLines({ answer, step }: TraceReport, { paint }: Look): readonly string[] {
  const by = answer.by.map((one) =>
    `  ${one.operation} of ${one.step}${placeText(one.at)}  ${plainText(one.text)}`.trimEnd(),
  );
  switch (answer.kind) {
    case "found": {
      const head = paint("green", `${step} gives ${plural(answer.rows, "such row")}`);
      const unless = (answer.conditional ?? []).map(
        (one) => `  ${one.step} is skipped by a run unless ${plainText(one.text)}${placeText(one.at)}`,
      );
      const others = by.length === 0 ? [head] : [`${head}; others were taken out by`, ...by];
      return unless.length === 0 ? others : [...others, paint("yellow", "if the run does not skip it"), ...unless];
    }
    case "dropped":
      return [
        `${paint("red", `${step} gives no such row`)}: ${isSkipped(answer) ? "a step is skipped" : "taken out by"}`,
        ...by,
      ];
    case "absent":
      return [`${paint("red", `${step} gives no such row`)}: no record gives one`];
    case "failed":
      return [`${paint("red", `what ${step} gives cannot be told`)}: a run fails in`, ...by];
    case "unknown":
      return [`${paint("red", `${step} gives no such row`)}; what takes it out cannot be told from here`];
    default:
      return answer.kind satisfies never;
  }
}

function isSkipped({ by }: Answer): boolean {
  return by.every(({ operation }) => operation === "when");
}

function sourceLines(source: SourceReport, look: Look): readonly string[] {
  const { dataset, address, accepted, matched, rejected, records, rejects } = source;
  const { paint } = look;
  const of = `${formatCount(matched)} of ${plural(accepted, "record")}${rejected === 0 ? "" : `, besides ${formatCount(rejected)} rejected`}`;
  const side = source.subtracted === true ? "  (only of a side that is subtracted)" : "";
  const lines = [`${paint("bold", dataset)}  ${plainText(address)}  ${of}${paint("dim", side)}`];
  if (source.condition !== undefined) lines.push(paint("dim", `  where ${plainText(source.condition)}`));
  lines.push(
    ...narrowingLines(source, look),
    ...source.warnings.map((one) => `  ${paint("yellow", "warning")}: ${plainText(one)}`),
  );
  for (const record of records) lines.push(...recordLines(record, source.columns, look));
  if (records.length > 0 && matched > records.length)
    lines.push(`  … and ${formatCount(matched - records.length)} more`);
  for (const { file, record, line, column, rule, raw } of rejects) {
    const what = column === "" ? "it" : `"${plainText(column)}"`;
    lines.push(
      `  ${paint("yellow", "rejected")} ${plainText(file)}, record ${record}, line ${line}: ${what} ${plainText(rule)}`,
    );
    lines.push(`    ${fit(plainText(raw), look, 4)}`);
  }
  if (source.writer !== undefined) {
    const { pipeline, step, next } = source.writer;
    const rows = matched === 0 ? "such rows would come" : matched === 1 ? "the row comes" : "the rows come";
    lines.push(
      `  ${rows} from table ${plainText(address)}, which ${step} of the pipeline ${pipeline} loads; to go on: ${plainText(next)}`,
    );
  }
  return lines;
}

const SHOWN_VALUES = 12;

function recordLines(
  { file, record, line, key, values }: RecordReport,
  columns: readonly string[],
  look: Look,
): readonly string[] {
  const place =
    line === undefined ? `row ${formatCount(record)}` : `record ${formatCount(record)}, line ${formatCount(line)}`;
  const named = key === undefined ? "" : ` (${pairsText(key)})`;
  const used = columns.filter((name) => Object.hasOwn(values, name));
  const others = Object.keys(values).filter((name) => !used.includes(name));
  const shown = look.verbose ? [...used, ...others] : used.slice(0, SHOWN_VALUES);
  const rest = used.length + others.length - shown.length;
  return [
    `  ${plainText(file)}, ${place}${named}`,
    ...valueLines(values, shown, look, "    "),
    ...moreColumns(rest, "    ", look),
  ];
}

function valueLines(values: Values, names: readonly string[], look: Look, indent: string): readonly string[] {
  const width = Math.min(32, Math.max(0, ...names.map((name) => textWidth(plainText(name)))));
  return names.map((name) => {
    const text = `${padText(plainText(name), width)}  ${valueText(values[name] ?? null)}`;
    return `${indent}${fit(text, look, indent.length)}`.trimEnd();
  });
}

function moreColumns(rest: number, indent: string, { paint }: Look): readonly string[] {
  return rest <= 0 ? [] : [paint("dim", `${indent}… ${plural(rest, "more column")} (--verbose)`)];
}

function narrowingLines({ narrowing, because }: Narrowing, { paint, said }: Look): readonly string[] {
  if (narrowing === "exact") return [];
  const head =
    narrowing === "none"
      ? "all rows are counted here, not only those that you asked for"
      : "more rows than those that you asked for may be among these";
  const line = paint("dim", `  ${head}: ${because.map(plainText).join("; ")}`);
  if (said.has(line)) return [];
  said.add(line);
  return [line];
}

function stepLines(step: StepReport, look: Look, onlyDrops: boolean): readonly string[] {
  const operations = onlyDrops ? step.operations.filter(matters) : step.operations;
  const isSkipping = step.when !== undefined && step.when.value !== true;
  if (operations.length === 0 && !isSkipping) return [];
  const { paint } = look;
  const lines = [`${paint("bold", step.step)}${placeText(step.at)}`];
  if (step.when !== undefined) lines.push(whenLine(step.when, look));
  for (const operation of operations) lines.push(...operationLines(operation, step, look, onlyDrops));
  return [...lines, ""];
}

function whenLine({ text, value }: NonNullable<StepReport["when"]>, { paint }: Look): string {
  const what =
    value === null ? "depends on the run" : value ? "is true" : paint("red", "is false: the step is skipped");
  return `  when ${plainText(text)} ${what}`;
}

function matters({ dropped, failure, subtracted }: OperationReport): boolean {
  return (dropped.length > 0 && subtracted !== true) || failure !== undefined;
}

function operationLines(
  operation: OperationReport,
  step: StepReport,
  look: Look,
  onlyDrops: boolean,
): readonly string[] {
  const { paint } = look;
  const { before, after, changes, dropped, failure, subtracted } = operation;
  const at = operation.at?.line === step.at?.line ? "" : placeText(operation.at);
  const counts =
    before.length === 0 ? formatCount(after) : `${before.map(formatCount).join(" + ")} → ${formatCount(after)}`;
  const label = `  ${paint("cyan", operation.operation)} ${counts}`;
  const text = fit(plainText(operation.text), look, textWidth(operation.operation) + counts.length + 5);
  const lines = [`${label}${text === "" ? "" : `  ${text}`}${at}`];
  if (!onlyDrops || dropped.length > 0) lines.push(...narrowingLines(operation, look).map((line) => `  ${line}`));
  if (subtracted === true && dropped.length > 0) {
    lines.push(
      paint("dim", "    of a side that is subtracted: what is taken out here takes nothing out of the result"),
    );
  }
  if (failure !== undefined) lines.push(`    ${paint("red", "a run fails here")}: ${plainText(failure)}`);
  if (!onlyDrops) lines.push(...changeLines(changes, look));
  return [...lines, ...dropped.flatMap((drop) => dropLines(drop, look))];
}

function changeLines(changes: readonly (readonly ChangeReport[])[], look: Look): readonly string[] {
  return changes.flatMap((row, index) => {
    const shown = look.verbose ? row : row.slice(0, SHOWN_VALUES);
    const rest = row.length - shown.length;
    return [
      ...(changes.length > 1 ? [look.paint("dim", `    row ${index + 1}`)] : []),
      ...shown.map((change) => `    ${fit(changeText(change), look, 4)}`),
      ...moreColumns(rest, "    ", look),
    ];
  });
}

function changeText({ column, text, from, to }: ChangeReport): string {
  const values = Object.entries(from);
  const [first] = values;
  const source = plainText(text);
  if (values.length === 1 && first !== undefined && source === first[0]) {
    return `${plainText(column)} = ${source}: ${valueText(to)}`;
  }
  const old = values.length === 1 && first !== undefined ? valueText(first[1]) : pairsText(from);
  const isSame = old === "" || old === valueText(to);
  return `${plainText(column)} = ${source}: ${isSame ? "" : `${old} → `}${valueText(to)}`;
}

function dropLines({ rows, why, examples }: DropReport, look: Look): readonly string[] {
  const { paint } = look;
  const head = `${paint("red", `${plural(rows, "row")} taken out`)}${why === undefined ? "" : `: ${plainText(why)}`}`;
  const rest = rows - examples.length;
  return [
    `    ${head}`,
    ...examples.flatMap((row) => droppedLines(row, look)),
    ...(examples.length === 0 || rest === 0 ? [] : [`      … and ${formatCount(rest)} more`]),
  ];
}

function droppedLines({ values, conditions, kept }: DroppedRow, look: Look): readonly string[] {
  if (conditions.length === 0) {
    const own = `      ${fit(pairsText(values), look, 6)}`;
    return kept === undefined ? [own] : [own, `      ${fit(`kept: ${pairsText(kept)}`, look, 6)}`];
  }
  const taking = conditions.filter(({ takes }) => takes);
  const others = Object.keys(values).filter((name) => !taking.some((one) => Object.hasOwn(one.values, name)));
  const row = others.map((name) => `${plainText(name)} ${valueText(values[name] ?? null)}`).join(", ");
  return [
    ...(row === "" ? [] : [`      ${fit(row, look, 6)}`]),
    ...taking.map(({ text, value, values: own }) => {
      const is = Object.keys(own).length === 0 ? "" : `: ${pairsText(own, " is ")}`;
      return `      · ${fit(`${plainText(text)} is ${value}${is}`, look, 8)}`;
    }),
  ];
}

function rowLines({ rows, answer, step }: TraceReport, look: Look): readonly string[] {
  if (rows.length === 0) return [];
  const rest = answer.rows - rows.length;
  return [
    ...rows.flatMap((row, index) => [
      look.paint("bold", rows.length === 1 ? `${step} gives` : `${step} gives, row ${index + 1}`),
      ...rowValues(row, look),
    ]),
    ...(rest > 0 ? [`… and ${formatCount(rest)} more`] : []),
    "",
  ];
}

function rowValues(row: Values, look: Look): readonly string[] {
  const names = Object.keys(row);
  const shown = look.verbose ? names : names.slice(0, SHOWN_VALUES * 2);
  return [...valueLines(row, shown, look, "  "), ...moreColumns(names.length - shown.length, "  ", look)];
}

function asideLines({ targetNow, target, lastRun }: TraceReport, { paint }: Look): readonly string[] {
  const lines: string[] = [];
  if (targetNow !== undefined) {
    const what =
      targetNow.rows === null
        ? `was not looked at: ${plainText(targetNow.why ?? "")}`
        : `holds ${formatCount(targetNow.rows)} of them now`;
    lines.push(`${plainText(target ?? "the target")} ${targetNow.isThere === false ? "is not there yet" : what}`);
  }
  if (lastRun === undefined) lines.push("the pipeline never ran");
  else {
    const { id, status, finishedAt, startedAt, error } = lastRun;
    const when = finishedAt ?? startedAt;
    lines.push(
      `last run ${id} ${status}${when === undefined ? "" : ` at ${when}`}${error === undefined ? "" : `: ${plainText(error)}`}`,
    );
    const others = Object.entries(lastRun.steps).filter(([, one]) => one !== "succeeded");
    for (const [step, one] of others) lines.push(`  ${step} ${paint("yellow", one)}`);
  }
  return lines;
}

function placeText(at: Place | undefined): string {
  if (at === undefined) return "";
  return `  (${plainText(at.file)}${at.line === undefined ? "" : `:${at.line}`})`;
}

function pairsText(values: Values, is = " "): string {
  return Object.entries(values)
    .map(([name, value]) => `${plainText(name)}${is}${valueText(value)}`)
    .join(", ");
}

const LONGEST_VALUE = 200;

/** Text stands in quotes, so that blanks and nothing can be told apart. */
function valueText(value: Value): string {
  return typeof value === "string"
    ? `'${cutText(plainText(value), LONGEST_VALUE).replaceAll("'", "''")}'`
    : String(value);
}

function fit(text: string, { width, verbose }: Look, taken: number): string {
  return verbose ? text : cutText(text, Math.max(40, width - taken));
}
