import { createJsonReader, type DiscoverRequest, type SluiceError, type StreamInfo } from "@sluice/core";
import { chooseColumns } from "./choose-columns.ts";
import type { FileAddress } from "./config.ts";
import { dataError, throwIfStopped } from "./errors.ts";
import type { FoundFile } from "./find-files.ts";
import { glanceJson, mayGlanceJson } from "./glance-json.ts";
import { eachLine, problemOf } from "./json-lines.ts";
import { JsonProfile } from "./json-profile.ts";
import { type PreparedJson, prepareJson } from "./prepare-json.ts";
import { streamName } from "./stream-name.ts";

/**
 * What files of JSON hold: the types from every value of all. A second pass counts what will be rejected, where something
 * was declared that need not fit.
 */
export async function discoverJson(
  files: readonly FoundFile[],
  request: DiscoverRequest,
  { address, nextPath }: { readonly address: FileAddress; readonly nextPath: () => string },
): Promise<StreamInfo> {
  const { signal } = request;
  const { at, encoding } = address;
  const format = address.format === "json" ? "json" : "ndjson";
  const early = mayGlanceJson(files, request, format)
    ? await glanceJson(files, request, { address, nextPath })
    : undefined;
  if (early !== undefined) return early;
  const profile = new JsonProfile();
  const broken = new Rejects();
  const prepared: PreparedJson[] = [];
  for (const file of files) {
    throwIfStopped(signal);
    const reading = { format, at, encoding, signal } as const;
    const json = await prepareJson(file, `${nextPath()}.ndjson`, reading);
    prepared.push(json);
    await eachLine(json, signal, (text, line, problem) => {
      const rule = problem ?? problemOf(text);
      if (rule === TOO_EARLY && format === "ndjson" && profile.records + broken.count === 0)
        throw document(file.origin);
      if (rule === undefined) profile.add(text);
      else broken.add(file.origin, line, "", rule);
      if (profile.keys > MOST_KEYS) throw tooMany(file.origin, line());
    });
  }
  if (profile.records === 0) throw nothing(address, broken);
  const formats = request.formats ?? new Map<string, string>();
  const { types, required, columns: wanted } = request;
  const { columns, warnings } = profile.finish({ types, formats, required, columns: wanted }, address.path);
  const all =
    wanted === undefined ? columns : columns.toSorted((a, b) => wanted.indexOf(a.name) - wanted.indexOf(b.name));
  const chosen = chooseColumns(all, request);
  const rejects = new Rejects();
  const reader = createJsonReader(chosen.columns);
  for (const json of prepared) {
    await eachLine(json, signal, (text, line, problem) => {
      const verdict = problem === undefined ? reader.read(text) : { column: "", rule: problem };
      if ("rule" in verdict) rejects.add(json.origin, line, verdict.column, verdict.rule);
    });
  }
  return {
    name: streamName(address.path),
    ...chosen,
    ...(wanted !== undefined && reader.unknown.size > 0 ? { partial: true as const } : {}),
    rows: profile.records + broken.count - rejects.count,
    bytes: files.reduce((total, file) => total + file.bytes, 0),
    warnings: [...warnings, ...rejects.warnings(profile.records + broken.count)],
  };
}

/** More columns than any table has; each is looked at by itself, in memory. */
const MOST_KEYS = 10_000;

/** Records whose keys are values: numbers of orders, names of people. */
function tooMany(origin: string, line: number): SluiceError {
  return dataError(
    origin,
    `cannot be a table: by line ${line} its records have more than ${MOST_KEYS} different keys, and each would be a column`,
    "keys",
    'where keys are values, read the records as text: format: "lines"',
  );
}

const TOO_EARLY = "is not JSON: it ends too early";

/** A first line that is the beginning of something longer. */
function document(origin: string): SluiceError {
  return dataError(
    origin,
    "is no NDJSON: its first line holds only the beginning of a value",
    "document",
    'where the file is one document, say format: "json"',
  );
}

function nothing(address: FileAddress, broken: Rejects): SluiceError {
  const { path, format } = address;
  if (broken.count === 0) {
    return dataError(path, "holds no record: there is nothing to find columns in", "empty");
  }
  const hint =
    format === "ndjson"
      ? 'each line must be one object; where the file is one document, say format: "json"'
      : 'each item must be an object; say where they are: at: "$.items"';
  return dataError(path, `holds no record that can be read: ${broken.first}`, "records", hint);
}

/** What will be rejected, by rule. */
class Rejects {
  count = 0;
  first = "";
  private readonly rules = new Map<string, { rows: number; readonly first: string }>();

  add(origin: string, line: () => number, column: string, rule: string): void {
    this.count += 1;
    const short = rule.startsWith("is not JSON") ? "is not JSON" : rule;
    const key = `${column.replaceAll(/\[[0-9]+\]/g, "[]")}\0${short}`;
    const seen = this.rules.get(key);
    if (seen !== undefined) {
      seen.rows += 1;
      return;
    }
    const first = `${origin} line ${line()}, ${column === "" ? "" : `"${column}" `}${rule}`;
    if (this.first === "") this.first = first;
    if (this.rules.size < 1000) this.rules.set(key, { rows: 1, first });
  }

  warnings(records: number): readonly string[] {
    return [...this.rules.values()].slice(0, 20).map(({ rows, first }) => {
      return `${rows === 1 ? "1 record" : `${rows} records`} of ${records} will be rejected: the first, ${first}`;
    });
  }
}
