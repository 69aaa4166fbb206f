/** A `{name}` in a command. */
export interface Placeholder {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Whether it stands inside quotes of the shell. */
  readonly quoted: boolean;
}

/**
 * The places of known names in a command; other braces are its own. Quotes count in the text of a shell only.
 *
 * @example
 * placeholdersIn("sort {crash} '{x}'", ["crash"], true); // [{ name: "crash", start: 5, end: 12, quoted: false }]
 */
export function placeholdersIn(text: string, names: readonly string[], isShell: boolean): readonly Placeholder[] {
  const found: Placeholder[] = [];
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (isShell && character === "\\" && quote !== "'") {
      at += 1;
      continue;
    }
    if (isShell && (character === "'" || character === '"')) {
      if (quote === "") quote = character;
      else if (quote === character) quote = "";
      continue;
    }
    // `${name}` is a variable of the shell.
    if (character !== "{" || (isShell && text[at - 1] === "$")) continue;
    const name = names.find((one) => text.startsWith(`${one}}`, at + 1));
    if (name === undefined) continue;
    found.push({ name, start: at, end: at + name.length + 2, quoted: quote !== "" });
    at += name.length + 1;
  }
  return found;
}
