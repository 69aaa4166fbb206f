import {
  type CsvDialect,
  type FileGroup,
  nullWordsOf,
  type ReadRequest,
  type ScannableInput,
  SluiceError,
} from "@sluice/core";
import { cutText, tableRange } from "./cut-text.ts";
import { throwIfStopped } from "./errors.ts";
import { type FoundFile, identityOf } from "./find-files.ts";
import { assertHeader, readFirstRecord } from "./header.ts";
import { printHeader } from "./loose-header.ts";
import { matchHeader } from "./match-header.ts";
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
    const range = await tableRange(prepared, frozen);
    const first = await readFirstRecord(prepared, frozen, range);
    if (frozen.header) assertHeader(file.origin, first);
    const order = frozen.header
      ? matchHeader(dataset, first?.fields ?? [], { origin: file.origin, warn })
      : dataset.columns.map((column) => column.name);
    const isPlain = first === undefined || (first.line === 1 && (first.newline ?? newline) === newline);
    const isAllTable = range === undefined && frozen.comment === undefined && frozen.ragged === undefined;
    const isSound = frozen.looseHeader !== true;
    const text =
      isPlain && frozen.newline !== "mixed" && isAllTable && isSound
        ? prepared
        : await cutText(prepared, `${path}-lines.csv`, {
            dialect: frozen,
            fields: order.length,
            first,
            header: isSound ? undefined : printHeader(first?.fields ?? [], frozen),
            range,
            newline,
            signal,
          });
    const key = JSON.stringify(order);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { order, files: [text] });
    else group.files.push(text);
  }
  const { skip: _skip, skipEnd: _skipEnd, ragged: _ragged, looseHeader: _looseHeader, ...rest } = frozen;
  const dialect: CsvDialect = { ...rest, newline, encoding: "utf-8", compression: "none" };
  nullWordsOf(dataset.columns);
  return {
    format: "csv",
    groups: [...groups.values()].map(
      ({ order, files: texts }): FileGroup => ({
        order,
        files: texts.map(({ path, origin, bytes, firstLine }) => ({
          path,
          origin,
          bytes,
          ...(firstLine === undefined ? {} : { firstLine }),
        })),
      }),
    ),
    dialect,
    columns: dataset.columns,
    validate: dataset.validate,
    identity: identityOf(files),
  };
}
