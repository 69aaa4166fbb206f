import { didYouMean, type RunRecord, SluiceError } from "@sluice/core";
import { isAlive, type Session } from "../../composition.ts";
import { interruptedRuns } from "../../project/interrupted.ts";
import { loadPipelines } from "../../project/load-pipelines.ts";
import { countOf } from "../arguments.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { openCommand } from "../open-command.ts";
import { formatDuration } from "../output/format-values.ts";
import { formatTable } from "../output/table.ts";
import { showRun } from "./runs-show.ts";

/** Lists runs, newest first; `runs show <run>` shows one. */
export async function runs(context: CommandContext): Promise<ExitCode> {
  const [word, id] = context.parsed.words;
  if (id !== undefined) {
    if (word === "show") return showRun(context, id);
    throw new SluiceError("config", `"sluice runs" knows no "${word} ${id}"`, {
      reason: "usage",
      hint: `show a run with: sluice runs show ${id}`,
    });
  }
  const limit = countOf(context.parsed, "limit", 20, 1);
  await using session = await openCommand(context);
  const { terminal } = context;
  const [pipeline] = context.parsed.words;
  const store = await session.history();
  const found = await store.listRuns({
    project: session.project.config.project,
    limit,
    ...(pipeline === undefined ? {} : { pipeline }),
  });
  const interrupted = await interruptedRuns(store, found, { now: session.clock.now(), isAlive });
  const statusOf = ({ id, status }: Pick<RunRecord, "id" | "status">): string =>
    interrupted.has(id) ? "interrupted" : status;
  if (pipeline !== undefined && found.length === 0) await requirePipeline(session, pipeline);
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

/** A pipeline that was never run is known by its file; one that cannot be read may be the one that is meant. */
async function requirePipeline(session: Session, name: string): Promise<void> {
  const { found, errors } = await loadPipelines(session);
  const names = [...new Set(found.map((pipeline) => pipeline.name))];
  if (errors.length > 0 || names.includes(name)) return;
  throw new SluiceError("config", `no pipeline is named "${name}"`, {
    offending: name,
    hint: didYouMean(name, names, "pipelines"),
  });
}

function durationOf(run: RunRecord): string {
  if (run.startedAt === undefined || run.finishedAt === undefined) return "-";
  return formatDuration(Date.parse(run.finishedAt) - Date.parse(run.startedAt));
}
