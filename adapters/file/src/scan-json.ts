import type { InputFile, ReadRequest, ScannableInput } from "@sluice/core";
import type { FileAddress } from "./config.ts";
import { throwIfStopped } from "./errors.ts";
import { type FoundFile, identityOf } from "./find-files.ts";
import { prepareJson } from "./prepare-json.ts";

/**
 * Files of JSON as an engine may read them: NDJSON in scratch space. What the records hold is not looked at here.
 *
 * @throws SluiceError `data` with reason `corrupt`, `binary`, `encoding`, `empty` or `document`
 */
export async function scanJson(
  files: readonly FoundFile[],
  request: ReadRequest,
  { address, nextPath }: { readonly address: FileAddress; readonly nextPath: () => string },
): Promise<ScannableInput> {
  const { dataset, signal } = request;
  const { at, encoding } = address;
  const format = address.format === "json" ? "json" : "ndjson";
  const prepared: InputFile[] = [];
  for (const file of files) {
    throwIfStopped(signal);
    const json = await prepareJson(file, `${nextPath()}.ndjson`, { format, at, encoding, signal });
    const { path, origin, bytes, lines } = json;
    prepared.push({ path, origin, bytes, ...(lines === undefined ? {} : { lines }) });
  }
  return {
    format: "ndjson",
    groups: [{ order: dataset.columns.map((column) => column.name), files: prepared }],
    unknownKeys: dataset.partial === true ? "leave" : dataset.drift === "fail" ? "fail" : "warn",
    columns: dataset.columns,
    validate: dataset.validate,
    ...(dataset.early === undefined ? {} : { early: dataset.early }),
    identity: identityOf(files),
  };
}
