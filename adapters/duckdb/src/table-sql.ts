import type { FieldId, Schema, TableOutput } from "@sluice/core";
import { partitionTerm } from "./partition-sql.ts";
import { quoteName, quoteText } from "./sql-text.ts";
import { duckDbTypeOf } from "./types.ts";

/** By which DuckDB parts rows into folders: no value that needs a name of its own, however long it is. */
export const PARTITION_KEY = "\u0001partition";

/** A query whose rows say into which partition they go. */
export function partitionedSql(sql: string, table: TableOutput, schema: Schema): string {
  const types = new Map(table.fieldIds.map(({ name, type }) => [name, type]));
  const columns = schema.columns.map(({ name, type }) => {
    const stored = types.get(name) ?? type;
    const quoted = quoteName(name);
    return stored === type ? quoted : `cast(${quoted} as ${duckDbTypeOf(stored)}) as ${quoted}`;
  });
  const rows = `select ${columns.join(", ")} from (${sql}\n)`;
  if (table.partitions.length === 0) return rows;
  const terms = table.partitions.map((partition) => partitionTerm(partition, storedSchema(table, schema)).sql);
  return `select *, hash(${terms.join(", ")}) as ${quoteName(PARTITION_KEY)} from (${rows}\n)`;
}

/** The columns with the types as which they are stored. */
export function storedSchema({ fieldIds }: TableOutput, { columns }: Schema): Schema {
  const types = new Map(fieldIds.map(({ name, type }) => [name, type]));
  return { columns: columns.map((column) => ({ ...column, type: types.get(column.name) ?? column.type })) };
}

/** What a COPY is told about a table with numbered columns. */
export function tableOptions({ fieldIds, partitions, targetBytes }: TableOutput): readonly string[] {
  const isSized = targetBytes !== undefined && partitions.length === 0;
  return [
    "preserve_order false",
    "overwrite_or_ignore true",
    "return_stats true",
    `field_ids ${fieldIdsOf(fieldIds)}`,
    "filename_pattern 'part-{uuid}'",
    ...(partitions.length === 0 ? [] : [`partition_by (${quoteName(PARTITION_KEY)})`]),
    ...(isSized ? [`file_size_bytes ${targetBytes}`] : []),
    ...(partitions.length === 0 && !isSized ? ["per_thread_output true"] : []),
  ];
}

function fieldIdsOf(fields: readonly FieldId[]): string {
  const members = fields.map(({ name, id, children = [] }) =>
    children.length === 0
      ? `${quoteText(name)}: ${id}`
      : `${quoteText(name)}: {'__duckdb_field_id': ${id}, ${fieldIdsOf(children).slice(1)}`,
  );
  return `{${members.join(", ")}}`;
}
