import { loadPipelines } from "../../project/load-pipelines.ts";
import { leftAsideWarnings, uniquePipelines } from "../../project/pick-pipeline.ts";
import { readFrozen } from "../../sync/frozen-file.ts";
import type { CommandContext } from "../context.ts";
import { errorsRecord } from "../error-record.ts";
import { type ExitCode, exitCodeOf } from "../exit-code.ts";
import { openCommand } from "../open-command.ts";
import { printErrors } from "../output/print-errors.ts";
import { formatTable } from "../output/table.ts";
import { plainText } from "../output/text-width.ts";

/** Lists pipelines and datasets; what cannot be read is said beside what can. */
export async function list(context: CommandContext): Promise<ExitCode> {
  await using session = await openCommand(context);
  const { terminal } = context;
  const { project, short } = session;
  const loaded = uniquePipelines(await loadPipelines(session), short);
  const pipelines = loaded.found.map(({ name, file, definition }) => ({
    name,
    file: short(file),
    steps: definition.steps.length,
    schedule: definition.schedule?.cron ?? null,
    description: definition.description ?? null,
  }));
  const datasets = Object.entries(project.config.datasets).map(([name, source]) => {
    const frozen = readFrozen(project.schemasFolder, name);
    return { name, source: source.address, synced: frozen !== undefined, columns: frozen?.columns.length ?? null };
  });
  const warnings = leftAsideWarnings(loaded, short);
  const code = exitCodeOf(loaded.errors);
  if (terminal.json) {
    const errors = loaded.errors.length === 0 ? {} : errorsRecord(loaded.errors, context.folder);
    terminal.print(JSON.stringify({ pipelines, datasets, ...(warnings.length === 0 ? {} : { warnings }), ...errors }));
  } else {
    const sources = await Promise.all(
      datasets.map(async ({ source }) => (await session.adapter(source.type)).nameOf(source)),
    );
    const rows = pipelines.map((one) => [one.name, String(one.steps), one.schedule ?? "-", one.file]);
    const columns = [
      { title: "pipeline" },
      { title: "steps", align: "right" as const },
      { title: "schedule" },
      { title: "file" },
    ];
    const datasetRows = datasets.map((one, index) => [
      one.name,
      one.synced ? String(one.columns) : "not synced",
      sources[index] ?? "",
    ]);
    const datasetColumns = [{ title: "dataset" }, { title: "columns", align: "right" as const }, { title: "source" }];
    const head = (lines: readonly string[]): readonly string[] => [
      terminal.paint("bold", lines[0] ?? ""),
      ...lines.slice(1),
    ];
    for (const line of head(formatTable(columns, rows, terminal.width))) terminal.print(line);
    terminal.print("");
    for (const line of head(formatTable(datasetColumns, datasetRows, terminal.width))) terminal.print(line);
    for (const warning of warnings) terminal.print(`\n${terminal.paint("yellow", "warning")}: ${plainText(warning)}`);
  }
  printErrors(loaded.errors, terminal, context.folder);
  return code;
}
