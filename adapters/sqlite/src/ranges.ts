import { setImmediate as turn } from "node:timers/promises";
import type { Connection } from "./client.ts";
import { throwIfCancelled } from "./patience.ts";

/**
 * A statement holds the thread, and nothing but its end gives it back: the driver's `interrupt` itself waits for the
 * statement (libsql 0.5.29). So large work is cut into ranges of about this length, far below a second: at the end of
 * a cancelled one everything is still to be taken back.
 */
const RANGE_MS = 150;

/** What a first range has, before it is known how long its rows take. */
const FIRST_ROWS = 1_000;

/** A row that is met takes ten times as long as one that is not, and thousands that are not may come before. */
const MOST_ROWS = 30_000;

/** Runs work for the row numbers from `first` to `last`, both included, one range after the other. */
export type Ranges = (work: (first: bigint, last: bigint) => void) => Promise<void>;

/** Lets timers, signals and others have their turn. */
export interface Turns {
  /** Gives way now. @throws SluiceError `cancelled` */
  give(): Promise<void>;
  /** Whether it is long since the last turn. */
  isDue(): boolean;
}

export function createTurns(signal: AbortSignal): Turns {
  let since = performance.now();
  return {
    give: async () => {
      await turn();
      throwIfCancelled(signal);
      since = performance.now();
    },
    isDue: () => performance.now() - since >= RANGE_MS,
  };
}

/** Ranges over rows whose numbers are 1, 2, 3 and so on; `mostRows` where rows take alike. */
export function rangesOf(rows: number, signal: AbortSignal, mostRows: number = MOST_ROWS): Ranges {
  return (work) => {
    let first = 1n;
    const end = BigInt(rows);
    return paced(signal, mostRows, (most) => {
      if (first > end) return false;
      const last = first + most - 1n;
      work(first, last < end ? last : end);
      first = last + 1n;
      return first <= end;
    });
  };
}

/** Ranges over the rows of a table, by the name of its hidden row number. Rows that are added meanwhile are not met. */
export function rangesOfTable(connection: Connection, table: string, rowid: string, signal: AbortSignal): Ranges {
  return (work) => {
    const [[least, greatest] = []] = connection.query(
      `select (select min(${rowid}) from ${table}), (select max(${rowid}) from ${table})`,
    );
    if (typeof least !== "bigint" || typeof greatest !== "bigint") return Promise.resolve();
    // Numbers may be far apart, so what counts is rows.
    const nextOf = connection.prepare(
      `select ${rowid} from ${table} where ${rowid} between ? and ? order by ${rowid} limit 1 offset ?`,
    );
    let first = least;
    return paced(signal, MOST_ROWS, (most) => {
      const [[next] = []] = nextOf.all([first, greatest, most]);
      if (typeof next !== "bigint") {
        work(first, greatest);
        return false;
      }
      work(first, next - 1n);
      first = next;
      return true;
    });
  };
}

/** Repeats a step with as many rows as take about `RANGE_MS`, and gives way after each, until it returns false. */
async function paced(signal: AbortSignal, mostRows: number, step: (rows: bigint) => boolean): Promise<void> {
  const turns = createTurns(signal);
  let rows = FIRST_ROWS;
  for (let goesOn = true; goesOn; ) {
    const started = performance.now();
    goesOn = step(BigInt(rows));
    const factor = RANGE_MS / Math.max(1, performance.now() - started);
    rows = Math.max(1, Math.min(mostRows, Math.floor(rows * Math.min(4, factor))));
    await turns.give();
  }
}
