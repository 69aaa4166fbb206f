import { isAbsolute } from "node:path";
import { SluiceError } from "@sluice/core";

/**
 * The path behind a location. Locations are never percent-decoded: no program that writes tables encodes them.
 *
 * @example
 * pathOf("file:/lake/a b.parquet"); // "/lake/a b.parquet", as for "file:///lake/a b.parquet"
 */
export function pathOf(location: string): string {
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(location)?.[1]?.toLowerCase();
  if (scheme === undefined && isAbsolute(location)) return location;
  if (scheme !== "file") {
    throw new SluiceError("unsupported", `the location ${JSON.stringify(location)} is no file of this machine`, {
      offending: location,
      hint: "tables are read from folders; copy the table to a disk, with its locations rewritten",
    });
  }
  const path = location
    .slice("file:".length)
    .replace(/^\/\/localhost\//, "/")
    .replace(/^\/{2,}/, "/");
  if (!path.startsWith("/")) {
    throw new SluiceError("data", `the location ${JSON.stringify(location)} is not absolute`, { offending: location });
  }
  return path;
}

/**
 * The location of a path, as it is written into tables.
 *
 * @example
 * locationOf("/lake/a b.parquet"); // "file:///lake/a b.parquet"
 */
export function locationOf(path: string): string {
  return `file://${path}`;
}

/** A location below another. */
export function joinLocation(folder: string, ...parts: readonly string[]): string {
  return [folder.replace(/\/+$/, ""), ...parts].join("/");
}
