import { SluiceError } from "@sluice/core";
import type { Pool } from "pg";
import type { CatalogDatabase } from "./catalog-rows.ts";

const UNIQUE_VIOLATION = "23505";
/** A unique violation in the system tables, a duplicate type, a duplicate table. */
const MADE_BY_ANOTHER: ReadonlySet<string> = new Set([UNIQUE_VIOLATION, "42710", "42P07"]);
const CONNECTIONS = 2;
const CONNECT_MS = 20_000;

/** A catalog in a PostgreSQL database: what programs on several machines share. */
export async function openPostgresDatabase(url: string): Promise<CatalogDatabase> {
  const { default: pg } = await import("pg");
  const pool: Pool = new pg.Pool({ connectionString: url, max: CONNECTIONS, connectionTimeoutMillis: CONNECT_MS });
  // A connection that breaks while nobody uses it is replaced at the next use.
  pool.on("error", () => undefined);
  const run = async (sql: string, parameters: readonly string[] = []) => {
    try {
      return await pool.query<(string | null)[]>({ text: sql, values: [...parameters], rowMode: "array" });
    } catch (error) {
      throw toSluiceError(error);
    }
  };
  const database: CatalogDatabase = {
    text: (column) => column,
    query: async (sql, parameters) => (await run(sql, parameters)).rows,
    change: async (sql, parameters) => {
      try {
        return (await run(sql, parameters)).rowCount ?? 0;
      } catch (error) {
        if (sqlStateOf((error as SluiceError).cause) === UNIQUE_VIOLATION) return undefined;
        throw error;
      }
    },
    columnsOf: async (table) => {
      const { rows } = await run(
        "select attname::text from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped",
        [table],
      );
      return rows.map(([name]) => name ?? "");
    },
    define: async (statements) => {
      for (const statement of statements) {
        try {
          await run(statement);
        } catch (error) {
          // `if not exists` looks before it leaps: two at once collide in the system tables, and one of them made it.
          if (!MADE_BY_ANOTHER.has(sqlStateOf((error as SluiceError).cause))) throw error;
        }
      }
    },
    [Symbol.asyncDispose]: () => pool.end(),
  };
  try {
    await run("select 1");
    return database;
  } catch (error) {
    await pool.end();
    throw error;
  }
}

function sqlStateOf(error: unknown): string {
  const code = error instanceof Error ? (error as { readonly code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "";
}

function toSluiceError(error: unknown): SluiceError {
  const state = sqlStateOf(error);
  const message = `the catalog's PostgreSQL failed: ${error instanceof Error ? error.message : String(error)}`;
  if (state.startsWith("28") || state === "42501") {
    return new SluiceError("denied", message, { cause: error, hint: "look at the user, its password and its rights" });
  }
  if (state === "3D000")
    return new SluiceError("missing", message, { cause: error, hint: "create the database first" });
  if (state === "53100") return new SluiceError("denied", message, { cause: error, reason: "disk-full" });
  if (/^(08|53|57|40)/.test(state) || /^E[A-Z]+$/.test(state) || state === "") {
    return new SluiceError("unavailable", message, {
      cause: error,
      hint: "see that the server runs and can be reached",
    });
  }
  return new SluiceError("internal", message, { cause: error });
}
