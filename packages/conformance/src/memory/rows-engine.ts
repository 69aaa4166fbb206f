import { readFile, stat, writeFile } from "node:fs/promises";
import {
  type Cell,
  type CompiledQuery,
  type CsvDialect,
  type Engine,
  type FileSchema,
  type InputFile,
  parseType,
  type Relation,
  type ScannableInput,
  type Schema,
  SluiceError,
  type TypeText,
} from "@sluice/core";
import type { TextRow } from "../rows.ts";

interface StoredRows {
  readonly schema: Schema;
  readonly rows: readonly (readonly (string | boolean | null)[])[];
}

/**
 * The least engine that lets sources and sinks be tested without a real one: it writes `values` and reads scans, and its
 * "Parquet" is JSON. It accepts nothing wrongly typed on purpose and checks nothing either.
 */
export function createRowsEngine(): Engine {
  const relations = new Map<string, Relation>();
  const unable = (what: string): never => {
    throw new SluiceError("unsupported", `the rows engine of the conformance suites cannot ${what}`);
  };
  const compile: Engine["compile"] = (relation, request) => {
    const { scan } = partsOf(relation) ?? unable(`run a ${relation.kind}`);
    const sql = JSON.stringify(relation);
    relations.set(sql, relation);
    const named = scan?.kind === "scan" ? Object.values(scan.source)[0] : undefined;
    const schema = scan === undefined ? schemaOfValues(relation) : request.schemaOf(scan.source);
    return {
      engine: "rows",
      sql,
      inputs: typeof named === "string" ? [{ name: named, uses: 1 }] : [],
      parameters: [],
      schema,
      ordered: true,
    } satisfies CompiledQuery;
  };
  const rows: Engine["rows"] = async function* (query, request) {
    request.signal.throwIfAborted();
    const relation = relations.get(query.sql) ?? unable("run a query of another engine");
    if (relation.kind === "values") {
      yield relation.rows.map((row) =>
        row.map((value, index) => cellOf(relation.columns[index]?.type ?? "string", value)),
      );
      return;
    }
    const names = partsOf(relation)?.names;
    const input = request.inputs.get(query.inputs[0]?.name ?? "") ?? unable("read an input that is not given");
    for (const group of input.input.groups) {
      for (const file of group.files) {
        request.signal.throwIfAborted();
        yield await readFileRows(input.input, group.order, file, names ?? input.columns);
      }
    }
  };
  const schemaOfFile = async (path: string): Promise<FileSchema> =>
    (JSON.parse(await readFile(path, "utf8")) as StoredRows).schema;
  return {
    name: "rows",
    supports: (node) => partsOf(node) !== undefined,
    compile,
    rows,
    describe: async () => unable("describe"),
    explain: async (query) => query.sql,
    split: async () => unable("split"),
    validate: async () => unable("validate"),
    schemaOfFile,
    schemasOfFiles: (paths) => Promise.all(paths.map(schemaOfFile)),
    execute: async (query, request) => {
      if (request.output.format !== "parquet") unable(`write ${request.output.format}`);
      const relation = relations.get(query.sql);
      if (relation?.kind !== "values") return unable("write anything but values");
      const stored: StoredRows = { schema: { columns: relation.columns }, rows: relation.rows };
      await writeFile(request.output.path, JSON.stringify(stored));
      const { size } = await stat(request.output.path);
      const file = { path: request.output.path, format: "parquet", rows: relation.rows.length, bytes: size } as const;
      return { files: [file], rowsOut: relation.rows.length, rowsIn: new Map(), incomplete: [] };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

type Scan = Extract<Relation, { kind: "scan" }>;

function partsOf(relation: Relation): { readonly scan?: Scan; readonly names?: readonly string[] } | undefined {
  if (relation.kind === "values") return {};
  if (relation.kind === "scan") return { scan: relation };
  if (relation.kind === "keep" && relation.input.kind === "scan")
    return { scan: relation.input, names: relation.columns };
  return undefined;
}

function schemaOfValues(relation: Relation): Schema {
  return { columns: relation.kind === "values" ? relation.columns : [] };
}

async function readFileRows(
  input: ScannableInput,
  order: readonly string[],
  file: InputFile,
  names: readonly string[],
): Promise<readonly (readonly Cell[])[]> {
  const types = new Map(input.columns.map((column) => [column.name, column.type]));
  const places = names.map((name) => order.indexOf(name));
  const text = await readFile(file.path, "utf8");
  const stored: readonly TextRow[] =
    input.format === "parquet" ? (JSON.parse(text) as StoredRows).rows : parseCsv(text, input.dialect);
  return stored.map((row) =>
    names.map((name, index) => cellOf(types.get(name) ?? "string", row[places[index] ?? -1] ?? null)),
  );
}

function cellOf(type: TypeText, value: string | boolean | null): Cell {
  if (value === null) return null;
  const { kind } = parseType(type);
  if (kind === "string" || kind === "enum" || kind === "json") return value;
  // In a text file, an empty field is no value of any other type.
  if (value === "" && kind !== "bytes") return null;
  if (kind === "bool") return value === true || /^(?:true|1)$/.test(String(value));
  if (/^u?int/.test(kind)) {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : BigInt(String(value));
  }
  if (kind === "float32" || kind === "float64") return Number(String(value).replace(/^(-?)inf$/i, "$1Infinity"));
  return value;
}

/** Records of a file as `CsvDialect` describes it: unquoted empty is null. */
function parseCsv(text: string, dialect: CsvDialect | undefined): (string | null)[][] {
  const delimiter = dialect?.delimiter ?? ",";
  const records: (string | null)[][] = [];
  let record: (string | null)[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^,\n\r"]*))(,|\r?\n|$)/y;
  if (delimiter !== ",") throw new SluiceError("unsupported", "the rows engine reads CSV with commas only");
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    if (found === null) throw new SluiceError("data", "the rows engine met a stray quote", { reason: "strict" });
    const [, quoted, plain = "", end] = found;
    record.push(quoted === undefined ? (plain === "" ? null : plain) : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    records.push(record);
    record = [];
  }
  return dialect?.header === true ? records.slice(1) : records;
}
