import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type CsvDialect,
  type FrozenColumn,
  type InputFile,
  nullWordsOf,
  SluiceError,
  type SplitRequest,
  type SplitResult,
} from "@sluice/core";
import { withMark } from "./cells.ts";
import type { Client, RunOptions, Session } from "./client.ts";
import { type ExactRule, exactRule } from "./exact.ts";
import { splitJson } from "./json-split.ts";
import { LINE, lineLayout } from "./line-layout.ts";
import { dictionaryOptions } from "./output.ts";
import { partitionsOf } from "./partitions.ts";
import { quotedText, type RecordPlace, writeRaw } from "./read-raw.ts";
import { removeOutput } from "./remove-output.ts";
import { csvSql, withAbsent } from "./scan.ts";
import { PREFIX, type SplitFiles, STANDARD, splitFiles, UNSOUND_COLUMNS } from "./split-files.ts";
import { quoteName, quotePaths, quoteText } from "./sql-text.ts";
import { MIN_LINE_BYTES, standardCsv } from "./standard-csv.ts";
import { certainCondition } from "./strict.ts";
import { textValue } from "./text-values.ts";
import { isWide } from "./wide-delimiter.ts";

/**
 * Reads a text input record by record: accepted ones land typed, the others with why. Exact where the strict scan is only
 * certain, several times slower, and never an error because of a row.
 */
export async function split(request: SplitRequest, session: Session, client: Client): Promise<SplitResult> {
  const { input, name } = request;
  if (input.format === "ndjson") return splitJson(request, session, client);
  if (input.format !== "csv" || input.dialect === undefined) {
    throw new SluiceError("internal", `"${name}" is no text, so there is nothing to split`);
  }
  const folder = await mkdtemp(join(await client.folder(), "split-"));
  try {
    const parts = await splitAll(request, input.dialect, folder);
    const checked = input.columns.filter(
      ({ name: column, partition }) =>
        partition !== true && (input.validate === "all" || request.columns.includes(column)),
    );
    const statements = new SplitStatements(request, input.dialect, checked, parts);
    const run = { signal: request.signal };
    const accepted = await session.run(statements.accepted(), run);
    const discarded = await statements.discarded(session, run);
    const found = join(folder, "rejects.parquet");
    const rejected = await session.run(statements.rejects(found), run);
    const places = await session.run(statements.failingPlaces(found), run);
    const words = statements.words(places.rows.map(([place]) => Number(place)));
    const raw = join(folder, "raw.csv");
    const files = input.groups.flatMap((group) => group.files);
    await writeRaw(recordPlaces(session, statements.places(found), run), files, raw, request.signal);
    const names = join(folder, "origins.csv");
    await writeOrigins(files, names);
    await session.run(statements.rejected(found, { raw, names, words }), run);
    const reasons = await session.run(statements.reasons(found, words), run);
    return {
      accepted: accepted.rowsChanged,
      rejected: rejected.rowsChanged,
      ...(discarded.length === 0 ? {} : { discarded }),
      reasons: reasons.rows.map(([column, rule, rows, example]) => ({
        column: String(column),
        rule: String(rule),
        rows: Number(rows),
        example: String(example),
      })),
    };
  } catch (error) {
    await removeOutput(request.accepted);
    await removeOutput(request.rejected);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The numbers of files and their names: in a list of the statement, 100,000 of them would take minutes. */
async function writeOrigins(files: readonly InputFile[], path: string): Promise<void> {
  const lines = files.map(({ origin }, index) => `${index},${quotedText(Buffer.from(origin))}\n`);
  await writeFile(path, lines.join(""));
}

async function* recordPlaces(session: Session, sql: string, run: RunOptions): AsyncIterable<readonly RecordPlace[]> {
  for await (const { rows } of session.stream(sql, run)) {
    yield rows.map(([file, record, offset, bytes]) => ({
      file: Number(file),
      record: Number(record),
      offset: Number(offset),
      bytes: Number(bytes),
    }));
  }
}

interface Part extends SplitFiles {
  readonly order: readonly string[];
}

async function splitAll(request: SplitRequest, dialect: CsvDialect, folder: string): Promise<readonly Part[]> {
  const parts: Part[] = [];
  let first = 0;
  for (const [index, group] of request.input.groups.entries()) {
    if (group.files.length === 0) continue;
    const paths = { sound: join(folder, `${index}.csv`), unsound: join(folder, `${index}.unsound.csv`) };
    const files = await splitFiles(group, { dialect, columns: request.input.columns }, paths, first, request.signal);
    parts.push({ ...files, order: group.order });
    first += group.files.length;
  }
  return parts;
}

const FAILING = quoteName("\u0001failing");

/** Terms over the rejects found: which column, and by which rule. */
interface Words {
  readonly column: string;
  readonly rule: string;
}

class SplitStatements {
  private readonly request: SplitRequest;
  private readonly dialect: CsvDialect;
  private readonly checked: readonly FrozenColumn[];
  private readonly parts: readonly Part[];
  private readonly rules: readonly ExactRule[];
  /** Of columns in which a value that is not accepted is null, and no reason to refuse the record. */
  private readonly lenient: readonly ExactRule[];

  constructor(request: SplitRequest, dialect: CsvDialect, checked: readonly FrozenColumn[], parts: readonly Part[]) {
    this.request = request;
    this.dialect = dialect;
    this.checked = checked;
    this.parts = parts;
    const rulesOf = (columns: readonly FrozenColumn[]): readonly ExactRule[] =>
      columns.map((column) => exactRule(column)).filter((rule) => rule !== undefined);
    const isLenient = ({ misfit }: FrozenColumn): boolean => misfit === "null";
    this.rules = rulesOf(checked.filter((column) => !isLenient(column)));
    this.lenient = rulesOf(checked.filter(isLenient));
  }

  /** Accepted rows, typed, in the order of the files. */
  accepted(): string {
    const { request } = this;
    const wanted = request.columns.map((name) => this.column(name));
    const terms = wanted.map((column) => {
      const refused = this.lenient.find((rule) => rule.column === column.name);
      const value = textValue(column, "safe");
      return `${refused === undefined ? value : `case when ${refused.isBad} then null else ${value} end`} as ${quoteName(column.name)}`;
    });
    const list = terms.length === 0 ? "1::tinyint as sluice_row" : terms.join(", ");
    const selects = this.parts.map((part) => `select ${list} from ${this.sound(part)} where ${this.failing()} is null`);
    const options = ["format parquet", "preserve_order true", ...dictionaryOptions(wanted, false)];
    const none = `select ${list} from (select ${request.input.columns.map((column) => `null::varchar as ${quoteName(column.name)}`).join(", ")}) where false`;
    return `copy (${[...selects, ...(selects.length === 0 ? [none] : [])].join(" union all ")}) to ${quoteText(request.accepted)} (${options.join(", ")})`;
  }

  /** How many values of accepted records are null because their column does not accept them. */
  async discarded(session: Session, run: RunOptions): Promise<NonNullable<SplitResult["discarded"]>> {
    if (this.lenient.length === 0 || this.parts.length === 0) return [];
    const counts = this.lenient.flatMap(({ isBad, column }) => [
      `count(*) filter (where ${isBad}) as n`,
      `left(coalesce(any_value(${quoteName(column)}) filter (where ${isBad}), ''), 80) as example`,
    ]);
    const found = new Map<string, { column: string; rows: number; example: string }>();
    for (const part of this.parts) {
      const { rows } = await session.run(
        `select ${counts.map((term, index) => term.replace(/ as (n|example)$/, ` as c${index}`)).join(", ")} from ${this.sound(part)} where ${this.failing()} is null`,
        run,
      );
      for (const [index, { column }] of this.lenient.entries()) {
        const count = Number(rows[0]?.[2 * index] ?? 0);
        const before = found.get(column);
        if (count === 0) continue;
        if (before === undefined)
          found.set(column, { column, rows: count, example: String(rows[0]?.[2 * index + 1] ?? "") });
        else before.rows += count;
      }
    }
    return [...found.values()];
  }

  /** Rejects with the value that was refused and the place of its column, in any order; what is unsound has its rule. */
  rejects(path: string): string {
    const selects = this.parts.flatMap((part) => [
      ...(this.rules.length === 0 ? [] : [this.refused(part)]),
      ...(part.hasUnsound ? [this.unsound(part)] : []),
    ]);
    const numbers = ["file", "record", "line", "bytes", "offset", "failing"];
    const none = `select ${numbers.map((name) => `null::bigint as "${name}"`).join(", ")}, '' as value, '' as unsound where false`;
    return `copy (${selects.length === 0 ? none : selects.join(" union all by name ")}) to ${quoteText(path)} (format parquet)`;
  }

  /** The sound ones among the rejects, in the order of the files. */
  places(found: string): string {
    const columns = 'file, record, "offset", bytes';
    return `select ${columns} from read_parquet(${quotePaths([found])}) where failing is not null order by file, record`;
  }

  failingPlaces(found: string): string {
    return `select distinct failing from read_parquet(${quotePaths([found])}) where failing is not null`;
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
  rejected(found: string, { raw, names, words }: { raw: string; names: string; words: Words }): string {
    const { column, rule } = words;
    const list = `o.origin as file, t.record, line, ${column} as "column", ${rule} as rule, coalesce(r.raw, value) as raw, bytes`;
    const raws = `(select file::bigint as file, record::bigint as record, raw from ${standardCsv(raw, ["file", "record", "raw"])})`;
    const origins = `(select file::bigint as file, origin from ${standardCsv(names, ["file", "origin"])})`;
    const join = `left join ${raws} as r on r.file = t.file and r.record = t.record left join ${origins} as o on o.file = t.file`;
    const select = `select ${list} from read_parquet(${quotePaths([found])}) as t ${join} order by t.file, t.record`;
    return `copy (${select}) to ${quoteText(this.request.rejected)} (format parquet, preserve_order true)`;
  }

  reasons(found: string, { column, rule }: Words): string {
    const example = withMark("left(coalesce(arg_min(value, (file, record)), ''), 80)");
    const from = `(select ${column} as "column", ${rule} as rule, * from read_parquet(${quotePaths([found])}))`;
    return `select "column", rule, count(*) as n, ${example} from ${from} group by "column", rule order by n desc, "column", rule limit 100`;
  }

  private column(name: string): FrozenColumn {
    const found = this.request.input.columns.find((column) => column.name === name);
    if (found !== undefined) return found;
    throw new SluiceError("internal", `the input "${this.request.name}" has no column "${name}"`);
  }

  private sound(part: Part): string {
    const partitions = partitionsOf(this.request.input);
    const records = this.records(part);
    if (partitions === undefined) return records;
    return `(select *, ${partitions.byNumber(quoteName(PREFIX.file)).join(", ")} from ${records})`;
  }

  private records(part: Part): string {
    const own: CsvDialect = { ...this.dialect, header: false, newline: "lf" };
    const dialect = isWide(own) ? { ...STANDARD, quotedEmpty: own.quotedEmpty } : own;
    // In parallel, DuckDB gives up on some sound files.
    const reading = { lineBytes: Math.max(part.longestBytes + 1024, MIN_LINE_BYTES), isParallel: false };
    const layout = lineLayout(this.request.input);
    const prefix = Object.values(PREFIX);
    if (layout !== undefined) {
      return layout.around(csvSql(quotePaths([part.sound]), [...prefix, LINE], STANDARD, reading), prefix);
    }
    const nulls = nullWordsOf(this.request.input.columns);
    const records = csvSql(quotePaths([part.sound]), [...prefix, ...part.order], dialect, { ...reading, nulls });
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

  private refused(part: Part): string {
    const numbers = Object.entries(PREFIX).map(([name, column]) => `${quoteName(column)}::bigint as "${name}"`);
    const values = this.rules.map(({ column }) => quoteName(column)).join(", ");
    const texts = `[${values}][${FAILING} + 1] as value, '' as unsound`;
    const records = `select *, ${this.failing()} as ${FAILING} from ${this.sound(part)}`;
    return `select ${numbers.join(", ")}, ${FAILING}::bigint as failing, ${texts} from (${records}) where ${FAILING} is not null`;
  }

  private unsound(part: Part): string {
    const numbers = ["file", "record", "line", "bytes"].map((name) => `${name}::bigint as ${name}`);
    const files = standardCsv(part.unsound, UNSOUND_COLUMNS);
    return `select ${numbers.join(", ")}, null::bigint as "offset", null::bigint as failing, raw as value, rule as unsound from ${files}`;
  }
}
