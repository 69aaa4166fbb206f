import { isMap, isScalar, isSeq, type Node } from "yaml";
import { ADAPTER_TYPES } from "../adapters.ts";
import { FILE_MEMBERS } from "./file-members.ts";
import { type JsonSchema, keyText } from "./shape.ts";
import { textOf, type YamlReader } from "./yaml-reader.ts";

type Kind = "string" | "boolean" | "integer" | "array";

interface AddressMember {
  readonly type: Kind;
  readonly description: string;
}

const PLACES: Readonly<Record<string, string>> = {
  file: "a path: data/x.csv, data/*.csv, data/{day}.csv",
  sqlite: "a database file: shop.db",
  postgres: "a table of a connection: warehouse.public.orders",
  lake: "a table of the lake: shop.orders",
};

const MEMBERS: Readonly<Record<string, AddressMember>> = {
  ...Object.fromEntries(
    ADAPTER_TYPES.map((type) => [type, { type: "string", description: PLACES[type] ?? `a path of type ${type}` }]),
  ),
  type: { type: "string", description: `${ADAPTER_TYPES.join(", ")}: instead of the short key` },
  path: { type: "string", description: "a path, beside type" },
  connection: { type: "string", description: "a connection of sluice.config.ts" },
  schema: { type: "string", description: "PostgreSQL: the schema of the table" },
  table: { type: "string", description: "a table" },
  query: { type: "string", description: "PostgreSQL, to read: one SELECT in its own SQL" },
  indexes: { type: "array", description: "PostgreSQL, a target: columns of each index, or { columns, unique }" },
  ...(FILE_MEMBERS as Readonly<Record<string, AddressMember>>),
};

/** The members that an address may have, for editors; no text of them may be empty. */
export function addressProperties(): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    Object.entries(MEMBERS).map(([name, { type, description }]) => [
      name,
      type === "string" ? { type, minLength: 1, description } : { type, description },
    ]),
  );
}

const EXPECTED: Readonly<Record<Kind, string>> = {
  string: "text",
  boolean: "true or false",
  integer: "a whole number",
  array: "a list",
};

/** Notes what `addressProperties` says that an editor refuses, under the key that its author wrote. */
export function refuseWrongKinds(node: Node | undefined, reader: YamlReader): void {
  if (!isMap(node)) return;
  for (const pair of node.items) {
    const key = keyText(pair, reader) ?? "";
    const member = Object.hasOwn(MEMBERS, key) ? MEMBERS[key] : undefined;
    const value = reader.resolve(pair.value);
    if (member === undefined || isOfKind(value, member.type)) continue;
    const isBareWord = member.type === "string" && isScalar(value) && value.value !== null && value.value !== "";
    const message = `"${key}" is ${shownValue(value)}; expected ${EXPECTED[member.type]}`;
    const hint = isBareWord ? `put it in quotes: ${key}: "${textOf(value)}"` : `${key}: ${member.description}`;
    reader.problem(pair.value ?? pair.key, message, { hint });
  }
}

function isOfKind(node: Node | undefined, kind: Kind): boolean {
  if (kind === "array") return isSeq(node);
  const value = isScalar(node) ? node.value : undefined;
  if (kind === "integer") return Number.isSafeInteger(value);
  return kind === "boolean" ? typeof value === "boolean" : typeof value === "string" && value !== "";
}

function shownValue(node: Node | undefined): string {
  if (isMap(node)) return "a map";
  if (isSeq(node)) return "a list";
  if (!isScalar(node) || node.value === null) return "nothing";
  return typeof node.value === "string" ? JSON.stringify(node.value) : textOf(node);
}
