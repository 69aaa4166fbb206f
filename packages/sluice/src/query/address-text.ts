import { existsSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { type Address, closest, detailsOf, didYouMean, hasScheme, isSluiceError, SluiceError } from "@sluice/core";
import { ADAPTER_TYPES } from "../adapters.ts";
import type { Session } from "../composition.ts";
import { isPostgresUrl, postgresAddress } from "./postgres-url.ts";

/** What an address on the command line means: a dataset, a place, or standard input and output with a format. */
export type Addressed =
  | { readonly dataset: string }
  | { readonly address: Address }
  | { readonly stream: "-"; readonly format: string | undefined };

export interface AddressText {
  readonly text: string;
  /** Where relative paths start: the folder of the command. */
  readonly folder: string;
  /** Whether names of datasets are meant too. */
  readonly readsDatasets: boolean;
  /** The columns by which a folder of files, which a path then is, is parted; its files are Parquet where nothing else is said. */
  readonly partitions?: readonly string[] | undefined;
}

const FORMAT = /^([A-Za-z][A-Za-z0-9]+):(.*)$/s;
const NAME = /^[A-Za-z_][\w-]*$/;

/**
 * Reads an address, and has its adapter look at it: what an address does not say is asked for in words of addresses.
 *
 * @throws SluiceError `config` for a connection that there is not, a database without a table, a file of no known format
 */
export async function addressOf(session: Session, written: AddressText): Promise<Addressed> {
  const found = inFolder(placeOf(session, written), written.partitions);
  if (!("address" in found)) return found;
  const adapter = await session.adapter(found.address.type);
  try {
    adapter.parseAddress(found.address);
  } catch (thrown) {
    const { text } = written;
    if (!isSluiceError(thrown) || thrown.reason !== "format" || thrown.hint?.includes("!") === true) throw thrown;
    const near = written.readsDatasets ? closest(text, Object.keys(session.project.config.datasets)) : undefined;
    const hint =
      near !== undefined
        ? `did you mean the dataset "${near}"?`
        : !written.readsDatasets && isFolder(resolve(written.folder, text))
          ? `it is a folder: name a file in it, such as ${join(text, "rows.csv")}, or part it with --partitions`
          : `write what it holds before the name: csv:${text}, or parquet:, json:, ndjson:`;
    throw new SluiceError(thrown.code, thrown.message, { ...detailsOf(thrown), hint });
  }
  return found;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function inFolder(found: Addressed, partitions: readonly string[] | undefined): Addressed {
  if (partitions === undefined || !("address" in found) || found.address.type !== "file") return found;
  const { format, path } = found.address;
  const isUnsaid = format === undefined && !/\.\w+$/.test(String(path));
  return { address: { ...found.address, ...(isUnsaid ? { format: "parquet" } : {}), partitions } };
}

/**
 * Reads an address: `[format:]path[!member]`, `sqlite.connection.table`, `sqlite:file.db#table`,
 * `postgres.connection.schema.table`, `postgresql://user@host/db#schema.table`, `lake.namespace.table`,
 * `lake:folder#namespace.table`, a dataset's name, `-`.
 *
 * @example
 * placeOf(session, { text: "tsv:data.txt", folder, readsDatasets: true });
 * // { address: { type: "file", path: "data.txt", format: "csv", delimiter: "\t" } }
 * @throws SluiceError `config` for a connection that there is not, or a database without a table
 */
function placeOf(session: Session, { text, folder, readsDatasets }: AddressText): Addressed {
  const { config, root } = session.project;
  if (text === "") throw new SluiceError("config", "an address is empty", { reason: "usage" });
  if (text === "-") return { stream: "-", format: undefined };
  if (readsDatasets && Object.hasOwn(config.datasets, text)) return { dataset: text };
  const path = (written: string): string => pathFrom(root, folder, written);
  if (isPostgresUrl(text)) return { address: postgresAddress(session, text) };
  if (existsSync(resolve(folder, text))) return { address: { type: "file", path: path(text) } };
  if (/^lake\.[A-Za-z_][\w-]*\./.test(text)) return { address: { type: "lake", table: text.slice("lake.".length) } };
  const [type = "", connection = "", ...name] = text.split(".");
  const isTable = (name.length === 1 || (name.length === 2 && type === "postgres")) && !name.includes("");
  if (isTable && type !== "file" && ADAPTER_TYPES.includes(type) && NAME.test(connection)) {
    return { address: tableAddress(session, connection, name, type) };
  }
  const [, prefix = "", place = ""] = FORMAT.exec(text) ?? [];
  if (prefix === "" || place.startsWith("//")) return { address: { type: "file", path: path(text) } };
  if (prefix !== "file" && ADAPTER_TYPES.includes(prefix)) return { address: databaseAddress(prefix, place, path) };
  if (place === "-") return { stream: "-", format: prefix };
  return { address: { type: "file", path: path(place), ...formatOptions(prefix) } };
}

/** The options of a file whose format is named by a word; `tsv` is delimited text with tabs. */
export function formatOptions(format: string): { readonly format: string; readonly delimiter?: string } {
  return format === "tsv" ? { format: "csv", delimiter: "\t" } : { format };
}

/** A table of a connection of the project. */
export function tableAddress(session: Session, connection: string, name: readonly string[], type?: string): Address {
  const { connections } = session.project.config;
  const found = Object.hasOwn(connections, connection) ? connections[connection] : undefined;
  if (found === undefined) {
    throw new SluiceError("config", `no connection is named "${connection}"`, {
      offending: connection,
      hint: didYouMean(connection, Object.keys(connections), "connections"),
    });
  }
  if (type !== undefined && found.type !== type) {
    throw new SluiceError("config", `the connection "${connection}" is of type ${found.type}, not ${type}`, {
      offending: connection,
    });
  }
  const [table = "", schema] = name.toReversed();
  return { type: found.type, connection, ...(schema === undefined ? {} : { schema }), table };
}

function databaseAddress(type: string, place: string, path: (written: string) => string): Address {
  const at = place.lastIndexOf("#");
  const table = place.slice(at + 1);
  if (at < 1 || table === "") {
    throw new SluiceError("config", `${type}:${place} names no table`, {
      offending: place,
      hint: `write ${type}:${at < 0 ? place : place.slice(0, at)}#table`,
    });
  }
  return { type, path: path(place.slice(0, at)), table };
}

/** A path that a person wrote in one folder, as it is written from the project's: patterns in it stay patterns. */
export function pathFrom(root: string, folder: string, written: string): string {
  if (isAbsolute(written) || hasScheme(written)) return written;
  const between = relative(root, folder);
  if (between === "") return written;
  return isAbsolute(between) || between.startsWith("..")
    ? resolve(folder, written)
    : join(between, written).split(sep).join("/");
}
