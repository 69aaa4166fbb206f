import { type Column, SluiceError, typedLiterals } from "@sluice/core";
import type { Rewritten, Table } from "@sluice/lake";
import type { Session } from "../../composition.ts";
import type { Tables } from "../../tables/open-tables.ts";
import { parseCondition } from "../../trace/parse-condition.ts";

/** The columns of a table, as an expression sees them. */
export function columnsOf({ lake }: Tables, { metadata }: Table): readonly Column[] {
  const schema = metadata.schemas.find(({ schemaId }) => schemaId === metadata.currentSchemaId);
  return (schema?.fields ?? []).map(({ name, type, required }) => ({
    name,
    type: lake.typeTextOf(type),
    nullable: !required,
  }));
}

/**
 * Deletes the rows of a table for which a condition is true, in one snapshot.
 *
 * @throws SluiceError `config` for a condition that is none over its columns
 */
export async function deleteWhere(
  session: Session,
  tables: Tables,
  table: Table,
  where: string | undefined,
): Promise<Rewritten> {
  if (where === undefined) {
    throw new SluiceError("config", "delete needs to know which rows", {
      reason: "usage",
      hint: 'sluice table delete <table> --where "id = 7"; a table as a whole goes with drop',
    });
  }
  const columns = columnsOf(tables, table);
  const condition = await parseCondition(session, {
    text: where,
    option: "--where",
    schema: { columns },
    parameters: [],
    types: new Map(),
  });
  const upkeep = { ...(await session.openContext(() => undefined)), signal: session.signal };
  return await tables.lake.deleteRows(table, upkeep, typedLiterals(condition, { columns, parameters: new Map() }));
}
