import { join } from "node:path";
import { createPlaces } from "@sluice/conformance";
import type {
  Engine,
  EngineInput,
  Expression,
  FrozenColumn,
  FrozenDataset,
  Json,
  OpenContext,
  Relation,
  ScannableInput,
} from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter } from "@sluice/sqlite";
import fc from "fast-check";
import Database from "libsql";
import { afterAll, expect, it } from "vitest";

const places = createPlaces("sluice-sqlite-condition-");
afterAll(places.remove);
const engine: Engine = createDuckDbEngine({ threads: 1 });
afterAll(() => engine[Symbol.asyncDispose]());

const COLUMNS: readonly FrozenColumn[] = [
  { name: "i", type: "int64", nullable: true },
  { name: "n", type: "int64", nullable: true },
  { name: "r", type: "float64", nullable: true },
  { name: "s", type: "string", nullable: true },
  { name: "b", type: "bool", nullable: true, words: [["1"], ["0"]] },
  { name: "d", type: "date", nullable: true, format: "%Y-%m-%d" },
  { name: "t", type: "timestamp", nullable: true, format: "%Y-%m-%d %H:%M:%S.%f" },
  { name: "z", type: "timestamptz", nullable: true, format: "%Y-%m-%d %H:%M:%S.%f%z" },
  { name: "m", type: "decimal(10,2)", nullable: true },
];
const DECLARED =
  "i integer, n numeric, r real, s text collate nocase, b boolean, d date, t timestamp, z timestamptz, m text decimal(10,2)";

/** Values of every class that may stand in a column, those among them that its type refuses. */
const STORED: Readonly<Record<string, readonly string[]>> = {
  i: ["null", "0", "5", "-7", "9007199254740993", "9223372036854775807", "1.5", "'x'", "''", "x'35'", "'05'"],
  n: ["null", "0", "5", "9007199254740993", "2.0", "'x'", "''"],
  r: ["null", "0.0", "0.1", "-2.5", "1e300", "5", "'x'", "'-inf'", "'nan'", "9e999", "''"],
  s: ["null", "''", "'a'", "'A'", "'ab'", "'41'", "x'41'", "'ü'", "'a b'", "5"],
  b: ["null", "0", "1", "2", "'x'", "''"],
  d: ["null", "'2024-01-01'", "'2024-02-10'", "'1999-12-31'", "20240101", "'x'", "''"],
  t: [
    "null",
    "'2024-01-01 00:00:00'",
    "'2024-01-01 00:00:00.5'",
    "'2024-01-01 00:00:00.50'",
    "'2024-01-01 00:00:01'",
    "''",
  ],
  z: ["null", "'2024-01-01 00:00:00+00:00'", "'2024-01-01 01:00:00.25+01:00'", "'2023-12-31 20:00:00-05:00'", "''"],
  m: ["null", "'12.30'", "'9.00'", "'-1.00'", "''"],
};

const number = (value: string): Expression => ({ kind: "literal", type: "number", value });
const text = (value: string): Expression => ({ kind: "literal", type: "string", value });
const typed = (type: "date" | "timestamp" | "timestamptz", value: string): Expression => ({
  kind: "literal",
  type,
  value,
});
const LITERALS: Readonly<Record<string, readonly Expression[]>> = {
  i: ["0", "5", "-7", "9007199254740993", "9223372036854775807", "1e2"].map(number),
  n: ["5", "9007199254740992", "0"].map(number),
  r: ["0.1", "5", "-2.5", "1e300"].map(number),
  s: ["", "a", "A", "ab", "41", "ü", "z"].map(text),
  b: [true, false].map((value) => ({ kind: "literal", type: "bool", value })),
  d: [typed("date", "2024-01-01"), typed("date", "2024-02-10"), text("2000-01-01")],
  t: [
    typed("timestamp", "2024-01-01T00:00:00.5"),
    typed("timestamp", "2024-01-01 00:00"),
    typed("timestamp", "2024-01-01"),
  ],
  z: [typed("timestamptz", "2024-01-01T00:00:00Z"), typed("timestamptz", "2024-01-01T00:00:00.25+00:00")],
  m: ["12.3", "9"].map(number),
};

const call = (name: string, ...args: readonly Expression[]): Expression => ({ kind: "call", name, arguments: args });
const leaf: fc.Arbitrary<Expression> = fc.constantFrom(...COLUMNS.map(({ name }) => name)).chain((name) => {
  const column: Expression = { kind: "column", name };
  const literal = fc.constantFrom(...(LITERALS[name] ?? []));
  const ordered = name === "b" ? ["eq", "ne"] : ["eq", "ne", "lt", "lte", "gt", "gte"];
  return fc.oneof(
    fc.tuple(fc.constantFrom(...ordered), literal).map(([sign, one]) => call(sign, column, one)),
    fc.tuple(fc.constantFrom(...ordered), literal).map(([sign, one]) => call(sign, one, column)),
    fc.constantFrom("isNull", "isNotNull").map((sign) => call(sign, column)),
    fc
      .tuple(fc.constantFrom("in", "notIn"), literal, literal)
      .map(([sign, one, other]) => call(sign, column, one, other)),
    ...(name === "b"
      ? [fc.constant(column)]
      : [fc.tuple(literal, literal).map(([one, other]) => call("between", column, one, other))]),
    // Not for SQLite to say.
    ...(name === "s" ? [fc.constant(call("eq", call("upper", column), text("A")))] : []),
  );
});
const { filter: filters } = fc.letrec<{ filter: Expression }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("filter"), { minLength: 2, maxLength: 3 }).map((parts) => call("and", ...parts)),
    fc.array(tie("filter"), { minLength: 2, maxLength: 3 }).map((parts) => call("or", ...parts)),
    tie("filter").map((one) => call("not", one)),
  ),
}));
const rows = fc.array(fc.tuple(...COLUMNS.map(({ name }) => fc.constantFrom(...(STORED[name] ?? ["null"])))), {
  maxLength: 30,
});

it("gives for every filter what the whole table gives", async () => {
  const folder = await places.newFolder();
  let made = 0;
  let narrowed = 0;
  await fc.assert(
    fc.asyncProperty(filters, rows, fc.boolean(), async (filter, values, isIndexed) => {
      const path = join(folder, `${++made}.db`);
      const database = new Database(path);
      database.exec(`create table t (${DECLARED})`);
      if (isIndexed) for (const { name } of COLUMNS) database.exec(`create index "by_${name}" on t (${name})`);
      for (const row of values) database.exec(`insert into t values (${row.join(", ")})`);
      database.close();
      const context = await places.newContext(engine);
      const whole = await read(path, undefined, context);
      const pushed = await read(path, filter, await places.newContext(engine));
      if (pushed.total < whole.total) narrowed += 1;
      expect(await filtered(pushed.input, filter, context)).toEqual(await filtered(whole.input, filter, context));
    }),
    { numRuns: 60 },
  );
  expect(narrowed).toBeGreaterThan(10);
});

async function read(
  path: string,
  filter: Expression | undefined,
  context: OpenContext,
): Promise<{ readonly input: ScannableInput; readonly total: number }> {
  const dataset: FrozenDataset = {
    version: 1,
    name: "t",
    source: { type: "sqlite" },
    columns: COLUMNS,
    validate: "all",
    drift: "fail",
    reordered: "fail",
    stage: "volatile",
    warnings: [],
  };
  await using source = await adapter.openSource?.({ type: "sqlite", path, table: "t" }, undefined, context);
  const files: ScannableInput["groups"][number]["files"][number][] = [];
  let dialect: ScannableInput["dialect"];
  let identity: Json = null;
  let total = 0;
  const request = { dataset, columns: [], parameters: new Map(), signal: context.signal, warn: () => undefined };
  for await (const { batch, position } of source?.read?.({ ...request, ...(filter === undefined ? {} : { filter }) }) ??
    []) {
    files.push(...batch.files);
    dialect = batch.dialect;
    identity = position;
    total += batch.rows ?? 0;
  }
  const order = COLUMNS.map(({ name }) => name);
  const input: ScannableInput = {
    format: "csv",
    groups: [{ order, files }],
    columns: COLUMNS,
    validate: "all",
    identity,
    ...(dialect === undefined ? {} : { dialect }),
  };
  return { input, total };
}

/** The accepted rows for which the engine finds the filter true. */
async function filtered(input: ScannableInput, filter: Expression, context: OpenContext): Promise<readonly string[]> {
  const columns = COLUMNS.map(({ name }) => name);
  const name = (await places.newFolder()).replace(/.*\//, "");
  const accepted = join(context.scratch, `${name}-accepted.parquet`);
  const rejected = join(context.scratch, `${name}-rejected.parquet`);
  await engine.split({ name: "t", input, columns, accepted, rejected, signal: context.signal });
  const relation: Relation = { kind: "filter", input: { kind: "scan", source: { stage: "t" } }, condition: filter };
  const schema = { columns: COLUMNS.map(({ name, type, nullable }) => ({ name, type, nullable })) };
  const query = engine.compile(relation, { schemaOf: () => schema, parameters: new Map() });
  const landed: EngineInput = {
    columns,
    input: {
      format: "parquet",
      groups: [{ order: columns, files: [{ path: accepted, origin: "t", bytes: 0 }] }],
      columns: COLUMNS,
      validate: "used",
      identity: null,
    },
  };
  const found: string[] = [];
  const constants = { now: "2024-01-01T00:00:00Z", today: "2024-01-01" };
  const request = { inputs: new Map([["t", landed]]), parameters: new Map(), constants, signal: context.signal };
  for await (const batch of engine.rows(query, request)) {
    found.push(
      ...batch.map((row) => JSON.stringify(row, (_, cell) => (typeof cell === "bigint" ? String(cell) : cell))),
    );
  }
  return found.toSorted();
}
