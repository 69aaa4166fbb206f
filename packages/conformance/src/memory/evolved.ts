import { exactCommonType, SluiceError, type StageRequest, storedSchema } from "@sluice/core";
import type { MemoryTable } from "./database.ts";

/** A table changed to take the rows of a load, as far as it may be: by columns, by types. */
export function evolved(table: MemoryTable, request: StageRequest): MemoryTable {
  const { evolve = "add", mode } = request;
  const stored = storedSchema(request.schema, request);
  const refuse = (offending: string, says: string): never => {
    throw new SluiceError("config", `the table ${says}, and may not be changed`, { offending });
  };
  for (const column of stored.columns) {
    const there = table.schema.columns.some((one) => one.name === column.name);
    if (!there && evolve === "fail") refuse(column.name, `has no column "${column.name}"`);
  }
  if (mode === "replace") return table;
  const columns = table.schema.columns.map((column) => {
    const given = stored.columns.find((one) => one.name === column.name);
    const type = given === undefined ? column.type : exactCommonType(column.type, given.type);
    if (type === column.type) return column;
    if (type === undefined || evolve !== "widen") {
      return refuse(column.name, `has "${column.name}" as ${column.type}, not ${given?.type}`);
    }
    return { ...column, type };
  });
  return { schema: { columns }, rows: table.rows };
}
