/** What every command is called, takes and does. Plain values without imports, so that help needs nothing else. */
export interface CommandHelp {
  readonly usage: string;
  readonly summary: string;
  readonly options: readonly OptionHelp[];
  /** How many words may follow; `many` for any number. */
  readonly words: readonly [least: number, most: number];
}

export interface OptionHelp {
  readonly name: string;
  /** Absent for a flag. */
  readonly value?: string;
  readonly repeated?: true;
  readonly summary: string;
}

const COMMON: readonly OptionHelp[] = [
  { name: "project", value: "dir", summary: "the folder of the project; found upward from here where absent" },
  { name: "json", summary: "print JSON for programs instead of text for people" },
  { name: "verbose", summary: "print stacks and what is normally left out" },
  { name: "help", summary: "print this" },
];

const PARAMETER: OptionHelp = {
  name: "param",
  value: "name=value",
  repeated: true,
  summary: "give a parameter of the pipeline its value; may be repeated",
};
const ANY = Number.POSITIVE_INFINITY;

export const COMMANDS = {
  init: {
    usage: "init [dir]",
    summary: "write a small project that runs: configuration, data, schema, pipeline",
    options: [],
    words: [0, 1],
  },
  run: {
    usage: "run [pipeline]",
    summary: "run a pipeline; without a name the only one there is",
    options: [
      { name: "step", value: "step", summary: "only this step and what it needs" },
      PARAMETER,
      { name: "resume", value: "run", summary: "go on with a run that did not finish" },
      { name: "reread", summary: "with --resume: read sources again that have changed since" },
      {
        name: "from-stage",
        value: "when",
        summary: "read persistent datasets from a kept copy, not the source: latest, a time, or the copy's name",
      },
      { name: "frozen", summary: "refuse rows whose schema is not frozen" },
    ],
    words: [0, 1],
  },
  plan: {
    usage: "plan [pipeline]",
    summary: "show what a run would do: graph, stages and why, schemas, SQL, reads and writes",
    options: [{ name: "frozen", summary: "refuse rows whose schema is not frozen" }],
    words: [0, 1],
  },
  list: { usage: "list", summary: "list pipelines and datasets", options: [], words: [0, 0] },
  show: {
    usage: "show <pipeline|dataset|connection>",
    summary: "show a pipeline's steps, a dataset's columns, the tables of a connection, a table's columns",
    options: [],
    words: [1, 1],
  },
  preview: {
    usage: "preview <pipeline> <step>",
    summary: "compute the first rows of a step, writing nothing",
    options: [{ name: "limit", value: "n", summary: "how many rows; 20 where absent" }, PARAMETER],
    words: [2, 2],
  },
  trace: {
    usage: "trace <table>",
    summary: "show where rows of a step or table came from, and what took others out",
    options: [
      { name: "where", value: "condition", summary: "the rows, as an expression over the columns of the table" },
      { name: "why-not", value: "condition", summary: "the same, for rows that are missing: only what takes them out" },
      PARAMETER,
    ],
    words: [1, 1],
  },
  check: {
    usage: "check",
    summary: "find every mistake that can be known without running",
    options: [{ name: "frozen", summary: "untyped rows are errors; the default where CI is set" }],
    words: [0, 0],
  },
  sync: {
    usage: "sync [name…]",
    summary: "look at the sources once and freeze their schemas in schemas/",
    options: [{ name: "accept", summary: "take over what has changed, also where the dataset's policy is to fail" }],
    words: [0, ANY],
  },
  query: {
    usage: 'query "<sql>"',
    summary: "answer a SELECT over files, datasets, tables and standard input",
    options: [
      {
        name: "format",
        value: "format",
        summary: "table, csv, tsv, json, ndjson or parquet; a table on a terminal, else csv",
      },
      { name: "out", value: "file", summary: "write the rows to a file; its ending says the format" },
      { name: "stdin", value: "format", summary: "what the table stdin holds; csv where absent" },
      { name: "rows", value: "n", summary: "how many rows of a table are shown; 100 where absent" },
      { ...PARAMETER, summary: "give $name of the query its value; may be repeated" },
    ],
    words: [1, 1],
  },
  copy: {
    usage: "copy <from> <to>",
    summary: "copy rows from one place to another: files, datasets, tables, standard input and output",
    options: [
      {
        name: "mode",
        value: "mode",
        summary: "replace (where absent), append, merge, insert-only, delete+insert, overwrite",
      },
      { name: "key", value: "columns", summary: "the columns that tell rows apart, divided by commas; says merge" },
      {
        name: "partitions",
        value: "columns",
        summary: "the columns whose values overwrite replaces, or that part a folder",
      },
      { name: "where", value: "condition", summary: "with overwrite: the rows that go, in place of partitions" },
      { name: "delete-flag", value: "column", summary: "with merge: where it is true, the row is deleted" },
      { name: "newer-by", value: "column", summary: "with merge: only rows with more in it replace others" },
      { name: "missing", value: "delete", summary: "with merge: rows that did not arrive are deleted" },
      { name: "evolve", value: "way", summary: "how far the target may change: fail, add (where absent), widen" },
      { name: "take-over", value: "table", summary: "a table that sluice did not make and may drop or alter" },
      { name: "frozen", summary: "refuse sources whose schema is not frozen" },
    ],
    words: [2, 2],
  },
  reconcile: {
    usage: "reconcile <a> <b>",
    summary: "compare two sources by value: rows, nulls, sums and hashes, and with --key row by row",
    options: [
      { name: "key", value: "columns", summary: "the columns that tell rows apart, divided by commas" },
      { name: "columns", value: "columns", summary: "only these; all that both have where absent" },
    ],
    words: [2, 2],
  },
  profile: {
    usage: "profile <address>",
    summary: "show what a source holds: types, nulls, values, histograms, patterns, warnings",
    options: [{ name: "html", value: "file", summary: "write one self-contained page" }],
    words: [1, 1],
  },
  table: {
    usage: "table <list|show|history|diff|rollback|delete|compact|expire|clean|drop> [table]",
    summary: "look at the tables of the lake, go back to an old version, put small files together",
    options: [
      { name: "sort", value: "columns", summary: "with compact: sort the rows of new files by these columns" },
      {
        name: "target-size",
        value: "size",
        summary: "with compact: how large files shall be, roughly; 128MB where absent",
      },
      {
        name: "keep",
        value: "n",
        summary: "with expire: all but so many of the newest snapshots go, whatever their age",
      },
      { name: "where", value: "condition", summary: "with delete: which rows go" },
      {
        name: "older-than",
        value: "time",
        summary:
          "with clean: files younger than this stay, since a load may be writing them; 3d where absent, 1h at least",
      },
      { name: "dry-run", summary: "with clean: only say which files would go" },
      { name: "purge", summary: "with drop: remove the files too" },
    ],
    words: [1, 4],
  },
  doctor: {
    usage: "doctor",
    summary: "look at everything that sluice needs here, and say what to do",
    options: [],
    words: [0, 0],
  },
  convert: {
    usage: "convert <pipeline> --to yaml",
    summary: "print a pipeline in another form",
    options: [{ name: "to", value: "yaml", summary: "the form; yaml is the only one" }],
    words: [1, 1],
  },
  state: {
    usage: "state <show|reset|set> <pipeline> [load] [value]",
    summary: "show how far incremental loads have come, or say where they go on",
    options: [],
    words: [2, 4],
  },
  quarantine: {
    usage: "quarantine <list|show|replay> [pipeline|run] [run]",
    summary: "look at what runs took out of their rows, and load it once it is right",
    options: [
      { name: "dataset", value: "dataset", summary: "only the rejects of this dataset" },
      { name: "step", value: "step", summary: "only the rows of this step" },
      { name: "rule", value: "text", summary: "with show: only rows whose rule has this text" },
      { name: "limit", value: "n", summary: "with show: how many rows; 20 where absent" },
      {
        name: "format",
        value: "format",
        summary: "with show: table, csv, json, ndjson, or raw: the records as they were, to be corrected",
      },
      { name: "from", value: "file", summary: "with replay: a corrected file, in the place of the raw records" },
      PARAMETER,
    ],
    words: [1, 3],
  },
  runs: {
    usage: "runs [pipeline] | runs show <run>",
    summary: "list runs, newest first; show one with its steps and what its loads did",
    options: [{ name: "limit", value: "n", summary: "how many; 20 where absent" }],
    words: [0, 2],
  },
  logs: { usage: "logs <run> [step]", summary: "print what happened in a run", options: [], words: [1, 2] },
} as const satisfies Readonly<Record<string, CommandHelp>>;

export type CommandName = keyof typeof COMMANDS;

export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];

export function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}

/** All options of a command, its own first. */
export function optionsOf(command: CommandName): readonly OptionHelp[] {
  return [...COMMANDS[command].options, ...COMMON];
}

const OPTIONS_WITH_VALUE = new Set(
  COMMAND_NAMES.flatMap((name) => optionsOf(name))
    .filter((option) => option.value !== undefined)
    .map((option) => `--${option.name}`),
);

/** Where the command stands among the words, -1 where there is none: options may stand before it. */
export function commandAt(words: readonly string[]): number {
  return words.findIndex((word, index) => !word.startsWith("-") && !OPTIONS_WITH_VALUE.has(words[index - 1] ?? ""));
}

/** Whether the words ask for the version: before a command, or without one. */
export function wantsVersion(words: readonly string[]): boolean {
  const at = commandAt(words);
  return words.slice(0, at === -1 ? words.length : at).some((word) => word === "--version" || word === "-v");
}

/** The options that may stand without a command. */
export const GENERAL_OPTIONS = [...COMMON.map(({ name }) => `--${name}`), "--version"] as const;

/** The help that the words ask for, or undefined where they ask for something else. */
export function helpOf(words: readonly string[]): string | undefined {
  const at = commandAt(words);
  const first = words[at];
  const end = words.indexOf("--");
  const asked = (end === -1 ? words : words.slice(0, end)).some((word) => word === "--help" || word === "-h");
  if (words.length === 0 || (first === undefined && asked)) return overview();
  if (first === "help") {
    const second = words[at + 1];
    if (second === undefined) return overview();
    return isCommand(second) ? commandHelp(second) : undefined;
  }
  return asked && first !== undefined && isCommand(first) ? commandHelp(first) : undefined;
}

function overview(): string {
  const lines = COMMAND_NAMES.map((name) => [COMMANDS[name].usage, COMMANDS[name].summary] as const);
  return [
    "sluice: data pipelines in TypeScript",
    "",
    "Usage: sluice <command> [options]",
    "",
    ...columns(lines),
    "",
    ...columns([
      ["--version", "print the version"],
      ["<command> --help", "print what a command takes"],
    ]),
    "",
    "Exit codes: 0 done, 1 the run failed, 2 wrong use or definition, 3 checks failed, 130 cancelled",
    "",
  ].join("\n");
}

function commandHelp(name: CommandName): string {
  const { usage, summary } = COMMANDS[name];
  const options = optionsOf(name).map(
    (option) => [`--${option.name}${option.value === undefined ? "" : ` ${option.value}`}`, option.summary] as const,
  );
  return [`Usage: sluice ${usage} [options]`, "", summary, "", ...columns(options), ""].join("\n");
}

function columns(lines: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...lines.map(([left]) => left.length));
  return lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
