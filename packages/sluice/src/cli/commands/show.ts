import { didYouMean, type FrozenDataset, SluiceError, type StepDefinition } from "@sluice/core";
import type { Session } from "../../composition.ts";
import { looksLikeFile } from "../../project/list-files.ts";
import { loadPipelines } from "../../project/load-pipelines.ts";
import { type LoadedPipeline, pickPipeline, uniquePipelines } from "../../project/pick-pipeline.ts";
import { requireFrozen } from "../../project/read-frozen.ts";
import { readsOf } from "../../project/used-sources.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { openCommand } from "../open-command.ts";
import { formatTable } from "../output/table.ts";

/** Shows the steps of a pipeline, or the columns of a dataset. */
export async function show(context: CommandContext): Promise<ExitCode> {
  await using session = await openCommand(context);
  const [word = ""] = context.parsed.words;
  const { project, short } = session;
  const datasets = Object.keys(project.config.datasets);
  if (datasets.includes(word)) {
    await showDataset(context, session, requireFrozen(project.schemasFolder, word, { configured: datasets }));
    return 0;
  }
  const loaded = await loadPipelines(session, looksLikeFile(word) ? { word, folder: context.folder } : {});
  const names = uniquePipelines(loaded, short).found.map((pipeline) => pipeline.name);
  if (loaded.errors.length === 0 && !looksLikeFile(word) && !names.includes(word)) {
    throw new SluiceError("config", `no pipeline and no dataset is named "${word}"`, {
      offending: word,
      hint: didYouMean(word, [...names, ...datasets], "pipelines and datasets"),
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
