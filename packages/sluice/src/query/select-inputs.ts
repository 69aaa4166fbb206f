import {
  type Address,
  closest,
  didYouMean,
  type Json,
  type ParsedSelect,
  type Relation,
  SluiceError,
  type SqlArgument,
  type SqlReference,
} from "@sluice/core";
import type { Session } from "../composition.ts";
import { addressOf, pathFrom, tableAddress } from "./address-text.ts";
import { quoted } from "./column-stats.ts";

export interface SelectRequest {
  readonly sql: string;
  readonly parsed: ParsedSelect;
  /** Where relative paths start. */
  readonly folder: string;
  /** By name, as text: each is put in as a literal, which takes the type that the query asks of it. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Standard input as a file, of the format that was asked for; called once. */
  readonly readStdin: (format: string | undefined) => Promise<Address>;
}

/** Standard input as a table. */
const STDIN = "stdin";
const LAKE = "lake";

/**
 * A SELECT as a relation: every file, dataset and table that it reads is an input of its own, read by the rules of sluice.
 *
 * @throws SluiceError `config` at the line and column of what cannot be read
 */
export async function selectRelation(session: Session, request: SelectRequest): Promise<Relation> {
  const { sql, parsed, parameters } = request;
  const unused = Object.keys(parameters).find((name) => !parsed.parameters.some((one) => one.name === name));
  if (unused !== undefined) {
    const names = parsed.parameters.map(({ name }) => name);
    throw new SluiceError("config", `the query has no parameter "${unused}"`, {
      offending: unused,
      hint: didYouMean(unused, names, "parameters of the query"),
    });
  }
  const texts: string[] = [];
  const inputs: Relation[] = [];
  let text = "";
  let end = 0;
  const pieces = [
    ...parsed.references.map((reference) => ({ ...reference, piece: "input" as const })),
    ...parsed.parameters.map((parameter) => ({ ...parameter, piece: "parameter" as const })),
  ].sort((a, b) => a.start - b.start);
  let stdin: Promise<Address> | undefined;
  const readStdin = (format: string | undefined): Promise<Address> => {
    stdin ??= request.readStdin(format);
    return stdin;
  };
  for (const piece of pieces) {
    // A parameter inside of a table function would be one of its arguments, which are constants.
    if (piece.start < end) continue;
    text += sql.slice(end, piece.start);
    end = piece.end;
    if (piece.piece === "parameter") {
      text += literalOf(piece.name, parameters, at(sql, piece.start));
      continue;
    }
    inputs.push(await relationOf(session, piece, { ...request, readStdin }));
    texts.push(text);
    text = piece.hasAlias ? "" : ` as ${quoted(aliasOf(piece))}`;
  }
  texts.push(text + sql.slice(end));
  return { kind: "sql", engine: "duckdb", texts, inputs };
}

function literalOf(name: string, given: Readonly<Record<string, string>>, place: { readonly line: number }): string {
  const value = Object.hasOwn(given, name) ? given[name] : undefined;
  if (value === undefined || value.includes("\0")) {
    const problem = value === undefined ? "has no value" : "holds a NUL character";
    throw new SluiceError("config", `the parameter "${name}" of the query ${problem}`, {
      offending: `$${name}`,
      at: { file: "", ...place },
      hint: `give it with --param ${name}=<value>`,
    });
  }
  return `'${value.replaceAll("'", "''")}'`;
}

/** The name by which a query speaks of a source that it gave none: the last part, of a file without its ending. */
function aliasOf({ kind, name }: SqlReference): string {
  const last = name.at(-1) ?? "";
  if (kind === "function" || !/[./\\:]/.test(last)) return last;
  const base = last.split(/[\\/:]/).at(-1) ?? last;
  return base.replace(/\..*$/s, "") || base;
}

type InputRequest = SelectRequest;

async function relationOf(session: Session, reference: SqlReference, request: InputRequest): Promise<Relation> {
  const place = { file: "", ...at(request.sql, reference.start) };
  try {
    return reference.kind === "function"
      ? await functionRelation(session, reference, request)
      : await tableRelation(session, reference, request);
  } catch (thrown) {
    if (!(thrown instanceof SluiceError) || thrown.at !== undefined) throw thrown;
    const { code, message, hint, offending, reason } = thrown;
    throw new SluiceError(code, message, {
      at: place,
      ...(hint === undefined ? {} : { hint }),
      ...(reason === undefined ? {} : { reason }),
      offending: offending ?? request.sql.slice(reference.start, reference.end),
    });
  }
}

async function tableRelation(
  session: Session,
  { name }: SqlReference,
  { folder, readStdin }: InputRequest,
): Promise<Relation> {
  const { datasets, connections } = session.project.config;
  const [first = "", second, third] = name;
  // Every project has a lake of its own, which no connection names.
  if (first === LAKE && second !== undefined && third !== undefined && !Object.hasOwn(connections, first)) {
    return inline({ type: LAKE, table: name.slice(1).join(".") });
  }
  if (third !== undefined && second !== undefined) {
    // `postgres.warehouse.crash` and `warehouse.public.crash`: the first part says which it is.
    if (Object.hasOwn(connections, first) && !Object.hasOwn(connections, second)) {
      return inline(tableAddress(session, first, [second, third]));
    }
    return inline(tableAddress(session, second, [third], first));
  }
  if (second !== undefined) {
    if (Object.hasOwn(connections, first)) return inline(tableAddress(session, first, [second]));
    // Without quotes, `data.csv` is a table of the schema `data` to a parser.
    if (/^(?:csv|tsv|tab|psv|txt|parquet|pq|json|ndjson|jsonl)$/i.test(second)) {
      return inline({ type: "file", path: pathFrom(session.project.root, folder, `${first}.${second}`) });
    }
    const near = closest(first, Object.keys(connections));
    throw new SluiceError("config", `no connection is named "${first}"`, {
      offending: first,
      hint: near === undefined ? `a table of the lake is ${LAKE}.${first}.${second}` : `did you mean "${near}"?`,
    });
  }
  if (Object.hasOwn(datasets, first)) return { kind: "scan", source: { dataset: first } };
  if (first.toLowerCase() === STDIN) return inline(await readStdin(undefined));
  if (!/[./\\*?:!#-]/.test(first)) {
    throw new SluiceError("config", `no table is named "${first}"`, {
      offending: first,
      hint: `${didYouMean(first, [...Object.keys(datasets), STDIN], "tables")}; a file stands in quotes: from 'data/x.csv'`,
    });
  }
  const found = await addressOf(session, { text: first, folder, readsDatasets: false });
  if ("stream" in found) return inline(await readStdin(found.format));
  if ("dataset" in found) return { kind: "scan", source: found };
  return inline(found.address);
}

function inline(address: Address): Relation {
  return { kind: "scan", source: { inline: address } };
}

/** What DuckDB calls the options of a text file, and what they are called here. */
const OPTION_NAMES: Readonly<Record<string, string>> = {
  delim: "delimiter",
  sep: "delimiter",
  quotedempty: "quotedEmpty",
  nullstr: "nulls",
  decimal_separator: "decimal",
};
/** The options of `read_csv`, by either name. */
const CSV_OPTIONS: readonly string[] = [
  ...["delim", "sep", "delimiter", "quote", "escape", "header", "encoding", "newline", "quotedempty"],
  ...["nullstr", "nulls", "comment", "skip", "decimal_separator", "decimal", "thousands"],
];
/** The readers of DuckDB, by the format that they read. */
const READERS: Readonly<Record<string, string | undefined>> = {
  read_csv: undefined,
  read_csv_auto: undefined,
  read_parquet: "parquet",
  parquet_scan: "parquet",
  read_json: "json",
  read_json_auto: "json",
  read_ndjson: "ndjson",
  read_ndjson_auto: "ndjson",
  sqlite_scan: "sqlite",
};

async function functionRelation(
  session: Session,
  { name: [called = ""], arguments: given }: SqlReference,
  { folder }: InputRequest,
): Promise<Relation> {
  if (!Object.hasOwn(READERS, called)) {
    throw new SluiceError("config", `a query may not call ${called}`, {
      offending: called,
      hint: didYouMean(called, Object.keys(READERS), "what reads files"),
    });
  }
  const [first, ...others] = given.filter(({ name }) => name === undefined);
  const path = first?.value;
  if (path === undefined || typeof path === "boolean") {
    throw new SluiceError("config", `${called} names no file`, { offending: called, hint: `write ${called}('x.csv')` });
  }
  const place = (written: string): string => pathFrom(session.project.root, folder, written);
  if (called === "sqlite_scan") {
    const table = others[0]?.value;
    if (typeof path !== "string" || typeof table !== "string" || given.length !== 2) {
      throw new SluiceError("config", "sqlite_scan takes a file and a table", {
        hint: "sqlite_scan('x.db', 'orders')",
      });
    }
    return inline({ type: "sqlite", path: place(path), table });
  }
  const [extra] = others;
  if (extra !== undefined) {
    throw new SluiceError("config", `${called} takes one path, and ${extra.written} is another argument`, {
      offending: extra.written,
      hint: "several files are a list: ['a.csv', 'b.csv']",
    });
  }
  const options = Object.fromEntries(given.flatMap((argument) => optionOf(argument, called)));
  const format = READERS[called] ?? "csv";
  const paths = typeof path === "string" ? [path] : path;
  const scans = paths.map((one) => inline({ type: "file", path: place(one), format, ...options }));
  const [only] = scans;
  if (only === undefined) throw new SluiceError("config", `${called} names no file`, { offending: called });
  return scans.length === 1 ? only : { kind: "union", inputs: scans };
}

/** Options that change how values are read, and have no meaning here: schemas are sluice's own work. */
const ITSELF: readonly string[] = ["auto_detect", "union_by_name", "header_auto"];

function optionOf({ name, value }: SqlArgument, called: string): readonly (readonly [string, Json])[] {
  if (name === undefined) return [];
  if (ITSELF.includes(name) && value === true) return [];
  if (called.startsWith("read_csv") && !CSV_OPTIONS.includes(name)) {
    throw new SluiceError("config", `${called} has no option "${name}" here (${name} = ${JSON.stringify(value)})`, {
      offending: name,
      hint: `${didYouMean(name, CSV_OPTIONS, "its options")}; types are found by reading the whole file, and changed by a cast`,
    });
  }
  const option = Object.hasOwn(OPTION_NAMES, name) ? (OPTION_NAMES[name] ?? name) : name;
  if (option === "nulls") return [[option, typeof value === "string" ? [value] : value]];
  if (option === "skip" && typeof value === "string" && /^\d{1,9}$/.test(value)) return [[option, Number(value)]];
  return [[option, value === "" && option === "quote" ? "none" : value]];
}

/** The line and column of an offset. */
function at(text: string, start: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, start).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
