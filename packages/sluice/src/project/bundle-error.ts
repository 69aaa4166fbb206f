import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { detailsOf, didYouMean, isSluiceError, SluiceError } from "@sluice/core";
import type { Message } from "esbuild";
import { whileReading } from "./own-folder.ts";

/** What esbuild says is wrong with an entry, or with what it imports, at the author's own line. */
export function errorOfMessage(message: Message, root: string, entry: string): SluiceError {
  const { location, text, detail } = message;
  // What our own loader threw: to esbuild it is an error of a plugin.
  if (isSluiceError(detail)) return detail;
  const file = location === null ? entry : resolve(root, location.file);
  const at =
    location === null ? { file } : { file, line: location.line, column: columnOf(location.lineText, location.column) };
  // What is no script esbuild reads itself: data in JSON, text.
  const unread = /^Cannot read file "(.*)": /.exec(text)?.[1];
  const refused = unread === undefined ? undefined : readFailure(resolve(root, unread));
  if (refused !== undefined) return new SluiceError(refused.code, refused.message, { ...detailsOf(refused), at });
  const offending = location === null ? undefined : offendingOf(location.lineText, location.column, location.length);
  // Of the entry itself esbuild says only that it is not there.
  const failure = location === null ? readFailure(entry) : undefined;
  if (failure !== undefined) return failure;
  const unresolved = /^Could not resolve "(.*)"$/.exec(text)?.[1];
  const hint = unresolved === undefined ? message.notes[0]?.text : resolveHint(unresolved, file);
  const said = unresolved === undefined ? lowerFirst(text) : `"${unresolved}" cannot be found from ${basename(file)}`;
  return new SluiceError("config", said, {
    at,
    ...(offending === undefined ? {} : { offending }),
    ...(hint === undefined ? {} : { hint }),
  });
}

function readFailure(file: string): SluiceError | undefined {
  try {
    whileReading(file, () => readFileSync(file));
    return undefined;
  } catch (thrown) {
    return isSluiceError(thrown) ? thrown : undefined;
  }
}

/** esbuild counts columns in bytes of UTF-8 from 0. */
function columnOf(line: string, bytes: number): number {
  return Buffer.from(line).subarray(0, bytes).toString("utf8").length + 1;
}

function offendingOf(line: string, start: number, length: number): string | undefined {
  const text = Buffer.from(line)
    .subarray(start, start + length)
    .toString("utf8");
  return text === "" ? undefined : text;
}

function resolveHint(specifier: string, file: string): string {
  if (!specifier.startsWith(".")) return `install the package "${specifier}", or correct its name`;
  const wanted = resolve(dirname(file), specifier);
  if (basename(dirname(wanted)) === "schemas") return 'run "sluice sync" to make the schemas';
  const folder = dirname(wanted);
  const names = siblings(folder).map((name) => `./${relative(dirname(file), join(folder, name))}`);
  return didYouMean(specifier, names.slice(0, 500), "files beside it");
}

function siblings(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const lowerFirst = (text: string): string => (/^[A-Z][a-z]/.test(text) ? text[0]?.toLowerCase() + text.slice(1) : text);
