import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import {
  type Cell,
  createLineSplitter,
  createRecordSplitter,
  expectedRecord,
  type FileGroup,
  type InputFile,
  parseFields,
  type Relation,
  SluiceError,
  type TextLine,
  type TextRecord,
} from "@sluice/core";
import type { Session } from "../composition.ts";
import type { OpenedRows } from "./open-rows.ts";
import { valuesOf } from "./questions.ts";
import type { RecordReport } from "./report.ts";

/**
 * Where accepted rows of a text stand in its files, by their number among the accepted ones: the files are read again, record
 * by record, up to the last one wanted.
 *
 * @param wanted numbers from 1, ascending
 */
export async function findRecords(
  session: Session,
  opened: OpenedRows,
  wanted: readonly number[],
): Promise<readonly RecordReport[]> {
  const found: RecordReport[] = [];
  let passed = 0;
  const rejects = await rejectedRecords(session, opened);
  for (const group of opened.input.groups) {
    for (const file of group.files) {
      if (found.length === wanted.length) return found;
      const rejected = rejects.get(file.origin) ?? NONE;
      passed = await findInFile({ session, opened, group, file, rejected, wanted, found, passed });
    }
  }
  return found;
}

interface FileRequest {
  readonly session: Session;
  readonly opened: OpenedRows;
  readonly group: FileGroup;
  readonly file: InputFile;
  readonly rejected: RecordSet;
  readonly wanted: readonly number[];
  readonly found: RecordReport[];
  /** Accepted rows of the files before. */
  readonly passed: number;
}

async function findInFile(request: FileRequest): Promise<number> {
  const { session, opened, group, file, rejected, wanted, found } = request;
  const { dialect, columns } = opened.input;
  if (opened.input.format === "ndjson") return await findInLines(request);
  if (dialect === undefined) throw new SluiceError("internal", `"${opened.dataset.name}" is no text`);
  const header = dialect.header && file.start === undefined;
  const expected = expectedRecord(dialect, columns, group.order.length);
  const splitter = createRecordSplitter({ dialect, header, firstLine: file.firstLine ?? 1, ...expected });
  let { passed } = request;
  const emit = (record: TextRecord): void => {
    if (record.record === 0 || record.problem !== undefined || rejected.has(record.record)) return;
    passed += 1;
    if (found.length >= wanted.length || passed !== wanted[found.length]) return;
    const values = rawValues(record.bytes(), opened, { group, file });
    found.push({ file: file.origin, record: record.record, line: record.line, values });
  };
  const { start, bytes } = file;
  const part = start === undefined ? {} : { start, end: start + bytes - 1 };
  const reading = { highWaterMark: 1 << 20, signal: session.signal, ...part };
  for await (const chunk of bytes === 0 ? [] : createReadStream(file.path, reading)) {
    splitter.push(chunk as Uint8Array, emit);
    if (found.length === wanted.length) return passed;
  }
  splitter.end(emit);
  return passed;
}

/** Records of JSON: their values are those that were read, since a text of one may hold anything in any order. */
async function findInLines({ session, file, rejected, wanted, found, ...request }: FileRequest): Promise<number> {
  const begins = file.lines === undefined ? undefined : await readFile(file.lines);
  const splitter = createLineSplitter();
  let { passed } = request;
  const emit = ({ record, line, problem }: TextLine): void => {
    if (problem !== undefined || rejected.has(record)) return;
    passed += 1;
    if (found.length >= wanted.length || passed !== wanted[found.length]) return;
    const at = begins === undefined ? line : begins.readDoubleLE(8 * (record - 1));
    found.push({ file: file.origin, record, line: at, values: {} });
  };
  for await (const chunk of createReadStream(file.path, { highWaterMark: 1 << 20, signal: session.signal })) {
    splitter.push(chunk as Uint8Array, emit);
    if (found.length === wanted.length) return passed;
  }
  splitter.end(emit);
  return passed;
}

/** The texts of a record by the frozen names, as they stand there. */
function rawValues(
  bytes: Uint8Array,
  { input, dataset }: OpenedRows,
  { group, file }: Pick<FileRequest, "group" | "file">,
): RecordReport["values"] {
  const { dialect } = input;
  const names = dataset.columns.map((column) => column.name);
  const isLine = dialect === undefined || dialect.delimiter === "";
  if (isLine) {
    const letters = [...new TextDecoder().decode(bytes)];
    const texts = dataset.columns.map(({ span }) =>
      span === undefined ? letters.join("") : letters.slice(span[0] - 1, span[1]).join(""),
    );
    return valuesOf(names, texts);
  }
  const fields = parseFields(bytes, dialect);
  const partitions = dataset.columns.filter((column) => column.partition === true).map((column) => column.name);
  const texts = names.map((name) => {
    if (partitions.includes(name)) return file.values?.[partitions.indexOf(name)] ?? null;
    const field = fields[group.order.indexOf(name)];
    return field === undefined || (field.text === "" && !field.quoted) ? null : field.text;
  });
  return valuesOf(names, texts);
}

/** Numbers of records, a bit for each: a file may have millions of rejects. */
class RecordSet {
  private bits = new Uint8Array(16);

  add(record: number): void {
    const at = record >>> 3;
    if (at >= this.bits.length) {
      const larger = new Uint8Array(Math.max(at + 1, this.bits.length * 2));
      larger.set(this.bits);
      this.bits = larger;
    }
    this.bits[at] = (this.bits[at] ?? 0) | (1 << (record & 7));
  }

  has(record: number): boolean {
    return ((this.bits[record >>> 3] ?? 0) & (1 << (record & 7))) !== 0;
  }
}

const NONE = new RecordSet();

/** By file: one question for all, of which there may be 100,000. */
async function rejectedRecords(session: Session, { rejects }: OpenedRows): Promise<ReadonlyMap<string, RecordSet>> {
  const found = new Map<string, RecordSet>();
  if (rejects === undefined) return found;
  const places: Relation = {
    kind: "select",
    columns: ["file", "record"].map((name) => [name, { kind: "column", name }] as const),
    input: REJECTS,
  };
  for await (const batch of askRejects(session, rejects, places)) {
    for (const [file, record] of batch) {
      const name = String(file);
      const records = found.get(name) ?? new RecordSet();
      found.set(name, records);
      records.add(Number(record));
    }
  }
  return found;
}

/** The rejects of a dataset, for `askRejects`. */
export const REJECTS: Relation = { kind: "scan", source: { stage: "rejects" } };

/** The rows of a relation over `REJECTS`, which lie in a file. */
export async function* askRejects(
  session: Session,
  path: string,
  relation: Relation,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  const engine = await session.engine();
  const columns = ["file", "record", "line", "column", "rule", "raw"].map((name) => ({
    name,
    type: name === "record" || name === "line" ? "int64" : "string",
    nullable: true,
  }));
  const names = columns.map(({ name }) => name);
  const query = engine.compile(relation, { schemaOf: () => ({ columns }), parameters: new Map() });
  yield* engine.rows(query, {
    inputs: new Map([
      [
        "rejects",
        {
          columns: names,
          input: {
            format: "parquet",
            groups: [{ order: names, files: [{ path, origin: "rejects", bytes: 0 }] }],
            columns,
            validate: "all",
            identity: null,
          },
        },
      ],
    ]),
    parameters: new Map(),
    constants: { now: new Date(0).toISOString(), today: "1970-01-01" },
    signal: session.signal,
  });
}
