import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type CsvDialect, type FrozenColumn, SluiceError, type SplitRequest, type SplitResult } from "@sluice/core";
import type { Client, Session } from "./client.ts";
import { type ExactRule, exactRule } from "./exact.ts";
import { removeOutput } from "./remove-output.ts";
import { csvSql } from "./scan.ts";
import { PREFIX, type SplitFiles, splitFiles, UNSOUND_COLUMNS } from "./split-files.ts";
import { quoteName, quotePaths, quoteText } from "./sql-text.ts";
import { certainCondition } from "./strict.ts";
import { textValue } from "./text-values.ts";

/**
 * Reads a text input record by record: accepted ones land typed, the others with why. Exact where the strict scan is only
 * certain, several times slower, and never an error because of a row.
 */
export async function split(request: SplitRequest, session: Session, client: Client): Promise<SplitResult> {
  const { input, name } = request;
  if (input.format !== "csv" || input.dialect === undefined) {
    throw new SluiceError("internal", `"${name}" is no text, so there is nothing to split`);
  }
  const folder = await mkdtemp(join(await client.folder(), "split-"));
  try {
    const parts = await splitAll(request, input.dialect, folder);
    const checked =
      input.validate === "all"
        ? input.columns
        : input.columns.filter((column) => request.columns.includes(column.name));
    const statements = new SplitStatements(request, input.dialect, checked, parts);
    const run = { signal: request.signal };
    const accepted = await session.run(statements.accepted(), run);
    const found = join(folder, "rejects.parquet");
    const rejected = await session.run(statements.rejects(found), run);
    await session.run(statements.rejected(found), run);
    const reasons = await session.run(statements.reasons(found), run);
    return {
      accepted: accepted.rowsChanged,
      rejected: rejected.rowsChanged,
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

interface Part extends SplitFiles {
  readonly order: readonly string[];
}

async function splitAll(request: SplitRequest, dialect: CsvDialect, folder: string): Promise<readonly Part[]> {
  const parts: Part[] = [];
  let first = 0;
  for (const [index, group] of request.input.groups.entries()) {
    if (group.files.length === 0) continue;
    const paths = { sound: join(folder, `${index}.csv`), unsound: join(folder, `${index}.unsound.csv`) };
    const files = await splitFiles(group, dialect, paths, first, request.signal);
    parts.push({ ...files, order: group.order });
    first += group.files.length;
  }
  return parts;
}

const STANDARD: CsvDialect = {
  delimiter: ",",
  quote: '"',
  escape: '"',
  header: false,
  newline: "lf",
  encoding: "utf-8",
  quotedEmpty: "text",
  compression: "none",
};
const MIN_LINE_BYTES = 2 * 1024 * 1024;
const FAILING = quoteName("\u0001failing");
const REJECTS = 'file, record, line, "column", rule, raw, bytes';

class SplitStatements {
  private readonly request: SplitRequest;
  private readonly dialect: CsvDialect;
  private readonly checked: readonly FrozenColumn[];
  private readonly parts: readonly Part[];
  private readonly rules: readonly ExactRule[];

  constructor(request: SplitRequest, dialect: CsvDialect, checked: readonly FrozenColumn[], parts: readonly Part[]) {
    this.request = request;
    this.dialect = dialect;
    this.checked = checked;
    this.parts = parts;
    this.rules = checked.map(exactRule).filter((rule) => rule !== undefined);
  }

  /** Accepted rows, typed, in the order of the files. */
  accepted(): string {
    const { request } = this;
    const wanted = request.columns.map((name) => this.column(name));
    const terms = wanted.map((column) => `${textValue(column, "safe")} as ${quoteName(column.name)}`);
    const list = terms.length === 0 ? "1::tinyint as sluice_row" : terms.join(", ");
    const selects = this.parts.map((part) => `select ${list} from ${this.sound(part)} where ${this.failing()} is null`);
    const none = `select ${list} from (select ${request.input.columns.map((column) => `null::varchar as ${quoteName(column.name)}`).join(", ")}) where false`;
    return `copy (${[...selects, ...(selects.length === 0 ? [none] : [])].join(" union all ")}) to ${quoteText(request.accepted)} (format parquet, preserve_order true)`;
  }

  /** Rejects with the value that was refused, in any order. */
  rejects(path: string): string {
    const selects = this.parts.flatMap((part) => [
      ...(this.rules.length === 0 ? [] : [this.refused(part)]),
      ...(part.hasUnsound ? [this.unsound(part)] : []),
    ]);
    const none = `select 0::bigint as file, 0::bigint as record, 0::bigint as line, '' as "column", '' as rule, '' as raw, 0::bigint as bytes, '' as value where false`;
    return `copy (${selects.length === 0 ? none : selects.join(" union all ")}) to ${quoteText(path)} (format parquet)`;
  }

  /** The rejects as they are kept: their files by name, in the order of the files. */
  rejected(found: string): string {
    const origins = this.request.input.groups.flatMap((group) => group.files.map((file) => file.origin));
    const file = `[${["''", ...origins.map(quoteText)].join(", ")}][file + 2]`;
    return `copy (select ${REJECTS.replace("file", `${file} as file`)} from read_parquet(${quotePaths([found])}) as t order by t.file, t.record) to ${quoteText(this.request.rejected)} (format parquet, preserve_order true)`;
  }

  reasons(found: string): string {
    return `select "column", rule, count(*) as n, arg_min(value, (file, record)) from read_parquet(${quotePaths([found])}) group by all order by n desc, "column", rule limit 100`;
  }

  private column(name: string): FrozenColumn {
    const found = this.request.input.columns.find((column) => column.name === name);
    if (found !== undefined) return found;
    throw new SluiceError("internal", `the input "${this.request.name}" has no column "${name}"`);
  }

  private sound(part: Part): string {
    const dialect: CsvDialect = { ...this.dialect, header: false, newline: "lf" };
    // In parallel, DuckDB gives up on some sound files.
    const reading = { lineBytes: Math.max(part.longestBytes + 1024, MIN_LINE_BYTES), isParallel: false };
    return csvSql(quotePaths([part.sound]), [...part.prefix, ...part.order], dialect, reading);
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
    const choose = (term: (rule: ExactRule) => string): string =>
      `case ${FAILING} ${this.rules.map((rule, index) => `when ${index} then ${term(rule)}`).join(" ")} end`;
    const [file, record, line, bytes] = [PREFIX.file, PREFIX.record, PREFIX.line, PREFIX.bytes].map(quoteName);
    const raw = this.dialect.quote === "" ? this.joined(part) : quoteName(PREFIX.raw);
    const place = `${file}::bigint as file, ${record}::bigint as record, ${line}::bigint as line`;
    const value = choose((rule) => `left(coalesce(${quoteName(rule.column)}, ''), 80)`);
    const rule = `${choose(({ column }) => quoteText(column))} as "column", ${choose((one) => one.rule)} as rule`;
    const records = `select *, ${this.failing()} as ${FAILING} from ${this.sound(part)}`;
    return `select ${place}, ${rule}, ${raw} as raw, ${bytes}::bigint as bytes, ${value} as value from (${records}) where ${FAILING} is not null`;
  }

  /** Where quotes mean nothing, the fields with their delimiters are the record. */
  private joined(part: Part): string {
    const fields = part.order.map((name) => `coalesce(${quoteName(name)}, '')`);
    return `left(concat_ws(${[quoteText(this.dialect.delimiter), ...fields].join(", ")}), 65536)`;
  }

  private unsound(part: Part): string {
    const files = csvSql(quotePaths([part.unsound]), UNSOUND_COLUMNS, STANDARD, {
      lineBytes: MIN_LINE_BYTES,
      isParallel: false,
    });
    return `select file::bigint as file, record::bigint as record, line::bigint as line, '' as "column", rule, raw, bytes::bigint as bytes, left(raw, 80) as value from ${files}`;
  }
}
