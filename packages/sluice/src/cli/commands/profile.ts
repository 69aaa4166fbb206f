import { resolve } from "node:path";
import { type Relation, SluiceError } from "@sluice/core";
import type { Session } from "../../composition.ts";
import { profileSource } from "../../profile/profile-source.ts";
import { type Addressed, addressOf } from "../../query/address-text.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { openLoose } from "../open-loose.ts";
import { printNotices } from "../output/print-notices.ts";
import { profileHtml } from "../output/profile-html.ts";
import { profileText } from "../output/profile-text.ts";
import { progressLine } from "../output/progress-line.ts";
import { assertPagePlace, writePage } from "../output/write-page.ts";
import { stdinFile } from "../stdin-file.ts";

/** Shows what a source holds: types, nulls, values, and what deserves a look. */
export async function profile(context: CommandContext): Promise<ExitCode> {
  const { parsed, terminal, folder } = context;
  const html = parsed.value("html");
  const page = html === undefined ? undefined : { path: resolve(folder, html), shown: html };
  const isPrinted = html === "-";
  if (isPrinted && terminal.json) {
    throw new SluiceError("config", "--html - and --json both go to standard output", {
      reason: "usage",
      hint: "name a file for the page: --html profile.html",
    });
  }
  if (page !== undefined && !isPrinted) assertPagePlace(page);
  await using session = await openLoose(context);
  const [text = ""] = parsed.words;
  const found = await addressOf(session, { text, folder, readsDatasets: true });
  const name = "stream" in found ? "standard input" : text;
  using progress = progressLine("profiling");
  const source = await sourceOf(session, context, found);
  const { profile: made, events } = await profileSource(session, { source, name, onEvent: progress.onEvent });
  progress[Symbol.dispose]();
  printNotices(events, terminal);
  if (isPrinted) terminal.print(profileHtml(made).trimEnd());
  else if (page !== undefined) {
    writePage(page, profileHtml(made));
    terminal.printError(`written to ${page.shown}`);
  }
  if (terminal.json) terminal.print(JSON.stringify(made));
  else if (page === undefined) terminal.print(profileText(made, terminal).join("\n"));
  return 0;
}

async function sourceOf(session: Session, context: CommandContext, from: Addressed): Promise<Relation> {
  if ("dataset" in from) return { kind: "scan", source: from };
  const address = "stream" in from ? await stdinFile(session, context, from.format) : from.address;
  return { kind: "scan", source: { inline: address } };
}
