import type { FieldId, Schema, TableOutput } from "@sluice/core";
import { partitionTerm } from "./partition-sql.ts";
import { quoteName, quoteText } from "./sql-text.ts";

/** By which DuckDB parts rows into folders: no value that needs a name of its own, however long it is. */
export const PARTITION_KEY = "\u0001partition";

/** A query whose rows say into which partition they go. */
export function partitionedSql(sql: string, { partitions }: TableOutput, schema: Schema): string {
  if (partitions.length === 0) return sql;
  const terms = partitions.map((partition) => partitionTerm(partition, schema).sql);
  return `select *, hash(${terms.join(", ")}) as ${quoteName(PARTITION_KEY)} from (${sql}\n)`;
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
