import { diskFull } from "./disk-full.ts";
import { type ErrorCode, SluiceError } from "./errors.ts";

interface Meaning {
  readonly code: ErrorCode;
  readonly says: string;
  readonly hint?: string;
}

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ENOENT: { code: "missing", says: "does not exist" },
  ENOTDIR: { code: "missing", says: "does not exist: a part of its path is a file" },
  EACCES: { code: "denied", says: "may not be opened by this user", hint: "allow it with chmod, or run as its owner" },
  EPERM: { code: "denied", says: "may not be changed by this user", hint: "look at the rights of its folder" },
  EROFS: { code: "denied", says: "is on a file system that cannot be written" },
  EISDIR: { code: "config", says: "is a folder, not a file" },
  ELOOP: { code: "config", says: "is a symbolic link that leads to itself" },
  ENAMETOOLONG: { code: "config", says: "has a name that the file system does not take" },
  EMFILE: { code: "unavailable", says: "cannot be opened: too many files are open" },
  ENFILE: { code: "unavailable", says: "cannot be opened: too many files are open" },
  EIO: { code: "unavailable", says: "cannot be read or written: the device failed to answer" },
  EBUSY: { code: "unavailable", says: "is in use" },
  ETXTBSY: { code: "unavailable", says: "is in use" },
};

/** The word of the operating system for an error, for example `ENOENT`; "" for other errors. */
export function systemCode(error: unknown): string {
  const code = error instanceof Error ? (error as { readonly code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "";
}

/**
 * What an error of the file system means, wherever it is met; undefined for an error that is none. `name` is the file as people see it.
 *
 * @example
 * fileFailure(error, "data/x.csv")?.message; // "data/x.csv may not be opened by this user"
 */
export function fileFailure(error: unknown, name: string): SluiceError | undefined {
  const code = systemCode(error);
  const full = diskFull(code, name, error);
  if (full !== undefined) return full;
  const meaning = Object.hasOwn(MEANINGS, code) ? MEANINGS[code] : undefined;
  if (meaning === undefined) return undefined;
  return new SluiceError(meaning.code, `${name} ${meaning.says}`, {
    offending: name,
    cause: error,
    ...(meaning.hint === undefined ? {} : { hint: meaning.hint }),
  });
}
