import { stat } from "node:fs/promises";
import { join } from "node:path";
import {
  type CsvDialect,
  type CsvOutput,
  familyOf,
  type OpenContext,
  parseType,
  SluiceError,
  type StageRequest,
} from "@sluice/core";
import type { FileAddress } from "./config.ts";
import { outputSpec } from "./output-spec.ts";
import { prepareText } from "./prepare-text.ts";
import { removeQuietly } from "./sidecar.ts";

/**
 * The rows of a text file that was just written, with their types again, as Parquet in scratch space: text says no types,
 * and a check needs them.
 *
 * @throws SluiceError `unsupported` for a column whose text is no literal of its type
 */
export async function typeStagedText({
  address,
  aside,
  path,
  request,
  context,
}: {
  readonly address: FileAddress;
  readonly aside: string;
  readonly path: string;
  readonly request: StageRequest;
  readonly context: OpenContext;
}): Promise<void> {
  const { schema, signal } = request;
  const opaque = schema.columns.find(({ type }) =>
    ["bytes", "list", "struct", "map"].includes(familyOf(parseType(type))),
  );
  if (opaque !== undefined) {
    throw new SluiceError(
      "unsupported",
      `${address.path} is text: its rows cannot be checked there, since "${opaque.name}" is ${opaque.type}`,
      {
        offending: opaque.name,
        hint: "put the checks on the step before the load",
      },
    );
  }
  const written: CsvOutput = outputSpec(address, aside).csv ?? { delimiter: ",", header: true, quote: "minimal" };
  const dialect: CsvDialect = {
    delimiter: written.delimiter,
    quote: written.quote === "none" ? "" : '"',
    escape: written.quote === "none" ? "" : '"',
    header: written.header,
    newline: written.newline ?? "lf",
    encoding: "utf-8",
    quotedEmpty: "text",
    compression: "none",
  };
  const link = join(context.scratch, `staged-${request.commitId}.csv`);
  await removeQuietly(link);
  const file = { path: aside, origin: address.path, bytes: (await stat(aside)).size, changed: "" };
  const text = await prepareText(file, link, { encoding: "utf-8", signal });
  const order = schema.columns.map((column) => column.name);
  const asText = schema.columns.map((column) => ({
    name: column.name,
    type: "string",
    nullable: true,
    ...(written.nullText === undefined ? {} : { nulls: [written.nullText] }),
  }));
  const query = context.local.compile(
    {
      kind: "select",
      input: { kind: "scan", source: { dataset: "staged" } },
      columns: schema.columns.map(({ name, type }) => {
        const column = { kind: "column", name } as const;
        return [name, type === "string" ? column : { kind: "cast", value: column, type }] as const;
      }),
    },
    { schemaOf: () => ({ columns: asText }), parameters: new Map() },
  );
  const input = {
    format: "csv",
    groups: [{ order, files: [{ path: text.path, origin: address.path, bytes: text.bytes }] }],
    dialect,
    columns: asText,
    validate: "all",
    identity: request.commitId,
  } as const;
  await context.local.execute(query, {
    inputs: new Map([["staged", { input, columns: order }]]),
    parameters: new Map(),
    constants: { now: "1970-01-01T00:00:00Z", today: "1970-01-01" },
    signal,
    output: { format: "parquet", path, ordered: true },
  });
}
