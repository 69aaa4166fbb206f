import { type Json, SluiceError } from "@sluice/core";
import { type LoadPositionShown, movePositions, showPositions } from "@sluice/runtime";
import { runRequest } from "../../execute.ts";
import { loadPipeline } from "../../project/load-pipelines.ts";
import { planPipeline } from "../../project/plan-pipeline.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { openCommand } from "../open-command.ts";
import { plural } from "../output/format-values.ts";
import { formatTable } from "../output/table.ts";

/** Shows how far the incremental loads of a pipeline have come, or says where they go on. */
export async function state(context: CommandContext): Promise<ExitCode> {
  const [verb = "", word, load, value, ...rest] = context.parsed.words;
  assertWords(verb, [load, value, ...rest]);
  await using session = await openCommand(context);
  const { terminal, folder } = context;
  const pipeline = await loadPipeline(session, { word, folder });
  const planned = await planPipeline(session, pipeline, { frozen: false });
  const request = await runRequest(session, {
    planned,
    parameters: new Map(),
    onEvent: () => undefined,
    progress: false,
  });
  if (verb !== "show") {
    const change = { ...(load === undefined ? {} : { load }), ...(value === undefined ? {} : { cursor: value }) };
    const moved = await movePositions(request, change);
    if (!terminal.json && moved.length > 0) {
      const [set] = value === undefined ? [] : await showPositions(request, load);
      const where = value === undefined ? "at the beginning" : `at ${value}${set === undefined ? "" : lagText(set)}`;
      terminal.print(`the next run of ${moved.join(", ")} begins ${where}`);
    }
    if (!terminal.json) return 0;
  }
  const found = await showPositions(request, load);
  if (terminal.json) terminal.print(JSON.stringify(found));
  else if (found.length === 0) terminal.print(`no load of "${planned.plan.definition.name}" reads what is new`);
  else {
    const titles = ["load", "target", "dataset", "by", "position"].map((title) => ({ title }));
    const rows = found.map((one) => [one.load, one.target, one.dataset, one.cursor ?? one.by, positionText(one)]);
    terminal.print(formatTable(titles, rows, terminal.width).join("\n"));
  }
  return 0;
}

function assertWords(verb: string, [load, value, extra]: readonly (string | undefined)[]): void {
  const usage = (message: string): SluiceError =>
    new SluiceError("config", message, {
      reason: "usage",
      hint: "usage: sluice state show <pipeline> [load], state reset <pipeline> [load], state set <pipeline> <load> <value>",
    });
  if (!["show", "reset", "set"].includes(verb)) throw usage(`"sluice state" does not take "${verb}"`);
  if (verb === "set" && (load === undefined || value === undefined)) {
    throw usage('"sluice state set" needs a load, and the value from which on rows are new');
  }
  const surplus = verb === "set" ? extra : value;
  if (surplus !== undefined) throw usage(`"sluice state ${verb}" does not take "${surplus}"`);
}

/** Of time, a plan has one unit: `P2D`; of numbers, the number. */
function lagText({ lag }: LoadPositionShown): string {
  if (lag === undefined) return "";
  const [, count, unit = ""] = /^PT?(\d+)([DHMS])$/.exec(lag) ?? [];
  return `, less its lag of ${count === undefined ? lag : plural(Number(count), UNITS[unit] ?? unit)}`;
}

const UNITS: Readonly<Record<string, string>> = { D: "day", H: "hour", M: "minute", S: "second" };

function positionText(shown: LoadPositionShown): string {
  const { by, position } = shown;
  if (position === null || typeof position !== "object" || Array.isArray(position)) return "nothing committed";
  const { cursor, seen, files, rows } = position as { readonly [member: string]: Json };
  if (by === "cursor") {
    const ties = Array.isArray(seen) ? seen.reduce<number>((sum, one) => sum + Number((one as Json[])[1]), 0) : 0;
    const where = ties === 0 ? `from ${String(cursor)} on` : `${String(cursor)}, ${plural(ties, "row")} of it seen`;
    return `${where}${lagText(shown)}`;
  }
  if (by === "files") return plural(Array.isArray(files) ? files.length : 0, "file");
  return plural(Number(rows), "key");
}
