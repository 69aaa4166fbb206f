import { join } from "node:path";
import {
  type Cell,
  type CompiledQuery,
  type Engine,
  type EngineInput,
  type ExecuteRequest,
  type OutputSpec,
  type QueryRequest,
  type Relation,
  type Schema,
  SluiceError,
  walkRelation,
} from "@sluice/core";
import { bindingsOf } from "./bindings.ts";
import { cellOf, cellTerm } from "./cells.ts";
import { type ClientOptions, createClient, type RunOptions, type Session } from "./client.ts";
import { countParquet, originsOf, resultOf } from "./execution-result.ts";
import { cutLargeFiles, filesBelow } from "./folder-output.ts";
import { giveUpJoinFilters, streamUnlessJoinFilters, unlessJoinFilters } from "./join-filters.ts";
import { lookAtTable } from "./look-at-table.ts";
import { copySql, typedSql } from "./output.ts";
import { schemaOfParquet, schemasOfParquet } from "./parquet-schema.ts";
import { linkInFolders } from "./partition-folders.ts";
import { type PassedColumns, passedColumns } from "./passed-columns.ts";
import { assertOneSelect, trust } from "./raw-sql.ts";
import { readLimits } from "./read-limits.ts";
import { compileRelation } from "./relation.ts";
import { removeOutput } from "./remove-output.ts";
import { type KnownFiles, scanSql } from "./scan.ts";
import { split } from "./split.ts";
import { quoteName } from "./sql-text.ts";
import { syncingMeanwhile } from "./sync-meanwhile.ts";
import { finishTable } from "./table-output.ts";
import { writeWithoutRows } from "./table-scan.ts";
import { storedSchema } from "./table-sql.ts";
import { createTextCheck } from "./text-check.ts";
import { type ConvertLimits, convertText, isWorthConverting, type TextColumns } from "./text-columns/convert.ts";
import { duckDbTypeOf, logicalTypeOf } from "./types.ts";
import { writeOrInstead } from "./write-or-instead.ts";

export type EngineOptions = ClientOptions & ConvertLimits;

interface ConvertedTexts extends AsyncDisposable {
  readonly found: ReadonlyMap<string, TextColumns>;
}

/** DuckDB counts line ends in. */
const LINE_END_BYTES = 16;

/**
 * DuckDB as an engine, in this process. Nothing is opened before it is first used; disposing of it closes it and removes
 * its folder.
 *
 * @example
 * await using engine = createDuckDbEngine({ scratch: "/tmp/x", memoryBytes: 1e9, threads: 2 });
 * engine.compile({ kind: "limit", input: crashes, count: 3 }, request).sql; // 'select * from "crashes" as t limit 3'
 */
export function createDuckDbEngine(options: EngineOptions = {}): Engine {
  const client = createClient(options);
  const { lineBytes, takesJson } = readLimits(options.memoryBytes);
  const textCheck = createTextCheck(lineBytes - LINE_END_BYTES, takesJson);
  /** Files of tables that were looked at; they never change. */
  const numbered = new Set<string>();
  /** To files, in folders of their partitions. */
  const links = new Map<string, string>();
  let withoutRows: Promise<string> | undefined;
  const fileWithoutRows = (session: Session): Promise<string> => {
    withoutRows ??= client
      .folder()
      .then((folder) => writeWithoutRows(join(folder, "without-rows.parquet"), session))
      .catch((error: unknown) => {
        withoutRows = undefined;
        throw error;
      });
    return withoutRows;
  };

  /** Queries of authors that may join. */
  const joining = new WeakSet<CompiledQuery>();
  /** What each query only gives on. */
  const passed = new WeakMap<CompiledQuery, PassedColumns>();

  /** The statement for a query: what its inputs stand for, in front of it. */
  const prepare = async (
    query: CompiledQuery,
    request: QueryRequest & Partial<Pick<ExecuteRequest, "output">>,
    session: Session,
    texts: ReadonlyMap<string, TextColumns> = new Map(),
  ): Promise<string> => {
    await assertOneSelect(query, session);
    const known = new Map<string, KnownFiles>();
    for (const { name } of query.inputs) {
      const { input, columns } = inputOf(query, request, name);
      const accepted = texts.get(name);
      if (accepted === undefined) await textCheck.check(name, input, request.signal);
      known.set(name, {
        accepted,
        table: await lookAtTable(input, numbered, session, () => fileWithoutRows(session)),
        folders: await linkInFolders(input, columns, () => client.folder(), links),
        verbatim: verbatimColumns(name, passed.get(query), request.output),
      });
    }
    return withInputs(query, (name) => {
      const { input, columns } = inputOf(query, request, name);
      return scanSql(name, input, columns, lineBytes, known.get(name));
    });
  };

  /** The texts that a query reads whole, taken apart in one pass over their bytes where they are sure to be accepted. */
  const convertTexts = async (
    query: CompiledQuery,
    { inputs, output, signal }: ExecuteRequest,
  ): Promise<ConvertedTexts> => {
    const found = new Map<string, TextColumns>();
    const remove = async (): Promise<void> => {
      for (const text of found.values()) await text[Symbol.asyncDispose]();
    };
    try {
      for (const [name, { input, columns }] of inputs) {
        if (!isWorthConverting(input, options)) continue;
        const { threads } = options;
        const asText = verbatimColumns(name, passed.get(query), output);
        const folder = await client.folder();
        const text = await convertText({ input, columns, asText, folder, signal, threads });
        if (text !== undefined) found.set(name, text);
      }
    } catch (error) {
      await remove();
      throw error;
    }
    return { found, [Symbol.asyncDispose]: remove };
  };

  const optionsOf = (query: CompiledQuery, request: QueryRequest): RunOptions => ({
    values: bindingsOf(query, request),
    signal: request.signal,
    readsText: [...request.inputs.values()].some(({ input }) => input.format !== "parquet"),
    origins: originsOf(
      [...request.inputs.values()].map(({ input }) => input),
      links,
    ),
    ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }),
  });

  const describeSql = async (sql: string, session: Session, run: RunOptions): Promise<Schema> => {
    const { rows } = await session.run(`describe ${sql}`, run);
    return {
      columns: rows.map((row) => ({ name: String(row[0]), type: logicalTypeOf(String(row[1])), nullable: true })),
    };
  };

  return {
    name: "duckdb",
    supports: (node) => node.kind !== "sql" || node.engine === "duckdb",

    compile(relation, request) {
      const query = compileRelation(relation, request);
      let isRaw = false;
      walkRelation(relation, (node) => {
        isRaw ||= node.kind === "sql" && request.isOwn !== true;
        if (JOINING.includes(node.kind) && request.isOwn !== true) joining.add(query);
      });
      const passes = passedColumns(relation, request);
      if (passes !== undefined) passed.set(query, passes);
      return isRaw ? query : trust(query);
    },

    describe: (query, inputs) =>
      client.use(async (session) => {
        await assertOneSelect(query, session);
        const sql = withInputs(query, (name) => emptyInput(name, inputs.get(name)));
        const values: Record<string, null> = { sluice_now: null, sluice_today: null };
        for (const name of query.parameters) values[name] = null;
        return describeSql(sql, session, { values });
      }),

    execute: (query, request) =>
      client.use(async (session) => {
        await using texts = await convertTexts(query, request);
        const sql = await prepare(query, request, session, texts.found);
        const run = optionsOf(query, request);
        const schema = query.schema ?? (await describeSql(sql, session, { values: run.values ?? {} }));
        const typed = query.schema === undefined ? typedSql(sql, schema) : sql;
        return await writeOrInstead(request.output, async (output) => {
          const { memoryBytes } = options;
          const { table } = output;
          if (table?.partitions.some(({ transform }) => transform === "bucket") === true) await session.defineBuckets();
          const copy = () => session.run(copySql(typed, output, schema, memoryBytes), run);
          const isInOneFolder = table?.partitions.length === 0;
          const { rows, rowsChanged } = await unlessJoinFilters(
            session,
            () => (isInOneFolder ? syncingMeanwhile(output.path, copy) : copy()),
            () => removeOutput(output.path),
          );
          const rowsOut = table === undefined ? rowsChanged : rows.reduce((sum, row) => sum + Number(row[1]), 0);
          // Before anything else is run: the profile is that of the last statement.
          const result = await resultOf(rowsOut, { ...request, output }, session, texts.found);
          if (table !== undefined) {
            const options = { memoryBytes, run };
            const stored = storedSchema(table, schema);
            return { ...result, files: await finishTable(rows, output, table, stored, session, options) };
          }
          if (output.folder === undefined && output.parquet?.groupsPerFile === undefined) return result;
          await cutLargeFiles(output, schema, session, { memoryBytes, run });
          const bytes = (await filesBelow(output.path)).reduce((sum, file) => sum + file.bytes, 0);
          return { ...result, files: result.files.map((file) => ({ ...file, bytes })) };
        });
      }),

    async *rows(query, request): AsyncIterable<readonly (readonly Cell[])[]> {
      const { session, giveBack } = await client.lend();
      try {
        const sql = await prepare(query, request, session);
        const run = optionsOf(query, request);
        const schema = query.schema ?? (await describeSql(sql, session, { values: run.values ?? {} }));
        const cells = `select ${schema.columns.map(cellTerm).join(", ")} from (${sql}\n)`;
        if (joining.has(query) && readsSeveral(request)) await giveUpJoinFilters(session);
        for await (const { rows } of streamUnlessJoinFilters(session, cells, run)) {
          yield rows.map((row) => row.map(cellOf));
        }
      } finally {
        giveBack();
      }
    },

    explain: (query, request) =>
      client.use(async (session) => {
        const sql = await prepare(query, request, session);
        const { rows } = await session.run(`explain ${sql}`, optionsOf(query, request));
        return rows.map((row) => String(row[1])).join("\n");
      }),

    split: (request) => client.use((session) => split(request, session, client)),

    validate: (input, signal) =>
      client.use(async (session) => {
        if (input.format === "parquet") return countParquet(input, session);
        await textCheck.check("input", input, signal);
        const sql = `select count(*) from (${scanSql("input", input, [], lineBytes)})`;
        const { rows } = await session.run(sql, { signal, readsText: true, origins: originsOf([input]) });
        return Number(rows[0]?.[0]);
      }),

    schemaOfFile: (path) => client.use((session) => schemaOfParquet(path, session)),
    schemasOfFiles: (paths) => client.use((session) => schemasOfParquet(paths, session)),

    warmUp: () => client.warmUp(),

    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** Columns of an input that are written as they stand there, under each name that they are given. */
function verbatimColumns(
  input: string,
  passed: PassedColumns | undefined,
  output: OutputSpec | undefined,
): ReadonlySet<string> | undefined {
  const wanted = output?.csv?.verbatim;
  if (wanted === undefined || passed?.input !== input) return undefined;
  const written = [...passed.columns].filter(([, names]) => names.every((name) => wanted.includes(name)));
  return new Set(written.map(([column]) => column));
}

function inputOf(query: CompiledQuery, request: QueryRequest, name: string): EngineInput {
  const found = request.inputs.get(name);
  if (found !== undefined) return found;
  throw new SluiceError("internal", `the query reads "${name}", which was not given: ${query.sql}`);
}

const JOINING: readonly Relation["kind"][] = ["join", "intersect", "except", "sql"];

/** Whether files are read whose types may differ from one to the next, or from what is asked. */
function readsSeveral({ inputs }: QueryRequest): boolean {
  return [...inputs.values()].some(
    ({ input: { format, groups, fieldIds } }) =>
      format === "parquet" && (fieldIds !== undefined || groups.some(({ files }) => files.length > 1)),
  );
}

/** A materialised input is read once, whatever the planner thinks: read twice, it would be checked twice. */
function withInputs(query: CompiledQuery, sqlOf: (name: string) => string): string {
  if (query.inputs.length === 0) return query.sql;
  const inputs = query.inputs.map(
    ({ name, uses }) => `${quoteName(name)} as ${uses > 1 ? "materialized" : "not materialized"} (${sqlOf(name)})`,
  );
  return `with ${inputs.join(", ")} select * from (${query.sql}\n)`;
}

function emptyInput(name: string, schema: Schema | undefined): string {
  if (schema === undefined) throw new SluiceError("internal", `the query reads "${name}", whose schema was not given`);
  const columns = schema.columns.map(
    (column) => `cast(null as ${duckDbTypeOf(column.type)}) as ${quoteName(column.name)}`,
  );
  return `select ${columns.join(", ")} where false`;
}
