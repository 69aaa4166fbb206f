import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Address, type Cell, detailsOf, didYouMean, isSluiceError, SluiceError } from "@sluice/core";
import type { Session } from "../../composition.ts";
import { errorsOf, throwAll } from "../../failures.ts";
import { formatOptions, pathFrom } from "../../query/address-text.ts";
import { landRelation } from "../../query/land-relation.ts";
import type { LandedRows } from "../../query/land-step.ts";
import { selectRelation } from "../../query/select-inputs.ts";
import { writeRelation } from "../../query/write-relation.ts";
import { countOf } from "../arguments.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { givenParameters } from "../given-parameters.ts";
import { openLoose } from "../open-loose.ts";
import { plural } from "../output/format-values.ts";
import { printNotices } from "../output/print-notices.ts";
import { progressLine } from "../output/progress-line.ts";
import { resultTable } from "../output/result-table.ts";
import { STREAM_FORMATS, writeForPipe } from "../output/write-for-pipe.ts";
import { refuseOwnSource } from "../refuse-own-source.ts";
import { stdinFile } from "../stdin-file.ts";

const FORMATS = ["table", ...STREAM_FORMATS, "parquet"] as const;

type Format = (typeof FORMATS)[number];

/** Answers a SELECT over files, datasets, tables and standard input. */
export async function query(context: CommandContext): Promise<ExitCode> {
  const { parsed, terminal, folder } = context;
  const parameters = givenParameters(parsed.values("param"));
  const most = countOf(parsed, "rows", 100, 1);
  const out = parsed.value("out");
  const wanted = formatOf(parsed.value("format"));
  const format = wanted ?? (terminal.json ? "json" : process.stdout.isTTY === true ? "table" : "csv");
  if (out !== undefined && wanted === "table") {
    throw new SluiceError("config", "a table is for people, and is not written to a file", {
      reason: "usage",
      hint: "write csv, json, ndjson or parquet",
    });
  }
  if (format === "parquet" && out === undefined && process.stdout.isTTY === true) {
    throw new SluiceError("config", "Parquet is not for a terminal", {
      reason: "usage",
      hint: "write it to a file with --out x.parquet, or into a pipe",
    });
  }
  await using session = await openLoose(context);
  const into = out === undefined ? undefined : await outputFile(session, { out, folder, format: wanted });
  const [sql = ""] = parsed.words;
  context.texts.set(QUERY, sql);
  const select = await located(sql, async () => {
    const parser = await session.parser();
    const readStdin = (asked: string | undefined) => stdinFile(session, context, asked ?? parsed.value("stdin"));
    return await selectRelation(session, {
      sql,
      parsed: await parser.parseSelect(sql),
      folder,
      parameters,
      readStdin,
    });
  });
  const asked = { relation: select, parameterTypes: new Map<string, string>() };
  using progress = progressLine("reading");
  const request = { query: asked, parameters: {}, onEvent: progress.onEvent };
  if (into !== undefined && out !== undefined) {
    const { rows, events } = await located(sql, () =>
      refuseOwnSource(out, () => writeRelation(session, { ...request, into, mode: "replace" })),
    );
    progress[Symbol.dispose]();
    printNotices(events, terminal);
    terminal.printError(`${plural(rows, "row")} written to ${out}`);
    return 0;
  }
  if (format === "table") {
    const landed = await located(sql, () => landRelation(session, request));
    progress[Symbol.dispose]();
    printNotices(landed.events, terminal);
    const rows = await firstRows(landed, most);
    terminal.print(resultTable({ columns: landed.columns, rows, count: landed.count }, terminal).join("\n"));
    return 0;
  }
  const piped = { ...request, mode: "replace", format } as const;
  const { events, send } = await located(sql, () => writeForPipe(session, context, piped));
  progress[Symbol.dispose]();
  printNotices(events, terminal);
  await send();
  return 0;
}

/** The file of `--out`, looked at before anything is read; what is said of it is said in words of this command. */
async function outputFile(
  session: Session,
  { out, folder, format }: { readonly out: string; readonly folder: string; readonly format: Format | undefined },
): Promise<Address> {
  const refused = (says: string, hint: string): SluiceError =>
    new SluiceError("config", `--out ${out} ${says}`, { reason: "usage", offending: out, hint });
  if (/^(?:\w+:)?-$/.test(out)) {
    throw refused("is standard output, where rows go without it", "leave it out; --format says how they are written");
  }
  if (out.endsWith("/") || statSync(resolve(folder, out), { throwIfNoEntry: false })?.isDirectory() === true) {
    throw refused("is a folder", `name a file in it: --out ${join(out, `rows.${format ?? "csv"}`)}`);
  }
  const path = pathFrom(session.project.root, folder, out);
  const address: Address = { type: "file", path, ...(format === undefined ? {} : formatOptions(format)) };
  try {
    (await session.adapter("file")).parseAddress(address);
  } catch (thrown) {
    if (!isSluiceError(thrown) || thrown.reason !== "format" || format !== undefined) throw thrown;
    throw refused("does not end in what it is to hold", "say it: --format csv, tsv, json, ndjson or parquet");
  }
  return address;
}

async function firstRows(landed: LandedRows, most: number): Promise<readonly (readonly Cell[])[]> {
  const rows: (readonly Cell[])[] = [];
  for await (const batch of landed.batches()) {
    rows.push(...batch.slice(0, most - rows.length));
    if (rows.length >= most) break;
  }
  return rows;
}

function formatOf(given: string | undefined): Format | undefined {
  if (given === undefined) return undefined;
  const found = FORMATS.find((format) => format === given);
  if (found !== undefined) return found;
  throw new SluiceError("config", `--format is ${FORMATS.join(", ")}, not "${given}"`, {
    reason: "usage",
    offending: given,
    hint: didYouMean(given, FORMATS, "formats"),
  });
}

/** What stands in the place of a file where an error is one of the query. */
const QUERY = "<query>";

/** Errors of the query stand in no file: they are told at their place in its text, where that is known. */
async function located<T>(sql: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throwAll(errorsOf(thrown).map((error) => placed(error, sql)));
    throw thrown;
  }
}

function placed(error: SluiceError, sql: string): SluiceError {
  const { at, ...details } = detailsOf(error);
  if (error.code !== "config") return at?.file === "" ? new SluiceError(error.code, error.message, details) : error;
  if (error.reason === "usage" && at === undefined) return error;
  if (at !== undefined && at.file !== "") return error;
  const found = at ?? placeIn(sql, error.offending);
  return new SluiceError("config", error.message, { ...details, ...(found && { at: { ...found, file: QUERY } }) });
}

/** Where a word stands in the text, if it stands there once. */
function placeIn(
  sql: string,
  word: string | undefined,
): { readonly line: number; readonly column: number } | undefined {
  if (word === undefined || word === "") return undefined;
  const found = sql.toLowerCase();
  const start = found.indexOf(word.toLowerCase());
  if (start < 0 || found.indexOf(word.toLowerCase(), start + 1) >= 0) return undefined;
  const before = sql.slice(0, start).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
