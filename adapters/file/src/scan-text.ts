import { rename } from "node:fs/promises";
import { type CsvDialect, type FileGroup, type ReadRequest, type ScannableInput, SluiceError } from "@sluice/core";
import { throwIfStopped } from "./errors.ts";
import { type FoundFile, identityOf } from "./find-files.ts";
import { assertHeader, readFirstRecord } from "./header.ts";
import { matchHeader } from "./match-header.ts";
import { normaliseLines } from "./normalise-lines.ts";
import { type PreparedText, prepareText } from "./prepare-text.ts";

/**
 * Text files as an engine may read them: each under a name of ours, expanded, UTF-8, with one kind of line end, its own
 * header matched with the frozen names.
 *
 * @throws SluiceError `data` with reason `drift`, `empty`, `header`, `corrupt`, `binary` or `encoding`
 */
export async function scanText(
  files: readonly FoundFile[],
  request: ReadRequest,
  nextPath: () => string,
): Promise<ScannableInput> {
  const { dataset, signal, warn } = request;
  const frozen = dataset.dialect;
  if (frozen === undefined) {
    throw new SluiceError("config", `the dataset "${dataset.name}" is frozen without a dialect`, {
      hint: `run "sluice sync ${dataset.name}"`,
    });
  }
  const newline = frozen.newline === "mixed" ? "lf" : frozen.newline;
  const groups = new Map<string, { order: readonly string[]; files: PreparedText[] }>();
  for (const file of files) {
    throwIfStopped(signal);
    const path = nextPath();
    const prepared = await prepareText(file, `${path}.csv`, { encoding: frozen.encoding, signal });
    const first = await readFirstRecord(prepared, frozen);
    if (frozen.header) assertHeader(file.origin, first);
    const order = frozen.header
      ? matchHeader(dataset, first?.fields ?? [], { origin: file.origin, warn })
      : dataset.columns.map((column) => column.name);
    const isPlain = first === undefined || (first.line === 1 && (first.newline ?? newline) === newline);
    const text =
      isPlain && frozen.newline !== "mixed"
        ? prepared
        : await normalised(prepared, `${path}-lines.csv`, {
            dialect: frozen,
            fields: order.length,
            from: first?.newline,
            newline,
            signal,
          });
    const key = JSON.stringify(order);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { order, files: [text] });
    else group.files.push(text);
  }
  const dialect: CsvDialect = { ...frozen, newline, encoding: "utf-8", compression: "none" };
  return {
    format: "csv",
    groups: [...groups.values()].map(
      ({ order, files: texts }): FileGroup => ({
        order,
        files: texts.map(({ path, origin, bytes }) => ({ path, origin, bytes })),
      }),
    ),
    dialect,
    columns: dataset.columns,
    validate: dataset.validate,
    identity: identityOf(files),
  };
}

async function normalised(
  text: PreparedText,
  target: string,
  options: {
    readonly dialect: CsvDialect;
    readonly fields: number;
    readonly from: "lf" | "crlf" | "cr" | undefined;
    readonly newline: "lf" | "crlf" | "cr";
    readonly signal: AbortSignal;
  },
): Promise<PreparedText> {
  const { dialect, fields, from, newline, signal } = options;
  const own: CsvDialect = { ...dialect, newline: from === "cr" ? "cr" : "lf" };
  const bytes = await normaliseLines(text, target, { dialect: own, fields, newline, signal });
  // The first copy is gone as soon as it is not needed: scratch space is short when files are long.
  await rename(target, text.path);
  return { ...text, bytes };
}
