import type { RunRecord } from "@sluice/core";
import { isAlive } from "../../composition.ts";
import { interruptedRuns } from "../../project/interrupted.ts";
import { countOf } from "../arguments.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { openCommand } from "../open-command.ts";
import { formatDuration } from "../output/format-values.ts";
import { formatTable } from "../output/table.ts";

/** Lists runs, newest first. */
export async function runs(context: CommandContext): Promise<ExitCode> {
  const limit = countOf(context.parsed, "limit", 20);
  await using session = await openCommand(context);
  const { terminal } = context;
  const [pipeline] = context.parsed.words;
  const store = await session.store();
  const found = await store.listRuns({
    project: session.project.config.project,
    limit,
    ...(pipeline === undefined ? {} : { pipeline }),
  });
  const interrupted = await interruptedRuns(store, found, { now: session.clock.now(), isAlive });
  const statusOf = ({ id, status }: Pick<RunRecord, "id" | "status">): string =>
    interrupted.has(id) ? "interrupted" : status;
  if (terminal.json) {
    terminal.print(JSON.stringify(found.map(({ plan: _plan, ...run }) => ({ ...run, status: statusOf(run) }))));
    return 0;
  }
  if (found.length === 0) {
    terminal.print(`no runs yet${pipeline === undefined ? "" : ` of "${pipeline}"`}`);
    return 0;
  }
  const rows = found.map((run) => [run.id, run.pipeline, statusOf(run), run.createdAt, durationOf(run)]);
  const titles = ["run", "pipeline", "status", "created", "time"];
  const [head = "", ...lines] = formatTable(
    titles.map((title) => ({ title })),
    rows,
    terminal.width,
  );
  terminal.print([terminal.paint("bold", head), ...lines].join("\n"));
  const [newest] = interrupted;
  if (newest !== undefined) {
    const resume = `go on with: sluice run --resume ${newest}`;
    terminal.print(`\n${terminal.paint("yellow", "interrupted")}: the process of the run is gone; ${resume}`);
  }
  return 0;
}

function durationOf(run: RunRecord): string {
  if (run.startedAt === undefined || run.finishedAt === undefined) return "-";
  return formatDuration(Date.parse(run.finishedAt) - Date.parse(run.startedAt));
}
