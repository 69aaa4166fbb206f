import {
  type CsvDialect,
  type FrozenColumn,
  nullWordsOf,
  ROWS_DIALECT,
  SluiceError,
  type SplitRequest,
} from "@sluice/core";
import { withMark } from "./cells.ts";
import { type ExactRule, exactRule } from "./exact.ts";
import { LINE, lineLayout } from "./line-layout.ts";
import { dictionaryOptions } from "./output.ts";
import { FILE_PATH, partitionsOf } from "./partitions.ts";
import { RAW_COLUMNS } from "./read-raw.ts";
import { csvSql, withAbsent } from "./scan.ts";
import { UNSOUND_COLUMNS } from "./sound-writer.ts";
import type { SplitPart } from "./split-files.ts";
import { quoteName, quotePaths, quoteText } from "./sql-text.ts";
import { MIN_LINE_BYTES, standardCsv } from "./standard-csv.ts";
import { certainCondition } from "./strict.ts";
import { textValue } from "./text-values.ts";
import { isWide } from "./wide-delimiter.ts";

const FAILING = quoteName("\u0001failing");
const INDEX = quoteName("\u0001index");
/** The number of its file in front of a sound record. */
const FILE = "\u0001file";

/** Terms over the rejects found: which column, and by which rule. */
export interface Words {
  readonly column: string;
  readonly rule: string;
}

/** The SQL of a split, over the records that were told apart. */
export class SplitStatements {
  private readonly request: SplitRequest;
  private readonly dialect: CsvDialect;
  private readonly checked: readonly FrozenColumn[];
  private readonly rules: readonly ExactRule[];
  /** Of columns in which a value that is not accepted is null, and no reason to refuse the record. */
  private readonly lenient: readonly ExactRule[];

  constructor(request: SplitRequest, dialect: CsvDialect, checked: readonly FrozenColumn[]) {
    this.request = request;
    this.dialect = dialect;
    this.checked = checked;
    const rulesOf = (columns: readonly FrozenColumn[]): readonly ExactRule[] =>
      columns.map((column) => exactRule(column)).filter((rule) => rule !== undefined);
    const isLenient = ({ misfit }: FrozenColumn): boolean => misfit === "null";
    this.rules = rulesOf(checked.filter((column) => !isLenient(column)));
    this.lenient = rulesOf(checked.filter(isLenient));
  }

  /** The paths of chunks with a record that is not certainly accepted, of few as a rule; undefined where all may have one. */
  doubtful(part: SplitPart): string | undefined {
    if (this.rules.length === 0) return "select null::varchar where false";
    const fast = certainCondition(this.checked);
    if (fast === undefined) return undefined;
    const records = this.records(part, { paths: part.chunks.map(({ path }) => path), withPath: true });
    return `select distinct ${quoteName(FILE_PATH)} from ${records} where not coalesce(${fast}, false)`;
  }

  /** Accepted rows, typed, in the order of the files. @param looks whether any of a part's records may be refused */
  accepted(parts: readonly SplitPart[], looks: (part: SplitPart) => boolean): string {
    const { request } = this;
    const wanted = request.columns.map((name) => this.column(name));
    const terms = wanted.map((column) => {
      const refused = this.lenient.find((rule) => rule.column === column.name);
      const value = textValue(column, "safe");
      return `${refused === undefined ? value : `case when ${refused.isBad} then null else ${value} end`} as ${quoteName(column.name)}`;
    });
    const list = terms.length === 0 ? "1::tinyint as sluice_row" : terms.join(", ");
    const selects = parts.map((part) => {
      const condition = looks(part) ? ` where ${this.failing()} is null` : "";
      return `select ${list} from ${this.sound(part)}${condition}`;
    });
    const options = ["format parquet", "preserve_order true", ...dictionaryOptions(wanted, false)];
    const none = `select ${list} from (select ${request.input.columns.map((column) => `null::varchar as ${quoteName(column.name)}`).join(", ")}) where false`;
    return `copy (${selects.length === 0 ? none : selects.join(" union all ")}) to ${quoteText(request.accepted)} (${options.join(", ")})`;
  }

  /** For each column of lenient rules: how many values of accepted records are null by it, and one of them. */
  discarded(part: SplitPart): { readonly sql: string; readonly columns: readonly string[] } | undefined {
    if (this.lenient.length === 0) return undefined;
    const terms = this.lenient.flatMap(({ isBad, column }) => [
      `count(*) filter (where ${isBad})`,
      `left(coalesce(any_value(${quoteName(column)}) filter (where ${isBad}), ''), 80)`,
    ]);
    const sql = `select ${terms.join(", ")} from ${this.sound(part)} where ${this.failing()} is null`;
    return { sql, columns: this.lenient.map(({ column }) => column) };
  }

  /**
   * The refused ones of these chunks, with the place of the column that refuses and its text: each by its number among the
   * records of the chunks, from 1.
   */
  refused(part: SplitPart, paths: readonly string[], target: string): string {
    const values = this.rules.map(({ column }) => quoteName(column)).join(", ");
    // One thread reads, and numbers what it reads.
    const records = `select *, row_number() over () as ${INDEX} from ${this.records(part, { paths })}`;
    const judged = `select *, ${this.failing()} as ${FAILING} from (${records})`;
    const select = `select ${INDEX}::bigint as "index", ${FAILING}::bigint as failing, [${values}][${FAILING} + 1] as value from (${judged}) where ${FAILING} is not null`;
    return `copy (${select}) to ${quoteText(target)} (format parquet)`;
  }

  /** What is said of the columns at these places: of 2,000 columns few ever fail, and each rule costs expressions. */
  words(places: readonly number[]): Words {
    const choose = (term: (rule: ExactRule) => string): string => {
      const branches = places.flatMap((place) => {
        const column = this.checked.find((one) => one.name === this.rules[place]?.column);
        const rule = column === undefined ? undefined : exactRule(column, "value");
        return rule === undefined ? [] : [`when ${place} then ${term(rule)}`];
      });
      return branches.length === 0 ? "null::varchar" : `case failing ${branches.join(" ")} end`;
    };
    return {
      column: `coalesce(${choose(({ column }) => quoteText(column))}, '')`,
      rule: `coalesce(${choose(({ rule }) => rule)}, unsound)`,
    };
  }

  /** The rejects as they are kept: their files by name, in the order of the files. */
  rejected(found: Found, names: string): string {
    const { column, rule } = found.words;
    const list = `o.origin as file, record, line, ${column} as "column", ${rule} as rule, coalesce(raw, value) as raw, bytes`;
    const origins = `(select file::bigint as file, origin from ${standardCsv(names, ["file", "origin"])})`;
    const select = `select ${list} from ${rejects(found)} as t left join ${origins} as o on o.file = t.file order by t.file, t.record`;
    return `copy (${select}) to ${quoteText(this.request.rejected)} (format parquet, preserve_order true)`;
  }

  reasons(found: Found): string {
    const { column, rule } = found.words;
    const example = withMark("left(coalesce(arg_min(value, (file, record)), ''), 80)");
    const from = `(select ${column} as "column", ${rule} as rule, * from ${rejects(found)})`;
    return `select "column", rule, count(*) as n, ${example} from ${from} group by "column", rule order by n desc, "column", rule limit 100`;
  }

  private column(name: string): FrozenColumn {
    const found = this.request.input.columns.find((column) => column.name === name);
    if (found !== undefined) return found;
    throw new SluiceError("internal", `the input "${this.request.name}" has no column "${name}"`);
  }

  private sound(part: SplitPart): string {
    const records = this.records(part, { paths: part.chunks.map(({ path }) => path) });
    const partitions = partitionsOf(this.request.input);
    if (partitions === undefined) return records;
    return `(select *, ${partitions.byNumber(quoteName(FILE)).join(", ")} from ${records})`;
  }

  private records(
    part: SplitPart,
    { paths, withPath = false }: { readonly paths: readonly string[]; readonly withPath?: boolean },
  ): string {
    const own: CsvDialect = { ...this.dialect, header: false, newline: "lf" };
    const dialect = isWide(own) ? { ...ROWS_DIALECT, quotedEmpty: own.quotedEmpty } : own;
    const lineBytes = Math.max(part.longestBytes + 1024, MIN_LINE_BYTES);
    // In parallel, DuckDB gives up on some sound files; of several, each thread reads one.
    const reading = { lineBytes, isParallel: false, ...(withPath ? { file: FILE_PATH } : {}) };
    const layout = lineLayout(this.request.input);
    const prefix = part.isNumbered ? [FILE] : [];
    const more = withPath ? [FILE_PATH] : [];
    const files = quotePaths(paths);
    if (layout !== undefined)
      return layout.around(csvSql(files, [...prefix, LINE], ROWS_DIALECT, reading), [...prefix, ...more]);
    const nulls = nullWordsOf(this.request.input.columns);
    const records = csvSql(files, [...prefix, ...part.order], dialect, { ...reading, nulls });
    return withAbsent(records, this.request.input.columns, part.order);
  }

  /** The place of the first column that refuses its text, null for none. The fast condition spares most records the rest. */
  private failing(): string {
    if (this.rules.length === 0) return "null::integer";
    const branches = this.rules.map((rule, index) => `when ${rule.isBad} then ${index}`);
    const fast = certainCondition(this.checked);
    const exact = `case ${branches.join(" ")} end`;
    return fast === undefined ? exact : `case when ${fast} then null else ${exact} end`;
  }
}

/** Where rejects were noted. */
export interface Found {
  /** Of `refused`: Parquet, one for each part. */
  readonly refused: readonly { readonly path: string; readonly raw: string }[];
  /** Of records that are none: see `UNSOUND_COLUMNS`. */
  readonly unsound: readonly string[];
  readonly words: Words;
}

/** All rejects, with the number of their file. */
function rejects({ refused, unsound }: Found): string {
  const numbers = (names: readonly string[]): string => names.map((name) => `${name}::bigint as ${name}`).join(", ");
  const own = ["file", "record", "line", "bytes"];
  const selects = [
    ...refused.map(({ path, raw }) => {
      const places = `(select "index"::bigint as "index", ${numbers(own)}, raw from ${standardCsv(raw, RAW_COLUMNS)})`;
      return `select p.* exclude ("index"), failing, value, '' as unsound from read_parquet(${quotePaths([path])}) as r join ${places} as p on p."index" = r."index"`;
    }),
    ...unsound.map(
      (path) =>
        `select ${numbers(own)}, null::varchar as raw, null::bigint as failing, raw as value, rule as unsound from ${standardCsv(path, UNSOUND_COLUMNS)}`,
    ),
  ];
  const none = `select ${own.map((name) => `null::bigint as ${name}`).join(", ")}, '' as raw, null::bigint as failing, '' as value, '' as unsound where false`;
  return `(${selects.length === 0 ? none : selects.join(" union all ")})`;
}
