import { type CompiledQuery, SluiceError } from "@sluice/core";
import type { Session } from "./client.ts";

/** Queries made of nodes only: nothing in them was written by hand. */
const compiledHere = new WeakSet<CompiledQuery>();

/** Marks a query as made of nodes only. */
export function trust(query: CompiledQuery): CompiledQuery {
  compiledHere.add(query);
  return query;
}

/**
 * Makes sure that a query with raw SQL in it is one SELECT: it stands inside a COPY later, and text that closed its
 * parentheses could say where that writes.
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
  if (!tree.error && tree.statements?.length === 1) return;
  const reason = tree.error ? (tree.error_message ?? "it does not parse") : "it holds several statements";
  throw new SluiceError("config", `raw SQL has to be one SELECT: ${reason}`, {
    hint: "take other statements out; what writes is a load",
  });
}
