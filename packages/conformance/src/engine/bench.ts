import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type {
  BoundValue,
  Cell,
  CompiledQuery,
  CsvDialect,
  Engine,
  EngineInput,
  ExecutionResult,
  ExpressionParser,
  FrozenColumn,
  OutputSpec,
  QueryRequest,
  Relation,
  ScannableInput,
  Schema,
  SplitResult,
} from "@sluice/core";
import { ROWS_DIALECT } from "@sluice/core";
import type { Gaps } from "../suite.ts";

/** What the engine suite needs from whoever calls it. */
export interface EngineHarness {
  readonly name: string;
  readonly open: (limits?: { readonly memoryBytes?: number; readonly scratchBytes?: number }) => Promise<Engine>;
  readonly parser: ExpressionParser;
  /** An empty folder, removed by whoever calls. */
  readonly folder: () => Promise<string>;
  readonly gaps?: Gaps;
}

export const COMMA: CsvDialect = { ...ROWS_DIALECT, header: true };

export interface TextInput {
  /** With their header where the dialect says so; several are several files. */
  readonly texts: readonly (string | Uint8Array)[];
  readonly columns: readonly FrozenColumn[];
  readonly dialect?: Partial<CsvDialect>;
  readonly validate?: "all" | "used";
  /** The order in which each file holds its columns; the frozen one where absent. */
  readonly orders?: readonly (readonly string[])[];
}

export interface Given {
  readonly engine: Engine;
  readonly folder: string;
}

const shared = new WeakMap<EngineHarness, Promise<Engine>>();

/** A folder for one case, and the engine that the cases of a suite share: one that has failed before has to go on. */
export async function withEngine(harness: EngineHarness, body: (given: Given) => Promise<void>): Promise<void> {
  const opening = shared.get(harness) ?? harness.open();
  shared.set(harness, opening);
  await body({ engine: await opening, folder: await harness.folder() });
}

/** Closes what the cases shared. */
export async function closeShared(harness: EngineHarness): Promise<void> {
  const engine = await shared.get(harness);
  await engine?.[Symbol.asyncDispose]();
}

/** An engine of its own, with limits. */
export async function withLimits(
  harness: EngineHarness,
  limits: { readonly memoryBytes?: number; readonly scratchBytes?: number },
  body: (given: Given) => Promise<void>,
): Promise<void> {
  await using engine = await harness.open(limits);
  await body({ engine, folder: await harness.folder() });
}

export function column(name: string, type: string, rest: Partial<FrozenColumn> = {}): FrozenColumn {
  return { name, type, nullable: true, ...rest };
}

/** A text input whose files lie in the folder. */
export async function textInput(folder: string, given: TextInput): Promise<ScannableInput> {
  const place = await mkdtemp(join(folder, "in [1] it's-"));
  const frozen = given.columns.map((one) => one.name);
  const groups = await Promise.all(
    given.texts.map(async (text, index) => {
      const path = join(place, `000${index + 1}.csv`);
      await writeFile(path, text);
      return {
        order: given.orders?.[index] ?? frozen,
        files: [{ path, origin: `data/${index + 1}.csv`, bytes: text.length }],
      };
    }),
  );
  return {
    format: "csv",
    groups: mergeGroups(groups),
    dialect: { ...COMMA, ...given.dialect },
    columns: given.columns,
    validate: given.validate ?? "all",
    identity: null,
  };
}

function mergeGroups(groups: readonly ScannableInput["groups"][number][]): ScannableInput["groups"] {
  const merged = new Map<string, ScannableInput["groups"][number]>();
  for (const group of groups) {
    const key = JSON.stringify(group.order);
    merged.set(key, { order: group.order, files: [...(merged.get(key)?.files ?? []), ...group.files] });
  }
  return [...merged.values()];
}

/** A landed output as the input of another query. */
export function landed(path: string, schema: Schema): ScannableInput {
  return {
    format: "parquet",
    groups: [{ order: schema.columns.map(({ name }) => name), files: [{ path, origin: path, bytes: 0 }] }],
    columns: schema.columns,
    validate: "all",
    identity: null,
  };
}

export const scan = (dataset: string): Relation => ({ kind: "scan", source: { dataset } });

export interface Inputs {
  readonly [name: string]: ScannableInput | { readonly input: ScannableInput; readonly columns: readonly string[] };
}

/** The relation compiled, with its inputs; all columns of an input are used unless named. */
export function compile(
  engine: Engine,
  relation: Relation,
  inputs: Inputs = {},
  parameters: ReadonlyMap<string, BoundValue> = new Map(),
): { readonly query: CompiledQuery; readonly request: QueryRequest } {
  const resolved = new Map<string, EngineInput>(
    Object.entries(inputs).map(([name, input]) => [
      name,
      "input" in input ? input : { input, columns: input.columns.map((one) => one.name) },
    ]),
  );
  const query = engine.compile(relation, {
    schemaOf: (source) => {
      const name = "dataset" in source ? source.dataset : "stage" in source ? source.stage : "";
      const columns = resolved.get(name)?.input.columns ?? [];
      return { columns: columns.map(({ name: own, type, nullable }) => ({ name: own, type, nullable })) };
    },
    parameters: new Map([...parameters].map(([name, { type }]) => [name, type])),
  });
  const request: QueryRequest = {
    inputs: resolved,
    parameters,
    constants: { now: "2024-02-29T12:00:00.000Z", today: "2024-02-29" },
    signal: new AbortController().signal,
  };
  return { query, request };
}

/** The rows of a relation. */
export async function rowsOf(
  engine: Engine,
  relation: Relation,
  inputs: Inputs = {},
  parameters?: ReadonlyMap<string, BoundValue>,
): Promise<readonly (readonly Cell[])[]> {
  const { query, request } = compile(engine, relation, inputs, parameters);
  const found: (readonly Cell[])[] = [];
  for await (const batch of engine.rows(query, request)) found.push(...batch);
  return found;
}

/** The relation written to a file of the folder. */
export async function executed(
  { engine, folder }: Given,
  relation: Relation,
  inputs: Inputs = {},
  output: Partial<OutputSpec> = {},
  signal?: AbortSignal,
): Promise<ExecutionResult & { readonly path: string }> {
  const { query, request } = compile(engine, relation, inputs);
  await mkdir(join(folder, "out"), { recursive: true });
  const path = output.path ?? join(folder, "out", `result.${output.format ?? "parquet"}`);
  const result = await engine.execute(query, {
    ...request,
    ...(signal === undefined ? {} : { signal }),
    output: { format: "parquet", ordered: query.ordered, ...output, path },
  });
  return { ...result, path };
}

export interface SplitFilesResult extends SplitResult {
  readonly rows: readonly (readonly Cell[])[];
  /** file, record, line, column, rule, raw, bytes */
  readonly rejects: readonly (readonly Cell[])[];
  readonly input: ScannableInput;
}

/** A text input parted, and both parts read back. */
export async function parted(
  { engine, folder }: Given,
  input: ScannableInput,
  columns: readonly string[] = input.columns.map((one) => one.name),
): Promise<SplitFilesResult> {
  const place = await mkdtemp(join(folder, "split [1]-"));
  const [accepted, rejected] = [join(place, "accepted.parquet"), join(place, "rejected.parquet")];
  const signal = new AbortController().signal;
  const result = await engine.split({ name: "input", input, columns, accepted, rejected, signal });
  const wanted = { columns: input.columns.filter((one) => columns.includes(one.name)) };
  const read = async (path: string, schema: Schema): Promise<readonly (readonly Cell[])[]> =>
    rowsOf(engine, scan("landed"), { landed: landed(path, schema) });
  return {
    ...result,
    rows: await read(accepted, wanted),
    rejects: await read(rejected, REJECTS),
    input: landed(accepted, wanted),
  };
}

export const REJECTS: Schema = {
  columns: [
    { name: "file", type: "string", nullable: true },
    { name: "record", type: "int64", nullable: true },
    { name: "line", type: "int64", nullable: true },
    { name: "column", type: "string", nullable: true },
    { name: "rule", type: "string", nullable: true },
    { name: "raw", type: "string", nullable: true },
    { name: "bytes", type: "int64", nullable: true },
  ],
};
