import { type DiscoverRequest, type FrozenColumn, type LogicalType, parseType, type StreamInfo } from "@sluice/core";
import type { FileAddress } from "./config.ts";
import { EARLY_BYTES, GLANCE_BYTES, LEAST_EARLY_BYTES } from "./confirm-glance.ts";
import type { FoundFile } from "./find-files.ts";
import { eachLine, problemOf } from "./json-lines.ts";
import { JsonProfile } from "./json-profile.ts";
import { JSON_FORMS } from "./number-forms.ts";
import { prepareJson } from "./prepare-json.ts";
import { streamName } from "./stream-name.ts";

/** Whether the start of files may stand for all of them: they are long, and nothing was said of their columns. */
export function mayGlanceJson(
  files: readonly FoundFile[],
  { mayBeEarly, types, formats, required, columns }: DiscoverRequest,
  format: "json" | "ndjson",
): boolean {
  if (mayBeEarly !== true || format === "json" || columns !== undefined) return false;
  const bytes = files.reduce((total, file) => total + file.bytes, 0);
  return bytes >= LEAST_EARLY_BYTES && types.size + (formats?.size ?? 0) + required.length === 0;
}

/**
 * What the first records of NDJSON hold, where more records of the same kinds would not change it; undefined where any place of
 * them is in doubt. That a further record is of the same kinds, the strict read sees: another key, another shape, a number in
 * another form or a text of another layout does not fit what it expects.
 */
export async function glanceJson(
  files: readonly FoundFile[],
  request: DiscoverRequest,
  { address, nextPath }: { readonly address: FileAddress; readonly nextPath: () => string },
): Promise<StreamInfo | undefined> {
  const { signal } = request;
  const [first] = files;
  if (first === undefined) return undefined;
  const { encoding } = address;
  const json = await prepareJson(first, `${nextPath()}.ndjson`, { format: "ndjson", at: undefined, encoding, signal });
  for (const bytes of [EARLY_BYTES, GLANCE_BYTES]) {
    const profile = new JsonProfile();
    let isSound = true;
    const take = (text: string, _line: unknown, problem: string | undefined): void => {
      if ((problem ?? problemOf(text)) !== undefined) isSound = false;
      else profile.add(text);
    };
    await eachLine(json, signal, take, bytes);
    if (!isSound || profile.records === 0) return undefined;
    const declared = { types: request.types, formats: new Map<string, string>(), required: [], columns: undefined };
    const { columns, warnings } = profile.finish(declared, address.path);
    if (warnings.length > 0 || !columns.every(isPlain)) continue;
    return {
      name: streamName(address.path),
      columns,
      bytes: files.reduce((total, file) => total + file.bytes, 0),
      early: JSON_FORMS,
      warnings: [],
    };
  }
  return undefined;
}

/** Of more keys, warnings depend on how many records have each. */
const MOST_FIELDS = 50;

function isPlain({ type }: FrozenColumn): boolean {
  return isPlainType(parseType(type));
}

/** A type that no further value of its kind could change: of `json` and decimals, one could. */
function isPlainType(type: LogicalType): boolean {
  switch (type.kind) {
    case "list":
      return isPlainType(type.item);
    case "struct":
      return type.fields.length <= MOST_FIELDS && type.fields.every(([, field]) => isPlainType(field));
    case "json":
    case "decimal":
    case "map":
      return false;
    default:
      return true;
  }
}
