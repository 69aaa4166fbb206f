import type { Session } from "../composition.ts";
import type { CommandContext } from "./context.ts";

/** From here on, whatever is printed calls a file in scratch space by what it stands for. */
export function showAs(
  shown: string,
  path: string,
  { session, context }: { readonly session: Session; readonly context: CommandContext },
): void {
  const short = session.short(path);
  context.terminal.redactWith((text) => text.replaceAll(path, shown).replaceAll(short, shown));
}
