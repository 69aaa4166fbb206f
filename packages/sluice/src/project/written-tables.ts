import {
  type Adapter,
  type Address,
  columnsDecidedBy,
  type FrozenDataset,
  inferSteps,
  isSluiceError,
  type LoadDefinition,
  locate,
  ownReads,
  type PipelineDefinition,
  parameterTypes,
  SluiceError,
  tableKey,
  tableSchema,
  targetIdentity,
} from "@sluice/core";
import type { Session } from "../composition.ts";
import { describeSql } from "./describe-sql.ts";
import { freezeInline } from "./freeze-inline.ts";
import { frozenDatasets } from "./frozen-datasets.ts";
import { pipelinesOf } from "./pipelines-of.ts";
import { targetOf } from "./shared-targets.ts";
import { inlineName, usedSources } from "./used-sources.ts";

/** A load, and the pipeline that it belongs to. */
interface Written {
  readonly definition: PipelineDefinition;
  readonly load: LoadDefinition;
}

export interface TablesRequest {
  readonly definition: PipelineDefinition;
  /** Names that are taken. */
  readonly taken: ReadonlySet<string>;
}

export interface WrittenTables {
  /** By name, typed by the loads that write them. */
  readonly datasets: ReadonlyMap<string, FrozenDataset>;
  /** The name of each table, by its key. */
  readonly names: ReadonlyMap<string, string>;
  readonly problems: readonly SluiceError[];
}

/** The tables that a definition reads, each typed by the load of the project that writes it: nothing is looked at for it. */
export async function writtenTables(session: Session, { definition, taken }: TablesRequest): Promise<WrittenTables> {
  const datasets = new Map<string, FrozenDataset>();
  const names = new Map<string, string>();
  const problems: SluiceError[] = [];
  const all = new Set(taken);
  const own = new Set(
    ownReads(definition).flatMap(({ table, when }) => (when === "before" ? [targetIdentity(table)] : [])),
  );
  for (const [key, { address, path }] of usedSources(definition).tables) {
    const name = inlineName(named(address), all);
    all.add(name);
    try {
      const { dataset, writer } = await typedTable(session, definition, address, []);
      const isOwn = own.has(targetIdentity(address));
      datasets.set(name, {
        ...dataset,
        name,
        writer: {
          pipeline: writer.definition.name,
          step: writer.load.name,
          ...(isOwn ? { isOwn: true as const } : {}),
        },
      });
      names.set(key, name);
    } catch (thrown) {
      if (!isSluiceError(thrown) || thrown.code === "internal") throw thrown;
      problems.push(locate(thrown, { file: "", path }));
    }
  }
  return { datasets, names, problems };
}

/** `behind`: the tables whose columns are being looked for, from the first on. */
async function typedTable(
  session: Session,
  reader: PipelineDefinition,
  table: Address,
  behind: readonly string[],
): Promise<{ readonly dataset: FrozenDataset; readonly writer: Written }> {
  const adapter = await session.adapter(table.type);
  const shown = adapter.nameOf(table);
  const writer = await writerOf(session, reader, table, shown);
  if (behind.includes(shown)) {
    throw new SluiceError(
      "config",
      `the columns of ${shown} are computed from themselves: ${[...behind, shown].join(" from ")}`,
      {
        offending: shown,
        hint: "read one of the tables as a dataset with a frozen schema; semi and anti joins with it are no such circle",
      },
    );
  }
  if (adapter.readBack === undefined || adapter.openSource === undefined) {
    throw new SluiceError("unsupported", `${shown} can be written and not read back`, { offending: table.type });
  }
  const schema = await loadedSchema(session, writer, shown, [...behind, shown]);
  const { source, columns, dialect } = adapter.readBack(writer.load.into, tableSchema(schema, writer.load).columns);
  const dataset: FrozenDataset = {
    version: 1,
    name: shown,
    source,
    ...(dialect === undefined ? {} : { dialect }),
    columns,
    validate: "all",
    drift: "fail",
    reordered: "fail",
    stage: "volatile",
    // Columns of earlier loads stay in a table; whole files have none.
    ...(dialect === undefined ? { partial: true as const } : {}),
    warnings: [],
  };
  return { dataset, writer };
}

async function writerOf(session: Session, reader: PipelineDefinition, table: Address, shown: string): Promise<Written> {
  const place = targetOf(table, session.project);
  const found = [reader, ...(await pipelinesOf(session)).map(({ definition }) => definition)];
  for (const definition of found) {
    for (const step of definition.steps) {
      if (step.kind === "load" && targetOf(step.into, session.project) === place) return { definition, load: step };
    }
  }
  throw new SluiceError("config", `no load of the project writes ${shown}`, {
    offending: shown,
    hint: "a table of somebody else is a dataset: name it in sluice.config.ts, then run sluice sync",
  });
}

/** What arrives at a load, as far as its definition and the frozen schemas say. */
async function loadedSchema(session: Session, { definition, load }: Written, shown: string, behind: readonly string[]) {
  const decided = columnsDecidedBy(definition, load);
  const used = usedSources(decided);
  const { datasets, problems } = frozenDatasets(session, used, new Map());
  const [problem] = problems;
  if (problem !== undefined) throw unknownColumns(shown, definition, problem);
  const taken = new Set([...Object.keys(session.project.config.datasets), ...definition.steps.map(({ name }) => name)]);
  const names = new Map<string, string>();
  const add = (key: string, address: Address, dataset: (name: string) => FrozenDataset): void => {
    const name = inlineName(named(address), taken);
    taken.add(name);
    names.set(key, name);
    datasets.set(name, dataset(name));
  };
  for (const [key, { address }] of used.inline) {
    const parameters = new Map<string, string>();
    const frozen = await freezeInline(session, { name: shown, address, parameters });
    add(key, address, (name) => ({ ...frozen, name }));
  }
  for (const [, { address }] of used.tables) {
    const { dataset } = await typedTable(session, definition, address, behind);
    add(tableKey(address), address, (name) => ({ ...dataset, name }));
  }
  const adapters = new Map<string, Adapter>();
  for (const step of decided.steps) {
    if (step.kind === "load") adapters.set(step.into.type, await session.adapter(step.into.type));
  }
  const engine = await session.engine();
  const inferred = await inferSteps({
    definition: decided,
    datasets,
    inline: names,
    sinkOf: (into) => adapters.get(into.type)?.sinkFor?.(into) ?? adapters.get(into.type)?.sink,
    describeSql: (node, inputs) => describeSql(engine, node, { inputs, parameters: parameterTypes(definition) }),
  });
  const schema = inferred.steps.get(load.name)?.schema;
  if (schema !== undefined) return schema;
  const [wrong] = inferred.problems;
  throw unknownColumns(shown, definition, wrong);
}

function unknownColumns(shown: string, { name }: PipelineDefinition, problem: SluiceError | undefined): SluiceError {
  const says = problem === undefined ? "" : `: ${problem.message}`;
  return new SluiceError(
    "config",
    `the columns of ${shown} are not known, since the pipeline "${name}" is wrong${says}`,
    {
      ...(problem?.hint === undefined ? {} : { hint: problem.hint }),
      ...(problem?.reason === undefined ? {} : { reason: problem.reason }),
      ...(problem === undefined ? {} : { cause: problem }),
    },
  );
}

/** What stands before the name of a table is its namespace, and of a file's name its ending. */
function named(address: Address): Address {
  const { type, table } = address;
  return typeof table === "string" ? { type, table: table.slice(table.lastIndexOf(".") + 1) } : address;
}
