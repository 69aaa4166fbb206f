import {
  type CsvDialect,
  createRecordSplitter,
  type DiscoverRequest,
  type Engine,
  parseFields,
  SluiceError,
  type StreamInfo,
  type TextRecord,
  unitedNames,
} from "@sluice/core";
import { chooseColumns } from "./choose-columns.ts";
import { columnNames } from "./column-names.ts";
import { type ColumnProfile, createProfile, declarationOf, withNulls } from "./column-profile.ts";
import type { FileAddress } from "./config.ts";
import { confirmGlance, EARLY_BYTES, GLANCE_BYTES, mayGlance, plainGlance } from "./confirm-glance.ts";
import { cutAll } from "./cut-all.ts";
import { withName } from "./errors.ts";
import { FieldBounds } from "./field-bounds.ts";
import type { FoundFile } from "./find-files.ts";
import { assertHeader, readFirstRecord } from "./header.ts";
import { knownDialect } from "./known-dialect.ts";
import { TEXT_FORMS } from "./number-forms.ts";
import { PassCounts } from "./pass-counts.ts";
import { prepareAll } from "./prepare-all.ts";
import type { PreparedText } from "./prepare-text.ts";
import { readPieces } from "./read-small.ts";
import { streamName } from "./stream-name.ts";
import { type TextSample, takeSample } from "./text-sample.ts";
import { markedEncoding } from "./text-stream.ts";

/**
 * What text files hold: the dialect and the names from the start of the first, the types from every value of all. One
 * pass in this process; no type is decided by a sample, so every record that is seen here is accepted by what is frozen.
 * For a look whose result is used once, the engine confirms what the start says, where it can: the finding is the same. A read
 * that begins anew where something contradicts it confirms it itself (`mayBeEarly`).
 */
export async function discoverText(
  files: readonly FoundFile[],
  request: DiscoverRequest,
  {
    address,
    nextPath,
    local,
  }: { readonly address: FileAddress; readonly nextPath: () => string; readonly local: Engine },
): Promise<StreamInfo> {
  const { signal } = request;
  const declared = knownDialect(address, request.dialect);
  const decoded = await prepareAll(files, { encoding: declared.encoding, nextPath, signal });
  const { texts, known, warnings: doubts } = await cutAll(decoded.texts, { known: declared, nextPath, signal });
  const [first] = texts;
  if (first === undefined) throw new SluiceError("internal", `${address.path}: no files to look at`);
  const { skip = 0, skipEnd = 0 } = known;
  const asked = { request, address, declared };
  const isPlain = known === declared && decoded.warnings.length === 0;
  const isEarly = request.mayBeEarly === true;
  const mayBeGlance = request.isForOnce === true && isPlain && mayGlance(files, address, isEarly);
  let glanced: Pass | undefined;
  for (const bytes of mayBeGlance ? (isEarly ? [EARLY_BYTES, GLANCE_BYTES] : [GLANCE_BYTES]) : []) {
    const seen = await lookAt(texts, known, { ...asked, bytes });
    const columns = await plainGlance(seen, { texts, signal });
    if (columns === undefined) continue;
    const { encoding } = decoded;
    const confirming = { files, address, encoding, local, nextPath, signal };
    if (isEarly || (await confirmGlance(seen, columns, confirming))) glanced = seen;
    break;
  }
  const isConfirmed = glanced !== undefined;
  const pass = glanced ?? (await lookAgain(texts, known, asked));
  const { dialect, profiles, counts, warnings } = pass;
  const quotedEmpty = known.quotedEmpty ?? counts.quotedEmpty();
  const findings = [...profiles.values()].map((profile) => withNulls(profile.finish(quotedEmpty), address));
  const valueless = findings.flatMap(({ column, isValueless }) => (isValueless === true ? [column.name] : []));
  const { columns, ...rest } = request;
  const chosen = chooseColumns(
    findings.map(({ column }) => column),
    dialect.header && columns !== undefined ? { ...rest, columns } : rest,
  );
  return {
    name: streamName(address.path),
    ...chosen,
    dialect: {
      ...dialect,
      ...(skip === 0 ? {} : { skip }),
      ...(skipEnd === 0 ? {} : { skipEnd }),
      newline: declared.newline ?? counts.newline(),
      encoding: decoded.encoding,
      quotedEmpty,
      compression: first.compression,
    },
    ...(isConfirmed ? {} : { rows: counts.records - counts.rejected }),
    ...(isConfirmed && isEarly ? { early: TEXT_FORMS } : {}),
    bytes: files.reduce((total, file) => total + file.bytes, 0),
    ...(valueless.length === 0 ? {} : { valueless }),
    warnings: [
      ...decoded.warnings,
      ...doubts,
      ...warnings,
      ...findings.flatMap((it) => it.warnings),
      ...counts.warnings(),
    ],
  };
}

interface Asked {
  readonly request: DiscoverRequest;
  readonly address: FileAddress;
  /** Only so much of the first text; all of all where absent. */
  readonly bytes?: number;
}

/** What was seen of texts. */
export interface Pass {
  readonly dialect: TextSample["dialect"] & Pick<CsvDialect, "comment" | "ragged">;
  readonly profiles: ReadonlyMap<string, ColumnProfile>;
  readonly counts: PassCounts;
  readonly warnings: readonly string[];
}

/** Blanks that stand beside the delimiters of the start belong to it only where they do so in all files, or nothing is gained. */
async function lookAgain(
  texts: readonly PreparedText[],
  known: Partial<CsvDialect>,
  { declared, ...asked }: Asked & { readonly declared: Partial<CsvDialect> },
): Promise<Pass> {
  const pass = await lookAt(texts, known, asked);
  const { delimiter } = pass.dialect;
  const narrow = delimiter.trim();
  const isSure = declared.delimiter !== undefined || narrow === "" || narrow === delimiter;
  const wrong = ({ counts }: Pass): number => counts.rejected + counts.padded;
  if (isSure || wrong(pass) === 0) return pass;
  const other = await lookAt(texts, { ...known, delimiter: narrow }, asked);
  return wrong(other) < wrong(pass) ? other : pass;
}

/** One pass over all texts: every value of every record. */
async function lookAt(
  texts: readonly PreparedText[],
  known: Partial<CsvDialect>,
  { request, address, bytes }: Asked,
): Promise<Pass> {
  const [first] = texts;
  if (first === undefined) throw new SluiceError("internal", `${address.path}: no files to look at`);
  const { comment, ragged } = known;
  const { names, warnings, dialect: sniffed } = await takeSample(first, known, request.columns);
  const dialect = {
    ...sniffed,
    ...(comment === undefined ? {} : { comment }),
    ...(ragged === undefined ? {} : { ragged }),
  };
  const mayGuessNumbers = dialect.delimiter !== ",";
  const profiles = new Map(
    names.map((name) => [name, createProfile(name, declarationOf(name, { request, address, mayGuessNumbers }))]),
  );
  const counts = new PassCounts(dialect.newline);
  const nulls = new Set(address.nulls);
  const holders = new Map<string, number>();
  let united: readonly string[] = names;
  for (const text of bytes === undefined ? texts : [first]) {
    const own =
      text === first ? names : await namesIn(text, dialect, { names, origin: first.origin, isUnion: request.isUnion });
    if (request.isUnion === true) united = unitedNames(united, own);
    for (const name of request.isUnion === true ? own : []) {
      holders.set(name, (holders.get(name) ?? 0) + 1);
      if (!profiles.has(name)) {
        profiles.set(name, createProfile(name, declarationOf(name, { request, address, mayGuessNumbers })));
      }
    }
    const columns = own.flatMap((name) => profiles.get(name) ?? []);
    await profileText(text, { dialect, columns, counts, nulls, bytes, signal: request.signal });
  }
  if (request.isUnion !== true) return { dialect, profiles, counts, warnings };
  const lacking = united.flatMap((name) => {
    const count = holders.get(name) ?? 0;
    const isSome = bytes === undefined && count < texts.length;
    return isSome ? [`column "${name}" is in ${count} of ${texts.length} files, and null in the others`] : [];
  });
  const ordered = new Map(united.flatMap((name) => [[name, profiles.get(name)] as const]));
  const found = new Map([...ordered].flatMap(([name, one]) => (one === undefined ? [] : [[name, one] as const])));
  return { dialect, profiles: found, counts, warnings: [...warnings, ...lacking] };
}

/** The names in the header of a further file, which must be those of the first, in any order, where they may not differ. */
async function namesIn(
  text: PreparedText,
  dialect: Pick<CsvDialect, "delimiter" | "quote" | "escape" | "newline" | "header" | "looseHeader">,
  {
    names,
    origin: firstOrigin,
    isUnion,
  }: { readonly names: readonly string[]; readonly origin: string; readonly isUnion: true | undefined },
): Promise<readonly string[]> {
  if (!dialect.header) return names;
  const first = await readFirstRecord(text, {
    ...dialect,
    encoding: "utf-8",
    quotedEmpty: "text",
    compression: "none",
  });
  assertHeader(text.origin, first);
  const own = columnNames(
    first.fields.slice(
      0,
      Math.max(isUnion === true ? 0 : names.length, first.fields.findLastIndex((name) => name.trim() !== "") + 1),
    ),
  ).names;
  const more = own.find((name) => !names.includes(name));
  const less = names.find((name) => !own.includes(name));
  if ((more === undefined && less === undefined) || isUnion === true) return own;
  const says = [
    ...(more === undefined ? [] : [`has a column "${more}"`]),
    ...(less === undefined ? [] : [`lacks "${less}"`]),
  ];
  throw new SluiceError("data", `${text.origin} ${says.join(" and ")}, other than ${firstOrigin}`, {
    reason: "drift",
    offending: text.origin,
    hint: "name files that hold the same columns, or make two datasets of them",
  });
}

async function profileText(
  text: PreparedText,
  {
    dialect,
    columns,
    counts,
    nulls,
    bytes: limit,
    signal,
  }: {
    readonly dialect: Pick<CsvDialect, "delimiter" | "quote" | "escape" | "newline" | "header" | "comment" | "ragged">;
    readonly columns: readonly ColumnProfile[];
    readonly counts: PassCounts;
    readonly nulls: ReadonlySet<string>;
    readonly bytes: number | undefined;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const bounds = new FieldBounds(dialect, columns.length);
  const keep = (record: TextRecord): void => {
    const isPadded = dialect.ragged === "pad" && record.problem === "has too few fields";
    counts.add(record, text.origin, isPadded);
    if (record.record === 0) {
      for (const { text, quoted } of parseFields(record.bytes(), dialect)) counts.sawField(quoted, text === "");
      return;
    }
    if (record.problem !== undefined && !isPadded) return;
    const bytes = record.bytes();
    if (bytes[0] === 0xef && markedEncoding(bytes) === "utf-8" && record.record > (dialect.header ? 0 : 1)) {
      counts.sawMark(text.origin, record.line);
    }
    for (const column of isPadded ? columns.slice(record.fields) : []) column.add("", false, record.line);
    if (nulls.size === 0 && bounds.find(bytes)) {
      for (let index = 0; index < bounds.count; index++) {
        const from = bounds.from[index] ?? 0;
        const to = bounds.to[index] ?? 0;
        const isQuoted = bounds.quoted[index] === 1;
        columns[index]?.addBytes(bytes, from, to, isQuoted, record.line);
        counts.sawField(isQuoted, from === to);
      }
      return;
    }
    for (const [index, field] of parseFields(bytes, dialect).slice(0, columns.length).entries()) {
      const isNull = !field.quoted && nulls.has(field.text);
      columns[index]?.add(isNull ? "" : field.text, field.quoted, record.line);
      counts.sawField(field.quoted, field.text === "");
    }
  };
  const splitter = createRecordSplitter({
    dialect,
    header: dialect.header,
    fields: columns.length,
    firstLine: text.firstLine ?? 1,
  });
  await withName(text.origin, async () => {
    const end = limit === undefined ? undefined : limit - 1;
    for await (const piece of readPieces(text, { signal, end })) splitter.push(piece, keep);
    // The last record of a part may be cut.
    if (limit === undefined) splitter.end(keep);
  });
}
