import { SluiceError } from "@sluice/core";

/** What an archive holds under a name. */
export interface Member {
  /** With slashes, as the archive has it; it is never used as a path. */
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other";
  /** Expanded, as the archive says. */
  readonly bytes: number;
}

/** Takes a member of the archive: undefined where nobody wants it, else what becomes of its bytes. */
export type TakeMember = (member: Member) => ((content: AsyncIterable<Buffer>) => Promise<void>) | undefined;

/** An archive that is not what it should be; `member` is the part of it that is wrong. */
export function archiveError(
  archive: string,
  says: string,
  cause?: unknown,
  hint = "fetch the archive again",
): SluiceError {
  return new SluiceError("data", `${archive} ${says}`, {
    reason: "corrupt",
    offending: archive,
    hint,
    ...(cause === undefined ? {} : { cause }),
  });
}
