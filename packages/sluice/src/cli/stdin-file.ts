import { type Address, SluiceError } from "@sluice/core";
import type { Session } from "../composition.ts";
import { formatOptions } from "../query/address-text.ts";
import type { CommandContext } from "./context.ts";
import { showAs } from "./show-as.ts";

/** What errors, warnings and rejects call it. */
const SHOWN = "standard input";
/** What its rejects and doubts call the dataset: the table that a query names. */
const NAME = "stdin";

/**
 * Standard input, kept in scratch space that goes with the session: it is read as any file is.
 *
 * @throws SluiceError `config` where it is a terminal, on which nobody types a file, or holds an archive
 */
export async function stdinFile(session: Session, context: CommandContext, format = "csv"): Promise<Address> {
  const { stdin } = process;
  if (stdin.isTTY === true) {
    throw new SluiceError("config", "standard input is a terminal, and shall be read as a table", {
      reason: "usage",
      hint: "pipe something into it: cat x.csv | sluice query … , or < x.csv",
    });
  }
  const { spool } = await import("@sluice/file");
  const { signal } = session;
  const { path } = await spool(stdin, { folder: session.scratchFolder(), origin: SHOWN, name: NAME, signal });
  showAs(SHOWN, path, { session, context });
  return { type: "file", path, ...formatOptions(format) };
}
