import {
  type ExistingTarget,
  type FrozenColumn,
  type LoadDefinition,
  type PipelineDefinition,
  parseType,
  SluiceError,
  type TypeText,
} from "@sluice/core";
import type { Session } from "../composition.ts";

/** A target that rows go to as they are read, and how. */
export interface FitTarget {
  readonly load: LoadDefinition;
  /** As a person would write it. */
  readonly shown: string;
  readonly existing: ExistingTarget;
}

/** The load that takes the rows of a source as they are read. */
export function plainLoad({ steps }: PipelineDefinition, step: string): LoadDefinition | undefined {
  const found = steps.find(({ name }) => name === step);
  return found?.kind === "load" && found.from.kind === "scan" ? found : undefined;
}

/** What of the columns of a text that nobody declared its target may decide. */
export function isOpen({ name, type }: FrozenColumn, valueless: readonly string[]): boolean {
  return valueless.includes(name) || type === "int64";
}

/** Looks at what is there of the target; undefined where there is nothing, or where the target takes every schema. */
export async function lookAtTarget(
  session: Session,
  load: LoadDefinition,
  columns: readonly string[],
): Promise<FitTarget | undefined> {
  const adapter = await session.adapter(load.into.type);
  if (adapter.openSink === undefined) return undefined;
  const address = adapter.parseAddress(load.into);
  const connection = address.connection === undefined ? undefined : session.connection(address.connection);
  const context = await session.openContext(() => undefined);
  await using sink = await adapter.openSink(address, connection, context);
  const existing = await sink.existing?.(columns, session.signal);
  return existing === undefined ? undefined : { load, shown: adapter.nameOf(load.into), existing };
}

/**
 * The columns of a text, typed for a table that is there: one without a value takes the table's type, and whole numbers the
 * width that the table has, where a value beyond it ends the load.
 *
 * @throws SluiceError `config` where a replace would make another column of one, and no value says that it should
 */
export function fitToTarget(
  columns: readonly FrozenColumn[],
  valueless: readonly string[],
  { load, shown, existing }: FitTarget,
): readonly FrozenColumn[] {
  const { types, others, made } = existing;
  const isRemade = load.mode === "replace" && made;
  return columns.map((column) => {
    const { name, type, nullable, comment, nulls, trim } = column;
    const wanted = types.get(name);
    if (valueless.includes(name)) {
      if (wanted !== undefined && isInText(wanted)) {
        return {
          name,
          type: wanted,
          nullable,
          ...(nulls === undefined ? {} : { nulls }),
          ...(trim === undefined ? {} : { trim }),
          ...(comment === undefined ? {} : { comment }),
        };
      }
      if (isRemade && (wanted !== undefined || others.has(name))) {
        throw new SluiceError(
          "config",
          `no value stands in column "${name}", so that it has no type, and the one in ${shown} is ${wanted ?? others.get(name)}, which no text holds: a replace would make text of it`,
          {
            offending: name,
            hint: `leave the column out, empty the table by itself, or replace it with rows of its own types`,
          },
        );
      }
      return column;
    }
    const isNarrower = wanted !== undefined && type === "int64" && NARROWER.includes(wanted);
    return isNarrower && !isRemade && load.evolve !== "widen" ? { ...column, type: wanted, misfit: "target" } : column;
  });
}

const NARROWER: readonly TypeText[] = ["int8", "int16", "int32", "uint8", "uint16", "uint32"];

function isInText(type: TypeText): boolean {
  return !["interval", "list", "struct", "map"].includes(parseType(type).kind);
}
