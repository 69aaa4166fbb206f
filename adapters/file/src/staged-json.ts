import { stat } from "node:fs/promises";
import { join } from "node:path";
import {
  type Column,
  type Expression,
  type LogicalType,
  type OpenContext,
  parseType,
  type ScannableInput,
  SluiceError,
  type StageRequest,
} from "@sluice/core";
import type { FileAddress } from "./config.ts";
import { prepareJson } from "./prepare-json.ts";
import { removeQuietly } from "./sidecar.ts";

/**
 * The rows of a JSON file that was just written, with their types again, as Parquet in scratch space, for checks.
 *
 * @throws SluiceError `unsupported` for a column whose type cannot be read back
 */
export async function typeStagedJson({
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
  const { schema, signal, commitId } = request;
  const columns = schema.columns.map((column) => readable(column, address.path));
  const scratch = (ending: string): string => join(context.scratch, `staged-${commitId}.${ending}`);
  for (const ending of ["ndjson", "ndjson.lines", "ndjson.json"]) await removeQuietly(scratch(ending));
  const file = { path: aside, origin: address.path, bytes: (await stat(aside)).size, changed: "" };
  const format = address.format === "json" ? "json" : "ndjson";
  const text = await prepareJson(file, scratch("ndjson"), { format, at: undefined, encoding: undefined, signal });
  const order = columns.map(({ name }) => name);
  const input: ScannableInput = {
    format: "ndjson",
    groups: [{ order, files: [{ path: text.path, origin: address.path, bytes: text.bytes }] }],
    columns,
    validate: "all",
    identity: commitId,
  };
  // Exactly, since the strict read leaves long numbers to it.
  const accepted = scratch("accepted");
  const rejected = scratch("rejected");
  const result = await context.local.split({ name: address.path, input, columns: order, accepted, rejected, signal });
  if (result.rejected > 0) {
    const { column = "", rule = "" } = result.reasons[0] ?? {};
    throw new SluiceError("internal", `${address.path} cannot be read back: "${column}" ${rule}`);
  }
  const query = context.local.compile(
    {
      kind: "select",
      input: { kind: "scan", source: { dataset: "staged" } },
      columns: schema.columns.map(({ name, type }, index) => {
        const value: Expression = { kind: "column", name };
        return [name, columns[index]?.type === type ? value : { kind: "cast", value, type }] as const;
      }),
    },
    { schemaOf: () => ({ columns }), parameters: new Map() },
  );
  const staged: ScannableInput = {
    format: "parquet",
    groups: [{ order, files: [{ path: accepted, origin: address.path, bytes: (await stat(accepted)).size }] }],
    columns,
    validate: "used",
    identity: commitId,
  };
  await context.local.execute(query, {
    inputs: new Map([["staged", { input: staged, columns: order }]]),
    parameters: new Map(),
    constants: { now: "1970-01-01T00:00:00Z", today: "1970-01-01" },
    signal,
    output: { format: "parquet", path, ordered: true },
  });
}

/** How a column is read back: times as text, which a cast reads whatever fraction they have. */
function readable({ name, type }: Column, shown: string): Column {
  const parsed = parseType(type);
  if (["date", "time", "timestamp", "timestamptz"].includes(parsed.kind))
    return { name, type: "string", nullable: true };
  if (isReadable(parsed)) return { name, type, nullable: true };
  throw new SluiceError(
    "unsupported",
    `${shown} is JSON: its rows cannot be checked there, since "${name}" is ${type}`,
    {
      offending: name,
      hint: "put the checks on the step before the load",
    },
  );
}

function isReadable(type: LogicalType): boolean {
  switch (type.kind) {
    case "list":
      return isReadable(type.item);
    case "map":
      return type.key.kind === "string" && isReadable(type.value);
    case "struct":
      return type.fields.every(([, field]) => isReadable(field));
    default:
      return !["bytes", "interval", "date", "time", "timestamp", "timestamptz"].includes(type.kind);
  }
}
