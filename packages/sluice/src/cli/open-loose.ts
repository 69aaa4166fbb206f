import { isSluiceError } from "@sluice/core";
import { openSession, type Session } from "../composition.ts";
import { findProject } from "../project/find-project.ts";
import { looseProject } from "../query/loose-project.ts";
import type { CommandContext } from "./context.ts";
import { openCommand } from "./open-command.ts";

/** The project of a command that works without one too: where there is none, files are read from the folder it is called in. */
export async function openLoose(context: CommandContext): Promise<Session> {
  const { folder, parsed, signal } = context;
  if (parsed.value("project") === undefined && !isInProject(folder)) {
    const project = looseProject(folder);
    // An address may hold a password.
    context.terminal.redactWith(project.secrets.redact);
    return openSession(project, signal);
  }
  return await openCommand(context);
}

function isInProject(folder: string): boolean {
  try {
    findProject({ folder });
    return true;
  } catch (thrown) {
    if (isSluiceError(thrown)) return false;
    throw thrown;
  }
}
