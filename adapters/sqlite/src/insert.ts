import { type Cell, type Schema, SluiceError } from "@sluice/core";
import { columnList } from "./catalog.ts";
import type { Connection, Statement, Value } from "./client.ts";
import { isConstraint } from "./errors.ts";
import { throwIfCancelled } from "./patience.ts";
import { createTurns } from "./ranges.ts";
import { type Binder, binderOf } from "./types.ts";

/**
 * Values bound per statement. 600,000 rows of nine columns took 4.8 s row by row, 1.6 s with 1,800 or 9,000 values a
 * statement, 2.5 s with 27,000, 4.5 s as JSON through json_each (libsql 0.5.29, November 2026).
 */
const VALUES_PER_STATEMENT = 1_800;

type Batches = AsyncIterable<readonly (readonly Cell[])[]>;

/**
 * Inserts rows into a table whose name is given as SQL.
 *
 * @throws SluiceError `data` naming the row that the table does not take
 */
export async function insertRows(
  connection: Connection,
  into: string,
  schema: Schema,
  batches: Batches,
  signal: AbortSignal,
): Promise<number> {
  const width = schema.columns.length;
  const most = Math.max(1, Math.floor(VALUES_PER_STATEMENT / width));
  const names = columnList(schema.columns.map((column) => column.name));
  const one = `(${schema.columns.map(() => "?").join(", ")})`;
  const prepare = (rows: number): Statement =>
    connection.prepare(`insert into ${into} (${names}) values ${Array(rows).fill(one).join(", ")}`);
  const full = prepare(most);
  const single = most === 1 ? full : prepare(1);
  const binders = schema.columns.map((column) => binderOf(column.name, column.type));
  const insert = (statement: Statement, values: Value[]): void => {
    try {
      statement.run(values);
    } catch (error) {
      if (!isConstraint(error)) throw error;
      throw explain(single, schema, values, error);
    }
  };
  const turns = createTurns(signal);
  let inserted = 0;
  for await (const rows of batches) {
    throwIfCancelled(signal);
    let from = 0;
    for (; from + most <= rows.length; from += most) {
      insert(full, bind(rows, from, from + most, binders));
      if (turns.isDue()) await turns.give();
    }
    if (from < rows.length) {
      if (rows.length - from < 8)
        for (; from < rows.length; from++) insert(single, bind(rows, from, from + 1, binders));
      else insert(prepare(rows.length - from), bind(rows, from, rows.length, binders));
    }
    inserted += rows.length;
  }
  return inserted;
}

function bind(rows: readonly (readonly Cell[])[], from: number, to: number, binders: readonly Binder[]): Value[] {
  const values: Value[] = [];
  for (let index = from; index < to; index++) {
    const row = rows[index] as readonly Cell[];
    for (let column = 0; column < binders.length; column++) {
      const cell = row[column] ?? null;
      const binder = binders[column];
      values.push(binder === undefined ? (cell as Value) : binder(cell));
    }
  }
  return values;
}

/** A statement of many rows failed and left none: its rows are tried one by one to name the first that does not fit. */
function explain(single: Statement, schema: Schema, values: readonly Value[], cause: unknown): SluiceError {
  const width = schema.columns.length;
  for (let from = 0; from < values.length; from += width) {
    const row = values.slice(from, from + width);
    try {
      single.run(row);
    } catch (error) {
      const shown = schema.columns.slice(0, 6).map((column, index) => `${column.name}: ${showValue(row[index])}`);
      const reason = error instanceof Error ? error.message : String(error);
      return new SluiceError("data", `the table does not take the row { ${shown.join(", ")} }: ${reason}`, {
        cause: error,
        offending: shown.join(", "),
        hint: "filter such rows before the load, or add a check that diverts them",
      });
    }
  }
  return new SluiceError("data", cause instanceof Error ? cause.message : String(cause), { cause });
}

/** A value for a message. */
export function showValue(value: Value | undefined): string {
  if (value === null || value === undefined) return "null";
  if (value instanceof Uint8Array) return `0x${Buffer.from(value.subarray(0, 16)).toString("hex")}`;
  const text = String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
