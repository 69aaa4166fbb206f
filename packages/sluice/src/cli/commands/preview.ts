import { type Cell, didYouMean, SluiceError } from "@sluice/core";
import { bindParameters } from "../../parameters.ts";
import { previewStep } from "../../preview.ts";
import { loadPipeline } from "../../project/load-pipelines.ts";
import { countOf } from "../arguments.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { givenParameters } from "../given-parameters.ts";
import { openCommand } from "../open-command.ts";
import { printNotices } from "../output/print-notices.ts";
import { formatTable } from "../output/table.ts";

/** Prints the first rows of a step as a run would compute them; nothing is written. */
export async function preview(context: CommandContext): Promise<ExitCode> {
  const { parsed, terminal, folder } = context;
  const limit = countOf(parsed, "limit", 20);
  const given = givenParameters(parsed.values("param"));
  await using session = await openCommand(context);
  const [word, step = ""] = parsed.words;
  const pipeline = await loadPipeline(session, { word, folder });
  const { definition } = pipeline;
  const names = definition.steps.map((one) => one.name);
  if (!names.includes(step)) {
    throw new SluiceError("config", `the pipeline "${definition.name}" has no step "${step}"`, {
      offending: step,
      hint: didYouMean(step, names, "its steps"),
    });
  }
  const declared = definition.parameters ?? [];
  const parameters = bindParameters({ pipeline: definition.name, declared, given });
  const { columns, rows, events } = await previewStep(session, { pipeline, step, limit, parameters });
  if (terminal.json) {
    const cells = rows.map((row) => row.map(jsonCell));
    terminal.print(JSON.stringify({ pipeline: definition.name, step, columns, rows: cells }));
    return 0;
  }
  const titles = columns.map((column) => ({
    title: column.name,
    align: /^(u?int|float|decimal)/.test(column.type) ? ("right" as const) : ("left" as const),
  }));
  const texts = rows.map((row) => row.map((cell) => String(cell)));
  const [head = "", ...lines] = formatTable(titles, texts, terminal.width);
  terminal.print([terminal.paint("bold", head), ...lines].join("\n"));
  printNotices(
    events.filter(({ event }) => event === "stage.rejects"),
    terminal,
  );
  return 0;
}

/** JSON has no number for these; as null they would look like rows without a value. */
function jsonCell(cell: Cell): Exclude<Cell, bigint> {
  if (typeof cell === "bigint" || (typeof cell === "number" && !Number.isFinite(cell))) return String(cell);
  return cell;
}
