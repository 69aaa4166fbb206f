import { SluiceError } from "../errors.ts";

const SCHEME = /^([a-z][a-z0-9+.-]+):\/\//i;

/** Whether a text is an address with a scheme (`https://…`, `s3://…`), and so no path. */
export function hasScheme(text: string): boolean {
  return SCHEME.test(text);
}

/**
 * Refuses what is no path of this machine: as one it would be a folder called `https:`.
 *
 * @example
 * assertLocalPath("s3://bucket/x.csv"); // throws: "sluice does not read or write s3 addresses yet: s3://bucket/x.csv"
 * @throws SluiceError `unsupported`
 */
export function assertLocalPath(path: string): void {
  const scheme = SCHEME.exec(path)?.[1]?.toLowerCase();
  if (scheme === undefined) return;
  if (scheme === "file") {
    throw new SluiceError("unsupported", `files are named by their path, not as an address of the web: ${path}`, {
      offending: path,
      reason: "scheme",
      hint: `write ${path.replace(/^file:\/\/(?:localhost(?=\/))?/i, "")}`,
    });
  }
  throw new SluiceError("unsupported", `sluice does not read or write ${scheme} addresses yet: ${path}`, {
    offending: path,
    reason: "scheme",
    hint: "download it first and name the file; to write there, write a file and upload it",
  });
}
