import { type CompiledQuery, SluiceError } from "@sluice/core";
import type { Session } from "./client.ts";
import { configDetails } from "./config-details.ts";

/** Queries made of nodes only: nothing in them was written by hand. */
const compiledHere = new WeakSet<CompiledQuery>();

/** Marks a query as made of nodes only. */
export function trust(query: CompiledQuery): CompiledQuery {
  compiledHere.add(query);
  return query;
}

/**
 * Makes sure that a query with raw SQL in it is one SELECT: it stands inside a COPY later, and text that closed its
 * parentheses could say where that writes. And that it reads its inputs alone: of a file that it opened itself no plan,
 * no frozen schema and no reject would know.
 *
 * @throws SluiceError `config`
 */
export async function assertOneSelect(query: CompiledQuery, session: Session): Promise<void> {
  if (compiledHere.has(query)) return;
  const { rows } = await session.run("select json_serialize_sql($sql::varchar)", { values: { sql: query.sql } });
  const tree = JSON.parse(String(rows[0]?.[0])) as {
    readonly error: boolean;
    readonly error_message?: string;
    readonly statements?: readonly unknown[];
  };
  if (!tree.error && tree.statements?.length === 1) return assertInputsOnly(tree.statements[0], query);
  const reason = tree.error ? (tree.error_message ?? "it does not parse") : "it holds several statements";
  const { offending } = configDetails(reason);
  throw new SluiceError("config", `raw SQL has to be one SELECT: ${reason}`, {
    hint: "take other statements out; what writes is a load",
    ...(offending === undefined ? {} : { offending }),
  });
}

/** Table functions that make their rows of their arguments alone. */
export const TABLE_FUNCTIONS: ReadonlySet<string> = new Set([
  "generate_series",
  "json_each",
  "json_tree",
  "range",
  "repeat",
  "repeat_row",
  "unnest",
]);

type Node = Readonly<Record<string, unknown>>;

function assertInputsOnly(statement: unknown, query: CompiledQuery): void {
  const nodes = nodesOf(statement);
  const known = new Set([...query.inputs.map(({ name }) => name), ...nodes.flatMap(commonTables)].map(lowerCase));
  for (const node of nodes) {
    if (node.type === "TABLE_FUNCTION") assertTableFunction(node.function as Node);
    if (node.type === "BASE_TABLE" && typeof node.table_name === "string") assertTable(node, known);
    if (node.type === "SHOW_REF" && node.query === null) {
      throw new SluiceError("config", "raw SQL lists tables, and it has none but its inputs", {
        hint: `read an input: \${name} stands for a step or a dataset`,
      });
    }
  }
}

function assertTableFunction(called: Node): void {
  const name = String(called.function_name);
  if (TABLE_FUNCTIONS.has(lowerCase(name))) return;
  throw new SluiceError("config", `raw SQL calls ${name}, which reads what is none of its inputs`, {
    offending: name,
    hint: `declare it as a dataset and write \${name} in its place; raw SQL may call ${[...TABLE_FUNCTIONS].join(", ")}`,
  });
}

function assertTable(node: Node, known: ReadonlySet<string>): void {
  const parts = [node.catalog_name, node.schema_name, node.table_name].map(String).filter((part) => part !== "");
  const name = parts.join(".");
  if (parts.length === 1 && known.has(lowerCase(name))) return;
  // An engine takes the name of a table that is not there for that of a file.
  const isFile = /[./\\*?:]/.test(name) && node.schema_name !== "information_schema";
  if (isFile) {
    throw new SluiceError("config", `raw SQL reads the file "${name}", which is none of its inputs`, {
      offending: name,
      hint: `declare it as a dataset and write \${name} in its place`,
    });
  }
  throw new SluiceError("config", `raw SQL reads the table "${name}", which is none of its inputs`, {
    offending: name,
    hint:
      parts.length === 1 ? `write \${${name}} for the step or the dataset "${name}"` : "raw SQL reads its inputs only",
  });
}

/** What `with` names in a query. */
function commonTables(node: Node): readonly string[] {
  const { map } = (node.cte_map ?? {}) as { readonly map?: readonly { readonly key: unknown }[] };
  return (map ?? []).map(({ key }) => String(key));
}

/** Every object of a tree; without recursion, as relations of a thousand operations nest deeply. */
function nodesOf(tree: unknown): readonly Node[] {
  const found: Node[] = [];
  const pending: unknown[] = [tree];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== "object" || next === null) continue;
    if (!Array.isArray(next)) found.push(next as Node);
    for (const member of Object.values(next)) if (typeof member === "object") pending.push(member);
  }
  return found;
}

function lowerCase(name: string): string {
  return name.toLowerCase();
}
