import {
  type Address,
  didYouMean,
  EVOLUTIONS,
  KEYED_MODES,
  LOAD_MODES,
  type LoadSettings,
  type Relation,
  SluiceError,
  settingProblems,
} from "@sluice/core";
import type { RunEvent } from "@sluice/runtime";
import type { Session } from "../../composition.ts";
import { type Addressed, addressOf } from "../../query/address-text.ts";
import { type WriteRequest, writeRelation } from "../../query/write-relation.ts";
import { parseUnseen } from "../../trace/parse-condition.ts";
import type { Arguments } from "../arguments.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { wantsFrozen } from "../open-command.ts";
import { openLoose } from "../open-loose.ts";
import { plural } from "../output/format-values.ts";
import { printNotices } from "../output/print-notices.ts";
import { progressLine } from "../output/progress-line.ts";
import { STREAM_FORMATS, writeForPipe } from "../output/write-for-pipe.ts";
import { refuseOwnSource } from "../refuse-own-source.ts";
import { stdinFile } from "../stdin-file.ts";

/** Copies rows from one place to another, as a run of one load would. */
export async function copy(context: CommandContext): Promise<ExitCode> {
  const { parsed, folder, terminal } = context;
  const { mode, partitions, ...settings } = writingOf(parsed);
  await using session = await openLoose(context);
  const [from = "", to = ""] = parsed.words;
  const target = await addressOf(session, { text: to, folder, readsDatasets: false, partitions });
  // A folder of files is parted by the address, a table by the load.
  const isFolder = "address" in target && target.address.partitions !== undefined;
  const takesPartitions = mode === "overwrite" || (isFolder && (mode === "replace" || mode === "append"));
  if (partitions !== undefined && !takesPartitions) {
    throw new SluiceError("config", `--partitions is for overwrite and for folders of files, not ${mode}`, {
      reason: "usage",
      hint: "leave it out",
    });
  }
  const where = parsed.value("where");
  const condition = where === undefined ? undefined : await parseUnseen(session, { text: where, option: "--where" });
  const writing = {
    ...{ mode, ...settings, ...(partitions === undefined || isFolder ? {} : { partitions }) },
    ...(condition === undefined ? {} : { where: condition }),
  };
  const source = await sourceOf(
    session,
    context,
    await addressOf(session, { text: from, folder, readsDatasets: true }),
  );
  const asText = await isText(session, target);
  const query = { relation: source, parameterTypes: new Map<string, string>() };
  using progress = progressLine("copying");
  const request = { query, parameters: {}, asText, frozen: wantsFrozen(context, false), onEvent: progress.onEvent };
  if ("stream" in target) {
    const format = streamFormat(target.format);
    refuseMode(mode, to);
    const { events, send } = await writeForPipe(session, context, { ...request, format, mode });
    progress[Symbol.dispose]();
    printNotices(events, terminal);
    await send();
    return 0;
  }
  if ("dataset" in target) throw new SluiceError("internal", "a dataset is no target");
  const into = target.address;
  const written = await refuseOwnSource(to, () => writeRelation(session, { ...request, ...writing, into }));
  progress[Symbol.dispose]();
  printNotices(written.events, terminal);
  const { rows, rejected, commit } = written;
  if (terminal.json) terminal.print(JSON.stringify({ from, to, mode, rows, rejected, commit: commit ?? null }));
  else terminal.print(`${plural(rows, "row")} copied to ${to}${changesOf(commit, mode)}`);
  return 0;
}

function changesOf(commit: Extract<RunEvent, { event: "stage.finished" }>["commit"], mode: string): string {
  if (commit === undefined || mode === "replace" || mode === "append") return "";
  const { inserted = 0, updated = 0, deleted = 0, unchanged = 0 } = commit;
  const gone = deleted === 0 ? "" : `${deleted} deleted, `;
  return ` (${inserted} inserted, ${updated} updated, ${gone}${unchanged} unchanged)`;
}

async function sourceOf(session: Session, context: CommandContext, from: Addressed): Promise<Relation> {
  if ("dataset" in from) return { kind: "scan", source: from };
  const address = "stream" in from ? await stdinFile(session, context, from.format) : from.address;
  return { kind: "scan", source: { inline: address } };
}

/** From text to text nothing is typed, so that nothing changes: `007` stays, and so does `1.50`. */
async function isText(session: Session, target: Addressed): Promise<boolean> {
  if ("dataset" in target) return false;
  if ("stream" in target) return ["csv", "tsv"].includes(target.format ?? "csv");
  const { type } = target.address;
  const parsed: Address = (await session.adapter(type)).parseAddress(target.address);
  return type === "file" && parsed.format === "csv";
}

function streamFormat(given: string | undefined): (typeof STREAM_FORMATS)[number] | "parquet" {
  if (given === undefined) return "csv";
  const known = [...STREAM_FORMATS, "parquet"] as const;
  const found = known.find((format) => format === given);
  if (found !== undefined) return found;
  throw new SluiceError("config", `standard output is not written as "${given}"`, {
    reason: "usage",
    offending: given,
    hint: didYouMean(given, known, "formats"),
  });
}

function writingOf(parsed: Arguments): Pick<WriteRequest, "mode" | keyof LoadSettings> {
  const given = parsed.value("mode") ?? (parsed.value("key") === undefined ? "replace" : "merge");
  const usage = (message: string, hint: string | undefined): SluiceError =>
    new SluiceError("config", message, { reason: "usage", ...(hint === undefined ? {} : { hint }) });
  const mode = LOAD_MODES.find((one) => one === given);
  if (mode === undefined) {
    throw usage(`--mode is ${LOAD_MODES.join(", ")}, not "${given}"`, didYouMean(given, LOAD_MODES, "modes"));
  }
  const columns = (option: string): readonly string[] | undefined => {
    const names = parsed.value(option)?.split(",");
    const trimmed = names?.map((name) => name.trim());
    if (trimmed?.includes("")) throw usage(`--${option} names no column`, `name the columns: --${option} id,day`);
    return trimmed;
  };
  const [key, partitions] = [columns("key"), columns("partitions")];
  if (KEYED_MODES.includes(mode) && key === undefined) {
    throw usage(`--mode ${mode} needs --key`, "name the columns: --key id");
  }
  if (!KEYED_MODES.includes(mode) && key !== undefined) {
    throw usage(`--key is for ${KEYED_MODES.join(", ")}, not ${mode}`, "leave it out");
  }
  if (parsed.value("where") !== undefined && (mode !== "overwrite" || partitions !== undefined)) {
    const hint = mode === "overwrite" ? "leave --partitions or --where out" : `with ${mode}, filter what is copied`;
    throw usage("--where is for --mode overwrite, in place of --partitions", hint);
  }
  const missing = parsed.value("missing");
  if (missing !== undefined && missing !== "delete") throw usage(`--missing is delete, not "${missing}"`, undefined);
  const way = parsed.value("evolve");
  const evolve = EVOLUTIONS.find((one) => one === way);
  if (way !== undefined && evolve === undefined) {
    throw usage(`--evolve is ${EVOLUTIONS.join(", ")}, not "${way}"`, didYouMean(way, EVOLUTIONS, "ways"));
  }
  const deleteFlag = parsed.value("delete-flag");
  const newerBy = parsed.value("newer-by");
  const takeOver = parsed.value("take-over");
  const settings = {
    ...(key === undefined ? {} : { key }),
    ...(partitions === undefined ? {} : { partitions }),
    ...(deleteFlag === undefined ? {} : { deleteFlag }),
    ...(newerBy === undefined ? {} : { newerBy }),
    ...(missing === undefined ? {} : { missing: "delete" as const }),
    ...(evolve === undefined ? {} : { evolve }),
    ...(takeOver === undefined ? {} : { takeOver }),
  };
  // Partitions may be those of a folder, of which every mode knows.
  const { partitions: parting, ...others } = settings;
  const [problem] = settingProblems(mode, mode === "overwrite" && parting ? settings : others);
  if (problem !== undefined) throw usage(problem.message, problem.hint);
  return { mode, ...settings };
}

function refuseMode(mode: string, to: string): void {
  if (mode === "replace") return;
  throw new SluiceError("config", `standard output has no mode "${mode}"`, {
    reason: "usage",
    offending: to,
    hint: "leave --mode out",
  });
}
