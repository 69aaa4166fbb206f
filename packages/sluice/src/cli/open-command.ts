import { openSession, type Session } from "../composition.ts";
import { loadProject } from "../project/load-config.ts";
import type { CommandContext } from "./context.ts";
import { isBuildServer } from "./output/terminal.ts";

/** The project of a command, with everything it may open. */
export async function openCommand(context: CommandContext): Promise<Session> {
  const project = await loadProject({
    folder: context.folder,
    project: context.parsed.value("project"),
    environment: context.environment,
    guarded: true,
  });
  context.signal.throwIfAborted();
  context.terminal.redactWith(project.secrets.redact);
  return openSession(project, context.signal);
}

/** Whether rows that are not frozen are errors: asked for, or on a build server. */
export function wantsFrozen(context: CommandContext, isDefaultInCi: boolean): boolean {
  return context.parsed.flag("frozen") || (isDefaultInCi && isBuildServer(context.environment));
}
