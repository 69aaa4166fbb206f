import { rm } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import {
  type CsvDialect,
  type InputFile,
  nullWordsOf,
  type ReadRequest,
  type ScannableInput,
  SluiceError,
} from "@sluice/core";
import { throwIfStopped } from "./errors.ts";
import { type FoundFile, identityOf } from "./find-files.ts";
import { firstRecordIn } from "./header.ts";
import { prepareTable } from "./prepare-table.ts";
import type { PreparedText } from "./prepare-text.ts";
import { readSmall, SMALL_BYTES } from "./read-small.ts";
import { createSmallReader } from "./small-texts.ts";
import { LEAST_BUNDLED, type SmallText, TextBundles } from "./text-bundles.ts";

/**
 * Text files as an engine may read them: each under a name of ours, expanded, UTF-8, with one kind of line end, its own
 * header matched with the frozen names. Many small ones are put together.
 *
 * @param keyOf files that differ in it are never put together
 * @throws SluiceError `data` with reason `drift`, `empty`, `header`, `corrupt`, `binary` or `encoding`
 */
export async function scanText(
  files: readonly FoundFile[],
  request: ReadRequest,
  nextPath: () => string,
  keyOf: (origin: string) => string = () => "",
): Promise<ScannableInput> {
  const { dataset, signal } = request;
  const frozen = dataset.dialect;
  if (frozen === undefined) {
    throw new SluiceError("config", `the dataset "${dataset.name}" is frozen without a dialect`, {
      hint: `run "sluice sync ${dataset.name}"`,
    });
  }
  const newline = frozen.newline === "mixed" ? "lf" : frozen.newline;
  const { skip: _skip, skipEnd: _skipEnd, ragged: _ragged, looseHeader: _looseHeader, ...rest } = frozen;
  const dialect: CsvDialect = { ...rest, newline, encoding: "utf-8", compression: "none" };
  nullWordsOf(dataset.columns);
  const isMany = files.filter(({ bytes }) => bytes <= SMALL_BYTES).length >= LEAST_BUNDLED;
  const bundles = new TextBundles(dialect, dataset.columns, nextPath);
  const readSound = createSmallReader(request, frozen, newline);
  const groups = new Map<string, { order: readonly string[]; files: InputFile[] }>();
  const add = (order: readonly string[], layout: string, file: InputFile): void => {
    const group = groups.get(layout);
    if (group === undefined) groups.set(layout, { order, files: [file] });
    else group.files.push(file);
  };
  for (const [index, file] of files.entries()) {
    if (index % PAUSE === 0 || bundles.isFull) {
      throwIfStopped(signal);
      await bundles.flush();
      await setImmediate();
    }
    const key = keyOf(file.origin);
    const small = isMany ? readSound(file) : undefined;
    const placed = small === undefined ? undefined : bundles.add({ ...small, key });
    if (small !== undefined && placed !== undefined) {
      add(small.order, small.layout, placed);
      continue;
    }
    throwIfStopped(signal);
    const { text, order } = await prepareTable(file, request, { frozen, newline, nextPath });
    const layout = JSON.stringify(order);
    const copy = isMany ? readCopy(text, dialect) : undefined;
    const copied = copy === undefined ? undefined : bundles.add({ ...copy, layout, fields: order.length, key });
    if (copied === undefined) bundles.interrupt(layout);
    else await rm(text.path);
    add(order, layout, copied ?? inputOf(text));
  }
  await bundles.flush();
  return {
    format: "csv",
    groups: [...groups.values()],
    dialect,
    columns: dataset.columns,
    validate: dataset.validate,
    ...(dataset.early === undefined ? {} : { early: dataset.early }),
    identity: identityOf(files),
  };
}

/** After so many files the process looks at what else there is to do. */
const PAUSE = 256;

/** A text in scratch space that is small; undefined where it is not. */
function readCopy(text: PreparedText, dialect: CsvDialect): Omit<SmallText, "layout" | "fields" | "key"> | undefined {
  const content = readSmall(text);
  if (content === undefined) return undefined;
  const headerEnd = dialect.header ? (firstRecordIn(content, dialect)?.end ?? 0) : 0;
  return { origin: text.origin, content, firstLine: text.firstLine ?? 1, headerEnd };
}

function inputOf({ path, origin, bytes, firstLine }: PreparedText): InputFile {
  return { path, origin, bytes, ...(firstLine === undefined ? {} : { firstLine }) };
}
