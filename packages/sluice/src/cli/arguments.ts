import { parseArgs } from "node:util";
import { didYouMean, SluiceError } from "@sluice/core";
import {
  COMMAND_NAMES,
  COMMANDS,
  type CommandName,
  commandAt,
  GENERAL_OPTIONS,
  isCommand,
  type OptionHelp,
  optionsOf,
} from "./help.ts";

/** A command line, taken apart and checked against what its command declares. */
export interface Arguments {
  readonly command: CommandName;
  readonly words: readonly string[];
  /** The value of an option, or undefined where it was not given. */
  value(name: string): string | undefined;
  values(name: string): readonly string[];
  flag(name: string): boolean;
}

/** A query that begins with a comment, as one out of a file may, is no option: none has a blank or an end of line in its name. */
const COMMENT = /^--(?:\s|[^=\n]*\n)/;
const MARK = "\u0000";

const usageError = (message: string, hint: string): SluiceError =>
  new SluiceError("config", message, { hint, reason: "usage" });

/**
 * Reads the words of a command line.
 *
 * @throws SluiceError `config` with reason `usage`, naming the closest right word
 */
export function parseArguments(words: readonly string[]): Arguments {
  const at = commandAt(words);
  const command = words[at];
  if (command === undefined) throw withoutCommand(words);
  if (command === "help") {
    const asked = words[at + 1] ?? "";
    throw usageError(`"${asked}" is not a command`, didYouMean(asked, COMMAND_NAMES, "commands"));
  }
  if (!isCommand(command)) {
    throw usageError(`"${command}" is not a command`, didYouMean(command, COMMAND_NAMES, "commands"));
  }
  const rest = words.toSpliced(at, 1);
  const declared = optionsOf(command);
  const { tokens } = parseArgs({
    args: rest.map((word) => (COMMENT.test(word) ? `${MARK}${word}` : word)),
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      declared.map((option) => [option.name, { type: option.value === undefined ? "boolean" : "string" } as const]),
    ),
  });
  const found = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value.replace(MARK, ""));
    if (token.kind !== "option") continue;
    const option = declaredOption(command, declared, token.name, token.rawName);
    found.set(option.name, [
      ...takenValues(option, found),
      valueGiven(command, option, token.value?.replace(MARK, "")),
    ]);
  }
  checkWords(command, positionals);
  return {
    command,
    words: positionals,
    value: (name) => found.get(name)?.[0],
    values: (name) => found.get(name) ?? [],
    flag: (name) => found.has(name),
  };
}

function withoutCommand(words: readonly string[]): SluiceError {
  const known: readonly string[] = GENERAL_OPTIONS;
  const other = words.find((word) => word.startsWith("-") && !known.includes(word.replace(/=.*$/s, "")));
  if (other === undefined) return usageError("no command is given", 'run "sluice --help" for all commands');
  return usageError(`"sluice" has no option "${other}"`, didYouMean(other, known, "its options"));
}

function declaredOption(
  command: CommandName,
  declared: readonly OptionHelp[],
  name: string,
  written: string,
): OptionHelp {
  const option = declared.find((candidate) => candidate.name === name);
  if (option !== undefined && written.startsWith("--")) return option;
  const names = declared.map((candidate) => `--${candidate.name}`);
  throw usageError(`"sluice ${command}" has no option "${written}"`, didYouMean(written, names, "its options"));
}

function takenValues(option: OptionHelp, found: ReadonlyMap<string, string[]>): readonly string[] {
  const taken = found.get(option.name);
  if (taken === undefined) return [];
  if (option.repeated === true || option.value === undefined) return taken;
  throw usageError(`--${option.name} is given twice`, "give it once");
}

function valueGiven(command: CommandName, option: OptionHelp, value: string | undefined): string {
  if (option.value === undefined) {
    if (value === undefined) return "";
    throw usageError(`--${option.name} takes no value, it was given "${value}"`, `write --${option.name} alone`);
  }
  if (value !== undefined) return value;
  throw usageError(`--${option.name} needs a value`, `sluice ${command} --${option.name} <${option.value}>`);
}

function checkWords(command: CommandName, words: readonly string[]): void {
  const { usage, words: range } = COMMANDS[command];
  const [least, most] = range as readonly [number, number];
  if (words.length < least) {
    throw usageError(
      `"sluice ${command}" needs ${wordsOf(usage).slice(0, least).join(" and ")}`,
      `usage: sluice ${usage}`,
    );
  }
  if (words.length > most) {
    throw usageError(`"sluice ${command}" does not take "${words[most]}"`, `usage: sluice ${usage}`);
  }
}

/** The words of a usage behind the command: `<from>` and `<to>`. */
function wordsOf(usage: string): readonly string[] {
  return usage.match(/<[^>]*>|"<[^>]*>"|\[[^\]]*\]/g) ?? [];
}

const MOST = 999_999_999;

/** The whole number given for an option. */
export function countOf(parsed: Arguments, name: string, fallback: number, least = 0): number {
  const text = parsed.value(name);
  if (text === undefined) return fallback;
  if (/^\d+$/.test(text) && Number(text) >= least && Number(text) <= MOST) return Number(text);
  if (/^\d+$/.test(text) && Number(text) > MOST)
    throw usageError(`--${name} is at most ${MOST}, not "${text}"`, `for example --${name} ${fallback}`);
  throw usageError(
    `--${name} is a whole number${least === 0 ? "" : ` from ${least} on`}, not "${text}"`,
    `for example --${name} ${fallback}`,
  );
}
