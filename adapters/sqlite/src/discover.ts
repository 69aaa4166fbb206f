import {
  type CursorColumn,
  cursorCandidates,
  DEFAULT_LAYOUTS,
  type DiscoverRequest,
  type FrozenColumn,
  parseType,
  type StreamInfo,
} from "@sluice/core";
import { keysOf, requireTable, type TableColumn, type TableInfo } from "./catalog.ts";
import { type Connection, quoted } from "./client.ts";
import { rangesOfTable } from "./ranges.ts";
import { affinityOf } from "./types.ts";

/** What a column really holds: SQLite stores any class in any column. */
interface Contents {
  readonly rows: number;
  readonly nulls: number;
  readonly integers: number;
  readonly reals: number;
  readonly texts: number;
  readonly blobs: number;
  /** Values that fit what the declaration promises, see `fitExpression`; -1 where it promises nothing to test. */
  readonly fits: number;
  /** Texts with a fraction of a second, and with a `T` before the time. */
  readonly fractions: number;
  readonly separators: number;
  readonly zones: number;
  /** One of the values that meet a condition in SQL, as text. */
  readonly exampleOf: (condition: string) => string;
}

const DIGITS = (count: number): string => "[0-9]".repeat(count);
const DAY = `${DIGITS(4)}-[0-1][0-9]-[0-3][0-9]`;
const TIME = "[0-2][0-9]:[0-5][0-9]:[0-5][0-9]";

/** Proposes what to freeze of a table or view: declared types, corrected by one look at all values. */
export async function discoverTable(
  connection: Connection,
  name: string,
  shown: string,
  request: Pick<DiscoverRequest, "types" | "formats" | "required" | "signal">,
): Promise<StreamInfo> {
  const table = requireTable(connection, name, shown);
  const warnings: string[] = [];
  const columns: FrozenColumn[] = [];
  for (const column of table.columns) {
    const contents = await lookAt(connection, table, column, request.signal);
    const proposed = propose(column, contents, warnings);
    const required = request.required.includes(column.name) || column.notNull || isRowNumber(table, column);
    const wanted = request.types.get(column.name);
    const base =
      wanted === undefined
        ? { ...proposed, declared: column.declared }
        : declaredByAuthor(wanted, request.formats?.get(column.name), proposed, contents);
    columns.push({ name: column.name, nullable: !required, ...base });
  }
  const [[rows] = []] = connection.query(`select count(*) from ${quoted(table.name)}`);
  const types = new Map(columns.map(({ name: column, type }) => [column, type]));
  const cursors = cursorsOf(table, ({ name: column }) => types.get(column) ?? "string");
  return {
    name: table.name,
    columns,
    keys: keysOf(table),
    ...(cursors.length === 0 ? {} : { cursors }),
    rows: Number(rows),
    warnings,
  };
}

/** By what a column is read as, or by what it is declared as. */
export function cursorsOf(table: TableInfo, typeOf: (column: TableColumn) => string): readonly string[] {
  const holds = (column: TableColumn): CursorColumn["holds"] => {
    const word = typeOf(column).toUpperCase();
    if (/^(?:DATE|DATETIME|TIMESTAMP)/.test(word)) return "time";
    return /INT/.test(word) ? "number" : "other";
  };
  const columns = table.columns.map((column) => ({ name: column.name, holds: holds(column) }));
  return cursorCandidates(columns, keysOf(table));
}

export function isRowNumber(table: TableInfo, column: TableColumn): boolean {
  return (
    table.primaryKey.length === 1 && table.primaryKey[0] === column.name && column.declared.toUpperCase() === "INTEGER"
  );
}

/** What a column would be read as now, by one look at its values. */
export async function proposeType(
  connection: Connection,
  table: TableInfo,
  column: TableColumn,
  signal: AbortSignal,
): Promise<string> {
  return propose(column, await lookAt(connection, table, column, signal), []).type;
}

type Proposal = Pick<FrozenColumn, "type" | "format" | "words">;

function declaredByAuthor(type: string, format: string | undefined, proposed: Proposal, contents: Contents): Proposal {
  const { kind } = parseType(type);
  if (kind === "bool" && contents.integers > 0) return { type, words: [["1"], ["0"]] };
  if (kind !== "date" && kind !== "time" && kind !== "timestamp" && kind !== "timestamptz") return { type };
  const same = parseType(proposed.type).kind === kind ? proposed.format : undefined;
  return { type, format: format ?? same ?? DEFAULT_LAYOUTS[kind] };
}

function propose(column: TableColumn, contents: Contents, warnings: string[]): Proposal {
  const filled = contents.rows - contents.nulls;
  const name = quoted(column.name);
  const doubt = (count: number, what: string, condition: string, meaning: string): void => {
    const share = `${count} of ${filled} values`;
    const found = contents.exampleOf(condition);
    const example = found === "" ? "" : `, for example ${JSON.stringify(found)}`;
    warnings.push(
      `column "${column.name}" is declared ${column.declared || "without a type"}, but ${share} ${what}${example}; ${meaning}`,
    );
  };
  const word = column.declared.toUpperCase();
  const promised = promiseOf(word);
  if (promised !== undefined && filled > 0 && contents.fits === filled) return withFormat(promised, contents);
  if (promised !== undefined && contents.fits > 0) {
    doubt(
      filled - contents.fits,
      `do not fit ${promised}`,
      `not ${fitExpression(promised, name)}`,
      "it is read as what they have in common",
    );
  }
  if (promised !== undefined && filled === 0) return withFormat(promised, contents);
  if (contents.blobs > 0) {
    doubt(contents.blobs, "are blobs", `typeof(${name}) = 'blob'`, "it is read as text of hexadecimal digits");
    return { type: "string" };
  }
  if (affinityOf(word) === "TEXT") return { type: "string" };
  const numbers = contents.integers + contents.reals;
  if (filled === 0)
    return { type: affinityOf(word) === "INTEGER" ? "int64" : affinityOf(word) === "REAL" ? "float64" : "string" };
  if (numbers === 0) return { type: "string" };
  const type = contents.reals > 0 || affinityOf(word) === "REAL" ? "float64" : "int64";
  if (contents.texts === 0) return { type };
  if (contents.texts * 2 > filled) {
    doubt(numbers, "are numbers", `typeof(${name}) in ('integer', 'real')`, "it is read as string");
    return { type: "string" };
  }
  doubt(contents.texts, "are text", `typeof(${name}) = 'text'`, `it is read as ${type}, which rejects them`);
  return { type };
}

function withFormat(type: string, contents: Contents): Proposal {
  const { kind } = parseType(type);
  if (kind === "bool") return { type, words: [["1"], ["0"]] };
  if (kind === "date") return { type, format: "%Y-%m-%d" };
  const fraction = contents.fractions > 0 ? ".%f" : "";
  if (kind === "time") return { type, format: `%H:%M:%S${fraction}` };
  const separator = contents.separators > 0 ? "T" : " ";
  if (kind === "timestamp") return { type, format: `%Y-%m-%d${separator}%H:%M:%S${fraction}` };
  if (kind === "timestamptz") {
    return { type, format: `%Y-%m-%d${separator}%H:%M:%S${fraction}${contents.zones > 0 ? "Z" : "%z"}` };
  }
  return { type };
}

/** The type that a declaration promises beyond its affinity. */
export function promiseOf(word: string): string | undefined {
  if (/^BOOL(EAN)?$/.test(word)) return "bool";
  if (word === "DATE") return "date";
  if (word === "TIME") return "time";
  if (/^(DATETIME|TIMESTAMP)(\(\d\))?$/.test(word)) return "timestamp";
  if (word === "TIMESTAMPTZ" || word === "TIMESTAMP WITH TIME ZONE") return "timestamptz";
  const decimal = /^(?:TEXT )?(?:DECIMAL|NUMERIC) ?\( ?(\d{1,2}) ?(?:, ?(\d{1,2}) ?)?\)$/.exec(word);
  if (decimal === null) return undefined;
  const [precision, scale] = [Number(decimal[1]), Number(decimal[2] ?? 0)];
  return precision >= 1 && precision <= 38 && scale <= precision ? `decimal(${precision},${scale})` : undefined;
}

/** An SQL condition: does the value keep what the declaration promises? One layout per column is required elsewhere. */
function fitExpression(promised: string, name: string): string {
  const type = parseType(promised);
  const isText = `typeof(${name}) = 'text'`;
  // Everything but the fraction and the offset, which vary in length.
  const seconds = `(substr(${name}, 20, 1) in ('', '.', 'Z', '+', '-') and substr(${name}, 1, 19) glob '${DAY}[ T]${TIME}')`;
  const rest = `ltrim(ltrim(substr(${name}, 20), '.'), '0123456789')`;
  switch (type.kind) {
    case "bool":
      return `(typeof(${name}) = 'integer' and ${name} in (0, 1))`;
    case "date":
      return `(${isText} and ${name} glob '${DAY}')`;
    case "time":
      return `(${isText} and substr(${name}, 1, 8) glob '${TIME}' and ltrim(ltrim(substr(${name}, 9), '.'), '0123456789') = '')`;
    case "timestamp":
      return `(${isText} and ${seconds} and ${rest} = '')`;
    case "timestamptz":
      return `(${isText} and ${seconds} and (${rest} = 'Z' or ${rest} glob '[+-][0-1][0-9]:[0-5][0-9]'))`;
    case "decimal": {
      const digits = `ltrim(${name} || '', '+-')`;
      // A zero before the point is no digit of the value; an absent point counts as one behind the last digit.
      const text = `ltrim(${digits}, '0')`;
      const whole = `instr(${text} || '.', '.') - 1`;
      return `(typeof(${name}) <> 'blob' and ${digits} not glob '*[^0-9.]*' and ${digits} glob '*[0-9]*' and ${whole} <= ${type.precision - type.scale} and length(${text}) - (${whole}) - 1 <= ${type.scale} and length(replace(${text}, '.', '')) >= length(${text}) - 1)`;
    }
    default:
      return "1";
  }
}

async function lookAt(
  connection: Connection,
  table: TableInfo,
  column: TableColumn,
  signal: AbortSignal,
): Promise<Contents> {
  const name = quoted(column.name);
  const promised = promiseOf(column.declared.toUpperCase());
  const fit = promised === undefined ? "-1" : `coalesce(sum(${fitExpression(promised, name)}), 0)`;
  const moment = promised?.startsWith("time") === true;
  const mark = promised === "time" ? 9 : 20;
  const counted = ["null", "integer", "real", "text", "blob"].map(
    (word) => `coalesce(sum(typeof(${name}) = '${word}'), 0)`,
  );
  const figures = [
    "count(*)",
    ...counted,
    fit,
    moment ? `coalesce(sum(substr(${name}, ${mark}, 1) = '.'), 0)` : "0",
    moment ? `coalesce(sum(substr(${name}, 11, 1) = 'T'), 0)` : "0",
    moment ? `coalesce(sum(substr(${name}, -1) = 'Z'), 0)` : "0",
  ];
  const sums = figures.map(() => 0);
  const add = (where: string): void => {
    const [row = []] = connection.query(`select ${figures.join(", ")} from ${quoted(table.name)} ${where}`);
    for (const [index, figure] of row.entries()) sums[index] = (sums[index] ?? 0) + Number(figure);
  };
  const { rowid } = table;
  if (rowid === undefined) add("");
  else {
    const ranges = rangesOfTable(connection, quoted(table.name), rowid, signal);
    await ranges((first, last) => add(`where ${rowid} between ${first} and ${last}`));
  }
  const [
    rows = 0,
    nulls = 0,
    integers = 0,
    reals = 0,
    texts = 0,
    blobs = 0,
    fits = 0,
    fractions = 0,
    separators = 0,
    zones = 0,
  ] = promised === undefined ? sums.with(6, -1) : sums;
  const exampleOf = (condition: string): string => {
    const shown = `iif(typeof(${name}) = 'blob', lower(hex(substr(${name}, 1, 30))), substr(${name}, 1, 60))`;
    const [[example] = []] = connection.query(
      `select cast(${shown} as blob) from ${quoted(table.name)} where ${name} is not null and ${condition} limit 1`,
    );
    return connection.decode(example);
  };
  return {
    rows,
    nulls,
    integers,
    reals,
    texts,
    blobs,
    fits: mixed(fits, separators, zones, texts),
    fractions,
    separators,
    zones,
    exampleOf,
  };
}

/** A column with `T` in some values and a blank in others, or `Z` in some, has no one layout: nothing fits. */
function mixed(fits: number, separators: number, zones: number, texts: number): number {
  const some = (count: number): boolean => count > 0 && count < texts;
  return some(separators) || some(zones) ? 0 : fits;
}
