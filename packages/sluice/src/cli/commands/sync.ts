import { type SyncedDataset, syncProject } from "../../project/sync-project.ts";
import { reachLines } from "../../project/sync-reach.ts";
import type { CommandContext } from "../context.ts";
import { errorsRecord } from "../error-record.ts";
import { type ExitCode, exitCodeOf } from "../exit-code.ts";
import { openCommand } from "../open-command.ts";
import { plural } from "../output/format-values.ts";
import { printErrors } from "../output/print-errors.ts";
import type { Terminal } from "../output/terminal.ts";
import { plainText } from "../output/text-width.ts";
import { keyLine } from "./show-connection.ts";

/** Looks at sources once and freezes their schemas. Exit 1 where a source changed and its policy is to fail. */
export async function sync(context: CommandContext): Promise<ExitCode> {
  await using session = await openCommand(context);
  const { terminal, parsed, folder } = context;
  const { datasets, errors } = await syncProject(session, { names: parsed.words, accept: parsed.flag("accept") });
  const hasDrift = datasets.some((dataset) => dataset.status === "drift");
  const failed = exitCodeOf(errors);
  const code = failed === 0 && hasDrift ? 1 : failed;
  const { short } = session;
  if (terminal.json) {
    const wrong = errors.length === 0 ? { errors: [] } : errorsRecord(errors, folder);
    const shown = datasets.map((dataset) => ({
      ...dataset,
      rows: dataset.rows ?? null,
      file: short(dataset.file),
    }));
    terminal.print(JSON.stringify({ ok: code === 0, datasets: shown, ...wrong }));
  } else {
    for (const dataset of datasets) terminal.print(textOf(dataset, terminal, short));
    if (hasDrift) terminal.print("\nnothing was written for what changed; take it over with: sluice sync --accept");
    if (datasets.length === 0 && errors.length === 0) terminal.print("there are no datasets in sluice.config.ts");
  }
  printErrors(errors, terminal, folder);
  return code;
}

const STYLES = { new: "green", unchanged: "dim", changed: "yellow", drift: "red" } as const;

function textOf(dataset: SyncedDataset, { paint }: Terminal, short: (path: string) => string): string {
  const { name, status, rows, columns, changes, warnings, reaches = [] } = dataset;
  const count = rows === undefined ? "" : `, ${plural(rows, "row")}`;
  const said = status === "drift" ? "changed, and its policy is to fail" : status;
  const about = keyLine(dataset);
  return [
    `${paint(STYLES[status], name)}: ${said} (${plural(columns, "column")}${count}) ${short(dataset.file)}`,
    ...(about.length === 0 ? [] : [`  ${about.join(", ")}`]),
    ...changes.map((change) => `  ${status === "drift" ? "!" : "~"} ${plainText(change)}`),
    ...reachLines(reaches).map((line) => `    ${plainText(line)}`),
    ...warnings.map((warning) => `  ${paint("yellow", "warning")}: ${plainText(warning)}`),
  ].join("\n");
}
