import { SluiceError } from "./errors.ts";

/** How operating systems call a full disk, and what that means. */
const FULL: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "it would be larger than the file system takes",
};

/**
 * What a full disk is called, wherever it is met: an operator frees space, and no retry helps before.
 *
 * @example
 * diskFull("ENOSPC", "out/x.csv")?.message; // "out/x.csv cannot be written: no space left on the device"
 * diskFull("ENOENT", "out/x.csv"); // undefined
 */
export function diskFull(systemCode: string, name: string, cause?: unknown): SluiceError | undefined {
  const why = Object.hasOwn(FULL, systemCode) ? FULL[systemCode] : undefined;
  if (why === undefined) return undefined;
  return new SluiceError("denied", `${name} cannot be written: ${why}`, {
    reason: "disk-full",
    offending: name,
    hint: "free some space, then run it again or resume the run",
    cause,
  });
}
