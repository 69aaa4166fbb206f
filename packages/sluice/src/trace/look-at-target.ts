import {
  type Address,
  type BoundValue,
  type Expression,
  type FrozenDataset,
  isSluiceError,
  type LoadDefinition,
  type Relation,
  type Schema,
  SluiceError,
  type Source,
  walkExpression,
} from "@sluice/core";
import type { Session } from "../composition.ts";
import { freeze } from "../sync/freeze.ts";
import { openRows } from "./open-rows.ts";
import { createQuestions } from "./questions.ts";
import type { TargetReport } from "./report.ts";

export interface TargetRequest {
  readonly load: LoadDefinition;
  readonly schema: Schema;
  readonly condition: Expression;
  readonly parameters: ReadonlyMap<string, BoundValue>;
  readonly types: ReadonlyMap<string, string>;
  readonly constants: { readonly now: string; readonly today: string };
}

/** How long a look at a target may take: it is an aside. */
const PATIENCE_MS = 5000;

/** How many of the rows that were asked about a target holds now; nobody waits long for it. */
export async function lookAtTarget(session: Session, request: TargetRequest): Promise<TargetReport> {
  const { partitions, targetSize } = request.load.into;
  if (partitions !== undefined || targetSize !== undefined) {
    return { rows: null, isThere: true, why: "it is a folder of files" };
  }
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const signal = AbortSignal.any([session.signal, patience]);
  const opened: Source[] = [];
  try {
    const rows = await countRows(session, request, { signal, onOpened: (source) => void opened.push(source) });
    return { rows, isThere: true };
  } catch (thrown) {
    session.signal.throwIfAborted();
    if (patience.aborted)
      return { rows: null, isThere: true, why: `it takes more than ${PATIENCE_MS / 1000} s to look` };
    if (!isSluiceError(thrown)) throw thrown;
    return { rows: null, isThere: thrown.code !== "missing", why: thrown.message };
  } finally {
    for (const source of opened) await source[Symbol.asyncDispose]();
  }
}

interface Looking {
  readonly signal: AbortSignal;
  readonly onOpened: (source: Source) => void;
}

async function countRows(session: Session, request: TargetRequest, looking: Looking): Promise<number> {
  const { condition, parameters, types, constants } = request;
  const dataset = await frozenTarget(session, request, looking);
  const columns = columnsIn(condition).filter((name) => dataset.columns.some((column) => column.name === name));
  const rows = await openRows(session, { dataset, columns, parameters, ...looking });
  const { name } = dataset;
  const questions = await createQuestions(session, { opened: new Map([[name, rows]]), parameters, types, constants });
  const scan: Relation = { kind: "scan", source: { dataset: name } };
  return await questions.count({ kind: "filter", input: scan, condition });
}

/** The target as a source: what it holds by the types that were written. */
async function frozenTarget(
  session: Session,
  { load, schema, parameters }: TargetRequest,
  { signal, onOpened }: Looking,
): Promise<FrozenDataset> {
  const adapter = await session.adapter(load.into.type);
  if (adapter.openSource === undefined) {
    throw new SluiceError("unsupported", `${adapter.nameOf(load.into)} can only be written`);
  }
  const address = asSource(adapter.parseAddress(load.into));
  const connection = address.connection === undefined ? undefined : session.connection(address.connection);
  const context = await session.openContext(() => undefined);
  const source = await adapter.openSource(address, connection, { ...context, signal });
  onOpened(source);
  const types = new Map(schema.columns.map(({ name, type }) => [name, type]));
  const texts = new Map(
    [...parameters].flatMap(([name, { value }]) => (value === null ? [] : [[name, String(value)]])),
  );
  const names = load.into.header === false ? { columns: [...types.keys()] } : {};
  const looking = { types, required: [], dialect: dialectOf(address), parameters: texts, signal, ...names };
  for await (const stream of source.discover(looking)) {
    return { ...freeze("target", { address, options: {} }, stream), validate: "used" };
  }
  throw new SluiceError("missing", "it holds nothing that can be read");
}

/** How a target's values are quoted is no matter of its reader's. */
function asSource(address: Address): Address {
  const { quote: _, compression: __, ...rest } = address;
  return rest as Address;
}

function dialectOf({ delimiter, header }: Address): { readonly delimiter?: string; readonly header?: boolean } {
  return {
    ...(typeof delimiter === "string" ? { delimiter } : {}),
    ...(typeof header === "boolean" ? { header } : {}),
  };
}

function columnsIn(expression: Expression): readonly string[] {
  const found = new Set<string>();
  walkExpression(expression, (node) => {
    if (node.kind === "column") found.add(node.name);
  });
  return [...found];
}
