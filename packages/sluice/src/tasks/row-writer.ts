import { closeSync, openSync, writeSync } from "node:fs";
import { SluiceError, type SplitResult, type WorkOutput } from "@sluice/core";
import { shown } from "./protocol.ts";
import { createRowEncoder, problemText, type RowProblem } from "./row-encoder.ts";

const FLUSH_CHARACTERS = 1 << 17;
const MOST_REASONS = 100;
const LONGEST_RAW = 65_536;

/** Rows on their way into the files of an output. */
export interface RowWriter {
  /** Writes a row; true now and then, when the thread should let others have a turn. */
  write(row: unknown): boolean;
  /** Ends the files and says what is in them. */
  finish(): SplitResult;
  close(): void;
}

/**
 * Writes rows into the files of an output: what is written is written before the next row is asked for, so memory stays
 * flat whatever the function gives.
 *
 * @throws SluiceError `data` with reason `row` for the first wrong row, where those are not set aside
 */
export function createRowWriter(step: string, output: WorkOutput): RowWriter {
  const encode = createRowEncoder(output.columns);
  const rows = openSync(output.rows, "w");
  let rejects: number | undefined;
  let pending = "";
  let accepted = 0;
  let rejected = 0;
  const reasons = new Map<string, { column: string; rule: string; rows: number; example: string }>();
  const flush = (): void => {
    if (pending === "") return;
    writeAll(rows, pending);
    pending = "";
  };
  const reject = (row: unknown, problem: RowProblem): void => {
    const record = accepted + rejected + 1;
    if (!output.setsAside) throw wrongRow(step, record, problem);
    rejected += 1;
    rejects ??= openSync(output.rejects, "w");
    const { column, rule, value } = problem;
    const key = JSON.stringify([column, rule]);
    const reason = reasons.get(key);
    if (reason !== undefined) reason.rows += 1;
    else if (reasons.size < 10 * MOST_REASONS) reasons.set(key, { column, rule, rows: 1, example: shown(value) });
    const raw = rawText(row);
    const fields = [String(record), column, rule, raw.slice(0, LONGEST_RAW), String(Buffer.byteLength(raw))];
    writeAll(rejects, `${fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(",")}\n`);
  };
  return {
    write(row) {
      const line = encode(row);
      if (typeof line !== "string") {
        reject(row, line);
        return false;
      }
      accepted += 1;
      pending += line;
      if (pending.length < FLUSH_CHARACTERS) return false;
      flush();
      return true;
    },
    finish() {
      flush();
      const most = [...reasons.values()].sort((a, b) => b.rows - a.rows).slice(0, MOST_REASONS);
      return { accepted, rejected, reasons: most };
    },
    close() {
      closeSync(rows);
      if (rejects !== undefined) closeSync(rejects);
    },
  };
}

function wrongRow(step: string, record: number, problem: RowProblem): SluiceError {
  return new SluiceError("data", `row ${record} of "${step}": ${problemText(problem)}`, {
    reason: "row",
    ...(problem.column === "" ? {} : { offending: problem.column }),
    hint: "give rows of the declared columns, or allow wrong ones with maxRejects",
  });
}

/** A row as JSON; NUL and halves of pairs, which files of text do not hold, as their escapes. */
function rawText(row: unknown): string {
  try {
    const text = JSON.stringify(row, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    return text ?? String(row);
  } catch {
    return "a value that JSON cannot hold";
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
