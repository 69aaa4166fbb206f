import { didYouMean, type FrozenDataset, SluiceError, type StepDefinition } from "@sluice/core";
import type { Session } from "../../composition.ts";
import { looksLikeFile } from "../../project/list-files.ts";
import { loadPipelines } from "../../project/load-pipelines.ts";
import { type LoadedPipeline, pickPipeline, uniquePipelines } from "../../project/pick-pipeline.ts";
import { requireFrozen } from "../../project/read-frozen.ts";
import { readsOf } from "../../project/used-sources.ts";
import { connectionOf, namesDatabase } from "../../query/connection-text.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { openCommand } from "../open-command.ts";
import { openLoose } from "../open-loose.ts";
import { formatTable } from "../output/table.ts";
import { showConnection } from "./show-connection.ts";

/** Shows the steps of a pipeline, the columns of a dataset, what a connection holds. */
export async function show(context: CommandContext): Promise<ExitCode> {
  const [word = ""] = context.parsed.words;
  await using session = await (namesDatabase(word) ? openLoose(context) : openCommand(context));
  const { project, short } = session;
  const datasets = Object.keys(project.config.datasets);
  if (datasets.includes(word)) {
    await showDataset(context, session, requireFrozen(project.schemasFolder, word, { configured: datasets }));
    return 0;
  }
  const isFile = looksLikeFile(word) && !namesDatabase(word);
  const connection = isFile ? undefined : connectionOf(session, word, context.folder);
  // No name of a pipeline has a dot, a colon or a slash in it.
  if (connection !== undefined && /\W/.test(word)) {
    await showConnection(context, session, connection);
    return 0;
  }
  const loaded = await loadPipelines(session, isFile ? { word, folder: context.folder } : {});
  const names = uniquePipelines(loaded, short).found.map((pipeline) => pipeline.name);
  if (connection !== undefined && !names.includes(word)) {
    await showConnection(context, session, connection);
    return 0;
  }
  if (loaded.errors.length === 0 && !isFile && !names.includes(word)) {
    const known = [...names, ...datasets, ...Object.keys(project.config.connections)];
    throw new SluiceError("config", `no pipeline, dataset or connection is named "${word}"`, {
      offending: word,
      hint: didYouMean(word, known, "pipelines, datasets and connections"),
    });
  }
  showPipeline(context, pickPipeline({ word, folder: context.folder, root: project.root, loaded, short }), short);
  return 0;
}

async function showDataset(context: CommandContext, session: Session, dataset: FrozenDataset): Promise<void> {
  const { terminal } = context;
  if (terminal.json) {
    terminal.print(JSON.stringify(dataset));
    return;
  }
  const adapter = await session.adapter(dataset.source.type);
  terminal.print(`${terminal.paint("bold", dataset.name)}  ${adapter.nameOf(dataset.source)}`);
  terminal.print("");
  const rows = dataset.columns.map((column) => [
    column.name,
    column.type,
    column.nullable ? "may be null" : "required",
    [column.format, column.comment].filter((part) => part !== undefined).join("; "),
  ]);
  const titles = ["column", "type", "null", "notes"].map((title) => ({ title }));
  const [head = "", ...lines] = formatTable(titles, rows, terminal.width);
  terminal.print([terminal.paint("bold", head), ...lines].join("\n"));
  for (const warning of dataset.warnings) terminal.print(`${terminal.paint("yellow", "warning")}: ${warning}`);
}

function showPipeline(
  { terminal }: CommandContext,
  { definition, file }: LoadedPipeline,
  short: (path: string) => string,
): void {
  if (terminal.json) {
    terminal.print(JSON.stringify({ file: short(file), definition }));
    return;
  }
  const { name, description, schedule, parameters = [] } = definition;
  terminal.print(`${terminal.paint("bold", name)}  ${short(file)}`);
  if (description !== undefined) terminal.print(description);
  if (schedule !== undefined) terminal.print(`schedule  ${schedule.cron} ${schedule.zone ?? "UTC"}`);
  for (const parameter of parameters) {
    const fallback = parameter.default === undefined ? "required" : `default ${parameter.default}`;
    terminal.print(`parameter  ${parameter.name}: ${parameter.type}, ${fallback}`);
  }
  terminal.print("");
  const rows = definition.steps.map((step) => [
    step.name,
    step.kind,
    readsOf(step).join(", "),
    writesOf(step),
    (step.checks ?? []).map((check) => check.kind).join(", ") || "-",
  ]);
  const titles = ["step", "kind", "reads", "writes or runs", "checks"].map((title) => ({ title }));
  const [head = "", ...lines] = formatTable(titles, rows, terminal.width);
  terminal.print([terminal.paint("bold", head), ...lines].join("\n"));
}

function writesOf(step: StepDefinition): string {
  if (step.kind === "load") return `${targetName(step)} (${step.mode})`;
  if (step.kind === "task") return step.run.module;
  if (step.kind === "shell") return typeof step.command === "string" ? step.command : step.command.join(" ");
  return "-";
}

function targetName(step: Extract<StepDefinition, { kind: "load" }>): string {
  const { type, connection, table, path } = step.into;
  return typeof path === "string" && table === undefined ? path : [type, connection ?? path, table].join(".");
}
