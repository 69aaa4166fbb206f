import {
  type Address,
  type FrozenColumn,
  type FrozenDataset,
  type LoadDefinition,
  SluiceError,
  type StreamInfo,
} from "@sluice/core";
import type { Session } from "../composition.ts";
import { freeze } from "../sync/freeze.ts";
import { fitToTarget, isOpen, lookAtTarget } from "./fit-to-target.ts";

export interface InlineRequest {
  readonly name: string;
  readonly address: Address;
  /** Values of the pipeline's parameters, for templates. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The columns of delimited text are all text. */
  readonly asText?: boolean;
  /** Types may be those of the start of a text, which is told here. */
  readonly onEarly?: (() => void) | undefined;
  /** The load that takes the rows as they are read: what the text leaves open, its target may decide. */
  readonly load?: LoadDefinition | undefined;
}

/** An address that stands in a pipeline, typed by a look at all of it, for this run only. */
export async function freezeInline(
  session: Session,
  { name, address, parameters, asText = false, onEarly, load }: InlineRequest,
): Promise<FrozenDataset> {
  const adapter = await session.adapter(address.type);
  if (adapter.openSource === undefined) {
    throw new SluiceError("unsupported", `${adapter.nameOf(address)} cannot be read: ${address.type} is not a source`);
  }
  const parsed = adapter.parseAddress(address);
  const connection = parsed.connection === undefined ? undefined : session.connection(parsed.connection);
  const warnings: string[] = [];
  const context = await session.openContext((message) => warnings.push(message));
  await using source = await adapter.openSource(parsed, connection, context);
  const looking = {
    types: new Map(),
    required: [],
    dialect: {},
    parameters,
    isForOnce: true as const,
    ...(onEarly === undefined ? {} : { mayBeEarly: true as const }),
    signal: session.signal,
  };
  for await (const stream of source.discover(looking)) {
    if (stream.early !== undefined) onEarly?.();
    const found = asText && stream.dialect !== undefined ? { ...stream, columns: stream.columns.map(textOf) } : stream;
    const frozen = freeze(name, { address, options: {} }, found);
    const columns = asText ? frozen.columns : await fittedColumns(session, frozen, { stream, load });
    return { ...frozen, columns, warnings: [...frozen.warnings, ...warnings] };
  }
  throw new SluiceError("data", `${adapter.nameOf(address)} holds nothing that can be read`);
}

async function fittedColumns(
  session: Session,
  { columns, dialect }: FrozenDataset,
  { stream: { valueless = [] }, load }: { readonly stream: StreamInfo; readonly load: LoadDefinition | undefined },
): Promise<readonly FrozenColumn[]> {
  if (load === undefined || dialect === undefined) return columns;
  const open = columns.filter((column) => isOpen(column, valueless)).map(({ name }) => name);
  const target = open.length === 0 ? undefined : await lookAtTarget(session, load, open);
  return target === undefined ? columns : fitToTarget(columns, valueless, target);
}

function textOf(column: FrozenColumn): FrozenColumn {
  const { name, span, partition } = column;
  if (partition === true) return column;
  return { name, type: "string", nullable: true, ...(span === undefined ? {} : { span }) };
}
