import { type IncrementalNode, type Plan, type PlannedStage, printExpression, type StageRead } from "@sluice/core";
import type { Session } from "../../composition.ts";
import { driftText } from "../../project/drift-reach.ts";
import { explainRead } from "../../project/explain-reads.ts";
import { loadPipeline } from "../../project/load-pipelines.ts";
import { type PlannedPipeline, planPipeline } from "../../project/plan-pipeline.ts";
import { stagedText } from "../../project/staged-copies.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { openCommand, wantsFrozen } from "../open-command.ts";
import type { Terminal } from "../output/terminal.ts";
import { plainText } from "../output/text-width.ts";

/** Shows what a run would do. */
export async function plan(context: CommandContext): Promise<ExitCode> {
  await using session = await openCommand(context);
  const { terminal, parsed, folder } = context;
  const pipeline = await loadPipeline(session, { word: parsed.words[0], folder });
  const planned = await planPipeline(session, pipeline, { frozen: wantsFrozen(context, false) });
  if (terminal.json) terminal.print(JSON.stringify(planned.plan));
  else await printPlan(planned, session, terminal);
  return 0;
}

async function printPlan(
  { plan: planned, datasets }: PlannedPipeline,
  session: Session,
  terminal: Terminal,
): Promise<void> {
  const { paint } = terminal;
  const sources = new Map<string, string>();
  for (const [name, { source }] of datasets) {
    sources.set(name, (await session.adapter(source.type)).nameOf(source));
  }
  terminal.print(`${paint("bold", planned.definition.name)}  plan ${planned.hash.slice(0, 12)}`);
  terminal.print("");
  for (const line of graphLines(planned, sources)) terminal.print(line);
  for (const stage of planned.stages) {
    terminal.print("");
    for (const line of await stageLines(stage, { session, terminal, sources, planned, datasets })) terminal.print(line);
  }
  const drifts = await driftText(planned, datasets, session.adapter);
  if (drifts.length > 0) terminal.print("");
  for (const drift of drifts) terminal.print(`${paint("dim", "drift")} ${plainText(drift)}`);
  if (planned.warnings.length > 0) terminal.print("");
  for (const warning of planned.warnings) terminal.print(`${paint("yellow", "warning")}: ${plainText(warning)}`);
}

/** Each step with what it reads, in the order of the stages. */
function graphLines(planned: Plan, sources: ReadonlyMap<string, string>): readonly string[] {
  return planned.stages.map((stage) => {
    const isExtract = stage.kind === "extract";
    const reads = stage.reads.map((read) => (isExtract ? sources.get(nameOfRead(read)) : nameOfRead(read))).join(", ");
    const inside = stage.steps.length > 1 ? ` [${stage.steps.join(" + ")}]` : "";
    const after = stage.after.filter((name) => !stage.reads.some((read) => nameOfRead(read) === name));
    return `  ${reads === "" ? "" : `${reads} -> `}${stage.name}${inside}${after.length > 0 ? ` after ${after.join(", ")}` : ""}`;
  });
}

const nameOfRead = (read: StageRead): string => ("dataset" in read ? read.dataset : read.stage);

interface PlanContext {
  readonly session: Session;
  readonly terminal: Terminal;
  /** Where each dataset comes from, as a person would write it. */
  readonly sources: ReadonlyMap<string, string>;
  readonly planned: Plan;
  readonly datasets: PlannedPipeline["datasets"];
}

async function stageLines(
  stage: PlannedStage,
  { session, terminal, sources, planned, datasets }: PlanContext,
): Promise<readonly string[]> {
  const { paint } = terminal;
  const explained = await Promise.all(stage.reads.map((read) => explainRead(session, read, datasets)));
  const entries: [string, string][] = [
    ["kind", stage.kind],
    ...(stage.steps.length > 1 ? [["steps", stage.steps.join(", ")] as [string, string]] : []),
    ["why", stage.endsBecause],
    ...stage.reads.map((read): [string, string] => ["reads", readText(read, sources)]),
    ...stage.reads.flatMap((read) => writerText(read, planned)),
    ...stage.reads.flatMap((read) => pushedText(read)),
    ...explained.flat().map((says): [string, string] => ["finds", says]),
    ...(await keptText(stage, datasets, session)),
    ...runText(stage, planned),
    ["writes", await writeText(stage, session)],
    ...stage.checks.map((check): [string, string] => ["check", check.name ?? checkText(check)]),
    ...(stage.schema.columns.length === 0
      ? []
      : [
          [
            "schema",
            stage.schema.columns.map(({ name, type, nullable }) => `${name} ${type}${nullable ? "?" : ""}`).join(", "),
          ] as [string, string],
        ]),
  ];
  return [
    `${paint("bold", `stage ${stage.name}`)}`,
    ...entries.map(([name, text]) => `  ${paint("dim", name.padEnd(7))} ${plainText(text)}`),
    ...(stage.sql === "" ? [] : [`  ${paint("dim", "sql")}`, ...stage.sql.split("\n").map((line) => `    ${line}`)]),
  ];
}

/** The copies of a dataset that the stage lands to be kept. */
async function keptText(
  { name, writes }: PlannedStage,
  datasets: PlannedPipeline["datasets"],
  session: Session,
): Promise<readonly [string, string][]> {
  const dataset = writes.kind === "landed" && writes.persistent === true ? datasets.get(name) : undefined;
  if (dataset === undefined) return [];
  return (await stagedText(session, dataset)).map((text): [string, string] => ["kept", text]);
}

/** What a task or a command runs. */
function runText(stage: PlannedStage, { definition }: Plan): readonly [string, string][] {
  const step = definition.steps.find(({ name }) => name === stage.name);
  if (step?.kind === "task") return [["runs", `${step.run.module} (code ${step.run.code?.slice(0, 12) ?? "unknown"})`]];
  if (step?.kind !== "shell") return [];
  return [["runs", typeof step.command === "string" ? `sh -c ${step.command}` : step.command.join(" ")]];
}

function readText(read: StageRead, sources: ReadonlyMap<string, string>): string {
  if ("stage" in read) return `the output of ${read.stage}`;
  const times = read.uses > 1 ? `, ${read.uses} times` : "";
  return `${read.dataset} (${sources.get(read.dataset)})${times}: ${read.columns.join(", ")}`;
}

/** Which load writes what the stage reads. */
function writerText(read: StageRead, { tables = {} }: Plan): readonly [string, string][] {
  const writer = "dataset" in read && Object.hasOwn(tables, read.dataset) ? tables[read.dataset] : undefined;
  if (writer === undefined || !("dataset" in read)) return [];
  const { pipeline, step, isOwn } = writer;
  const state = isOwn === true ? "; read as it was before this run" : "";
  return [["from", `${read.dataset} is written by ${step} of the pipeline ${pipeline}${state}`]];
}

/** What the source itself leaves out. */
function pushedText(read: StageRead): readonly [string, string][] {
  if ("stage" in read) return [];
  const { dataset, filter, limit } = read;
  const { incremental } = read;
  if (incremental !== undefined) return [["new", `${dataset} ${wayText(incremental.node)}`]];
  const parts = [
    ...(filter === undefined ? [] : [`where ${printExpression(filter)}`]),
    ...(limit === undefined ? [] : [`at most ${limit} rows`]),
  ];
  return parts.length === 0 ? [] : [["pushes", `${dataset} ${parts.join(", ")}`]];
}

/** How what is new is told. */
function wayText({ cursor, lag, files, key }: IncrementalNode): string {
  if (cursor !== undefined) return `by ${cursor}${lag === undefined ? "" : `, with a lag of ${lag}`}`;
  return files === undefined ? `by key: ${(key ?? []).join(", ")}` : `by file: ${files} ones`;
}

async function writeText({ writes }: PlannedStage, session: Session): Promise<string> {
  if (writes.kind === "none") return "nothing that sluice knows of";
  if (writes.kind === "landed")
    return writes.persistent === true ? "a Parquet file that is kept" : "a Parquet file of the run";
  const adapter = await session.adapter(writes.into.type);
  const key = writes.key === undefined ? "" : ` by ${writes.key.join(", ")}`;
  const where = writes.where === undefined ? "" : ` where ${printExpression(writes.where)}`;
  return `${adapter.nameOf(writes.into)} (${writes.mode}${key}${where})`;
}

function checkText(check: PlannedStage["checks"][number]): string {
  const columns = "columns" in check ? check.columns : "column" in check ? [check.column] : [];
  const names = columns.map((column) => (typeof column === "string" ? column : column.name));
  return names.length === 0 ? check.kind : `${check.kind}(${names.join(", ")})`;
}
