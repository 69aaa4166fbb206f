import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  DEFAULT_LAYOUTS,
  type FrozenColumn,
  type OpenContext,
  parseType,
  ROWS_DIALECT,
  SluiceError,
  type Source,
  type TypeText,
} from "@sluice/core";
import type { MemoryDatabase, MemoryTable } from "./database.ts";

const ROWS_PER_BATCH = 1_000;

/** A table in memory as a source that gives CSV batches: the reference for sources that `read`. */
export function createMemorySource(database: MemoryDatabase, table: string, context: OpenContext): Source {
  let files = 0;
  const find = (signal: AbortSignal): MemoryTable => {
    if (signal.aborted) throw new SluiceError("cancelled", "told to stop", { cause: signal.reason });
    const found = database.tables.get(table);
    if (found !== undefined) return found;
    throw new SluiceError("missing", `there is no table "${table}"`, { offending: table });
  };
  return {
    check: async (signal) => {
      find(signal);
    },
    async *discover(request) {
      const { schema, rows } = find(request.signal);
      const columns = schema.columns.map((column) => {
        const type = request.types.get(column.name) ?? column.type;
        const nullable = column.nullable && !request.required.includes(column.name);
        return { name: column.name, type, nullable, ...formatOf(type) } satisfies FrozenColumn;
      });
      yield { name: table, columns, rows: rows.length, warnings: [] };
    },
    async *read(request) {
      const { schema, rows } = find(request.signal);
      const places = request.dataset.columns.map((column) => {
        const place = schema.columns.findIndex((candidate) => candidate.name === column.name);
        if (place >= 0) return place;
        throw new SluiceError("data", `table "${table}" no longer has "${column.name}"`, {
          reason: "drift",
          offending: column.name,
        });
      });
      for (let from = 0; from === 0 || from < rows.length; from += ROWS_PER_BATCH) {
        find(request.signal);
        const part = rows.slice(from, from + ROWS_PER_BATCH);
        const fields = part.map((row) =>
          places.map((place, index) => encode(request.dataset.columns[index]?.type ?? "string", row[place] ?? null)),
        );
        const text = fields.map((record) => `${record.join(",")}\n`).join("");
        const path = join(context.scratch, `memory-${++files}.csv`);
        await writeFile(path, text, { flag: "wx" });
        const bytes = Buffer.byteLength(text);
        yield {
          batch: {
            format: "csv",
            files: [{ path, origin: `memory#${table}`, bytes }],
            dialect: ROWS_DIALECT,
            schema: { columns: request.dataset.columns.map(({ name, type, nullable }) => ({ name, type, nullable })) },
            rows: part.length,
            bytes,
          },
          position: { table, rows: from + part.length },
        };
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function formatOf(type: TypeText): Pick<FrozenColumn, "format"> {
  const { kind } = parseType(type);
  if (kind === "date") return { format: DEFAULT_LAYOUTS.date };
  if (kind !== "time" && kind !== "timestamp" && kind !== "timestamptz") return {};
  return { format: DEFAULT_LAYOUTS[kind].replace("%S", "%S.%f") };
}

function encode(type: TypeText, value: string | boolean | null): string {
  if (value === null) return "";
  const { kind } = parseType(type);
  const isMoment = kind === "time" || kind === "timestamp" || kind === "timestamptz";
  const text = isMoment ? String(value).replace(/(:\d\d)(?![.:\d])(?=$|[Z+-])/, "$1.0") : String(value);
  return `"${text.replaceAll('"', '""')}"`;
}
