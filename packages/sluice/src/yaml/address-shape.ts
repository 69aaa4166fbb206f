import { type Address, didYouMean, type Json, placeOf, type ScanSource } from "@sluice/core";
import { isMap, isScalar, type Node } from "yaml";
import { ADAPTER_TYPES } from "../adapters.ts";
import { addressProperties, refuseWrongKinds } from "./address-members.ts";
import { json, text } from "./scalar-shapes.ts";
import { choose, entries, map, object, required, type Shape } from "./shape.ts";
import type { YamlReader } from "./yaml-reader.ts";

/** What a list of operations begins with, beside `from`. */
const BEGINNINGS: readonly string[] = ["sql", "values", "union"];

const NAME = /^[A-Za-z_][\w-]*$/;

/** `sqlite.warehouse.crash`, `postgres.warehouse.public.crash`: a system, a connection, a schema where there are some, a table. */
const tableName: Shape<Address> = map(text("an address"), (written, node, reader) => {
  const address = tableAddress(written);
  if (address !== undefined) return connected(address, node, reader);
  const [type = ""] = written.split(".");
  const hint =
    written.split(".").length === 3 && !ADAPTER_TYPES.includes(type)
      ? didYouMean(type, ADAPTER_TYPES, "systems")
      : "write it as sqlite.connection.table, or as { file: out/x.csv }";
  return reader.problem(node, `"${written}" is not an address`, { hint });
});

function tableAddress(written: string): Address | undefined {
  const [type = "", connection = "", ...name] = written.split(".");
  if (type === "lake") return lakeTable(written.slice("lake.".length));
  const [table = "", schema] = name.toReversed();
  const isName = name.length === 1 || (name.length === 2 && type === "postgres");
  const plain = isName && [type, connection, ...name].every((part) => NAME.test(part));
  if (!plain || !ADAPTER_TYPES.includes(type)) return undefined;
  return { type, connection, ...(schema === undefined ? {} : { schema }), table };
}

/** `lake.chicago.crash`: a table of the project's lake, with its namespace. */
function lakeTable(table: string): Address | undefined {
  const levels = table.split(".");
  return levels.length > 1 && levels.every((level) => NAME.test(level)) ? { type: "lake", table } : undefined;
}

/** The short text of an address, if it has one that is read back as the same address. */
export function textOfAddress(address: Address): string | undefined {
  const { type, connection, schema, table, ...rest } = address;
  if (typeof table !== "string" || Object.keys(rest).length > 0) return undefined;
  if (type === "lake") return connection === undefined && lakeTable(table) !== undefined ? `lake.${table}` : undefined;
  if (connection === undefined || (schema !== undefined && typeof schema !== "string")) return undefined;
  const written = [type, connection, ...(schema === undefined ? [] : [schema]), table].join(".");
  const read = tableAddress(written);
  return read?.connection === connection && read.schema === schema && read.table === table ? written : undefined;
}

/** The address, a connection that there is not noted: what is wrong with the rest is looked for too. */
function connected(address: Address, node: Node | undefined, reader: YamlReader): Address {
  const { connection } = address;
  const { connections } = reader.known;
  if (connection === undefined || connections === undefined || connections.includes(connection)) return address;
  reader.problem(node, `no connection is named "${connection}"`, {
    offending: connection,
    hint: didYouMean(connection, connections, "connections"),
  });
  return address;
}

/** `{ file: out/x.csv, header: false }`, `{ postgres: warehouse.public.crash, indexes: [[city]] }`, where the key of the path names the type; or the members as they are, with `type`. */
const addressMap: Shape<Address> = {
  read(node, reader, path) {
    const members = entries("an address", json).read(node, reader, path);
    if (members === undefined) return undefined;
    const given = new Map<string, Json>(members);
    const type = ADAPTER_TYPES.find((candidate) => given.has(candidate));
    const before = reader.problems.length;
    if (type !== undefined || given.has("type")) refuseWrongKinds(reader.resolve(node), reader);
    if (reader.problems.length > before) return undefined;
    if (type === "postgres" && !given.has("type")) {
      const written = tableAddress(`postgres.${String(given.get(type))}`) ?? {
        type,
        connection: String(given.get(type)),
      };
      const others = members.filter(([name]) => name !== type);
      return connected({ ...written, ...Object.fromEntries(others) } as Address, node, reader);
    }
    const place = placeMember(type);
    if (type !== undefined && !given.has("type") && !given.has(place)) {
      return Object.fromEntries(
        members.map(([name, value]) => (name === type ? [place, value] : [name, value])).concat([["type", type]]),
      ) as unknown as Address;
    }
    if (typeof given.get("type") === "string") {
      return connected(Object.fromEntries(members) as unknown as Address, node, reader);
    }
    const [first = ""] = members.map(([name]) => name);
    if (BEGINNINGS.includes(first)) {
      const hint = `a relation that begins with it is a list: [{ ${first}: … }]`;
      return reader.problem(node, `"${first}" stands in a map`, { hint, offending: first });
    }
    const hint = didYouMean(first, [...ADAPTER_TYPES, "from"], "systems");
    return reader.problem(node, "an address names its system", { hint, offending: first });
  },
  schema: () => ({
    type: "object",
    properties: addressProperties(),
    additionalProperties: true,
    anyOf: ["type", ...ADAPTER_TYPES].map((name) => ({ required: [name] })),
  }),
};

/** What the short key of a system holds: the path of its files, or the table of a lake. */
export function placeMember(type: string | undefined): "path" | "table" {
  return type === "lake" ? "table" : "path";
}

/** Where rows go. */
export const addressShape: Shape<Address> = choose((node) => (isMap(node) ? "map" : "text"), {
  text: tableName,
  map: addressMap,
});

/** Where rows come from: a step, a dataset, or an address. */
export const sourceShape: Shape<ScanSource> = choose((node) => (isMap(node) ? (named(node) ?? "map") : "text"), {
  text: map(text("a source"), (written, node, reader) => {
    const address = tableAddress(written);
    return address === undefined ? nameOfSource(written, node, reader) : { inline: connected(address, node, reader) };
  }),
  step: map(
    object("a source", { step: required(text("a step"), "a step by its name") }),
    (source): ScanSource => source,
  ),
  dataset: map(
    object("a source", { dataset: required(text("a dataset"), "a dataset by its name") }),
    (source): ScanSource => source,
  ),
  table: map(
    object("a source", { table: required(addressShape, "a table that a load of the project writes, by its address") }),
    ({ table }): ScanSource => ({ table: placeOf(table) }),
  ),
  map: map(addressMap, (inline): ScanSource => ({ inline })),
});

function named(node: Node): "step" | "dataset" | "table" | undefined {
  if (!isMap(node) || node.items.length !== 1) return undefined;
  const key = node.items[0]?.key;
  const name = isScalar(key) ? key.value : undefined;
  return name === "step" || name === "dataset" || name === "table" ? name : undefined;
}

/** A bare name: a step of the pipeline, else a dataset. */
export function nameOfSource(name: string, node: Node | undefined, reader: YamlReader): ScanSource | undefined {
  const { steps, datasets } = reader.known;
  if (steps.has(name)) return { step: name };
  if (datasets?.includes(name) === true) return { dataset: name };
  if (datasets === undefined && NAME.test(name)) return { dataset: name };
  const isPath = /[./\\]/.test(name);
  const hint = isPath
    ? `write { file: ${name} }`
    : didYouMean(name, [...steps, ...(datasets ?? [])], "steps and datasets");
  return reader.problem(node, `no step and no dataset is named "${name}"`, { hint, offending: name });
}
