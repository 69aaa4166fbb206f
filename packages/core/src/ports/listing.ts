import type { TypeText } from "../schema/types.ts";

/** What a connection holds, as its catalogue says it: no rows are looked at but to count few. */
export interface Listing {
  /** Tables first. */
  readonly tables: readonly ListedTable[];
  /** Present where one table was asked for, and not all of them. */
  readonly isOne?: true;
}

/** A table or a view. What its system does not know is left out. */
export interface ListedTable {
  /** As an address names it behind its connection: `public.crash`. */
  readonly name: string;
  readonly schema?: string;
  readonly kind: "table" | "partitioned table" | "view" | "materialized view" | "foreign table";
  readonly columns: readonly ListedColumn[];
  /** Columns that tell rows apart, the primary key first; absent where its system has no keys. */
  readonly keys?: readonly (readonly string[])[];
  /** Columns by which an incremental read may go, the likeliest first. */
  readonly cursors: readonly string[];
  readonly rows?: number;
  /** Present where `rows` is what the system estimated when it last looked. */
  readonly isEstimated?: true;
  readonly bytes?: number;
  /** Why it cannot be read here; it has no columns then. */
  readonly problem?: string;
}

/** A column as the catalogue declares it. */
export interface ListedColumn {
  readonly name: string;
  /** As its system writes it: `numeric(12,2)`. */
  readonly type: string;
  /** What it is read as, where the catalogue alone says so. */
  readonly readAs?: TypeText;
  readonly nullable: boolean;
}

/** What is asked of a connection. */
export interface ListRequest {
  /** A table or a schema, as an address writes it behind the connection; everything where absent. */
  readonly within?: string;
  /** The connection as a person wrote it. */
  readonly shown: string;
  /** The folder of the project; relative paths in connections start there. */
  readonly root: string;
  readonly signal: AbortSignal;
}
