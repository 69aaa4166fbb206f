/**
 * Files as sources and sinks: CSV and other delimited text, Parquet; one file, a glob, a template. It knows
 * `@sluice/core` and no engine: what is read is prepared in scratch space (links, expanded, UTF-8, headers matched) and
 * scanned by the engine; what is written is written aside by the engine and published here. Read first: `scan-text.ts`,
 * `discover-text.ts`, `staging.ts`.
 */

import { type Adapter, SluiceError } from "@sluice/core";
import { nameOf, parseAddress } from "./config.ts";
import { readBack } from "./read-back.ts";
import { createSink } from "./sink.ts";
import { assertTarget, CAPABILITIES, capabilitiesOf } from "./sink-assertions.ts";
import { createSource } from "./source.ts";

export { type SpooledFile, spool } from "./spool.ts";
export { type StoredType, storedType } from "./types.ts";

/**
 * The adapter of type `file`.
 *
 * @example
 * adapter.nameOf({ type: "file", format: "csv", path: "data/x.csv" }); // "data/x.csv"
 */
export const adapter: Adapter = {
  type: "file",
  source: { tellsFiles: true },
  sink: CAPABILITIES,
  sinkFor: (address) => capabilitiesOf(parseAddress(address)),
  parseAddress,
  checkTarget: (address) => assertTarget(parseAddress(address)),
  nameOf,
  readBack,
  openSource: async (address, _connection, context) => {
    if (address.path !== "-") return createSource(parseAddress(address), context);
    throw new SluiceError("config", "standard input is read by commands, not by pipelines", {
      offending: "-",
      hint: "name a file",
    });
  },
  openSink: async (address, _connection, context) => createSink(parseAddress(address), context),
};
