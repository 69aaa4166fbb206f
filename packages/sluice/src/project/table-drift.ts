import { diffSchemas, type FrozenDataset, isSluiceError, SluiceError } from "@sluice/core";
import type { Session } from "../composition.ts";

/**
 * What is wrong with a table that a pipeline reads, by a look at it: it does not exist yet, or is not what the load that
 * writes it declares. One that cannot be reached is said by the check of connections.
 */
export async function tableProblem(session: Session, dataset: FrozenDataset): Promise<SluiceError | undefined> {
  const { writer, source: address } = dataset;
  if (writer === undefined) return undefined;
  const adapter = await session.adapter(address.type);
  const parsed = adapter.parseAddress(address);
  const shown = adapter.nameOf(parsed);
  const says = `which "${writer.step}" of the pipeline "${writer.pipeline}" writes,`;
  try {
    const connection = parsed.connection === undefined ? undefined : session.connection(parsed.connection);
    const context = await session.openContext(() => undefined);
    await using source = await adapter.openSource?.(parsed, connection, context);
    const looking = {
      types: new Map<string, string>(),
      required: [],
      dialect: dataset.dialect ?? {},
      parameters: new Map<string, string>(),
      isForOnce: true as const,
      signal: session.signal,
    };
    for await (const { columns } of source?.discover(looking) ?? []) {
      const found = columns.map((column) => {
        const declared = dataset.columns.find(({ name }) => name === column.name);
        // What the values of a text look like is no type of it, and that a column holds no null is for its rows to say.
        const isText = dataset.dialect !== undefined || declared?.partition === true || /\.(?:nd)?json/.test(shown);
        const type = isText && declared !== undefined ? declared.type : column.type;
        return { ...column, type, nullable: declared?.nullable ?? column.nullable };
      });
      const { removed, renamed, retyped, sentences } = diffSchemas(dataset.columns, found);
      if (removed.length + renamed.length + retyped.length === 0) return undefined;
      const gone = [...removed, ...renamed.map(({ from }) => from), ...retyped.map(({ from }) => from)];
      const drifted = sentences.filter((sentence) => gone.some(({ name }) => sentence.startsWith(`"${name}"`)));
      return new SluiceError("data", `${shown}, ${says} is not what it declares: ${drifted.join("; ")}`, {
        reason: "drift",
        offending: gone[0]?.name ?? shown,
        hint: `run it again: sluice run ${writer.pipeline}; where a type is narrower in the step than in the table, widen the step or cast in it`,
      });
    }
    return undefined;
  } catch (thrown) {
    if (!isSluiceError(thrown) || thrown.code === "internal") throw thrown;
    if (thrown.code !== "missing") return thrown;
    if (writer.isOwn === true) return undefined;
    return new SluiceError("missing", `${shown}, ${says} does not exist yet`, {
      offending: shown,
      hint: `run it first: sluice run ${writer.pipeline}`,
    });
  }
}
