import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { ROWS_DIALECT } from "@sluice/core";
import { LINE, NO_DELIMITER } from "./line-layout.ts";
import { csvSql } from "./scan.ts";
import { quoteName, quotePaths } from "./sql-text.ts";
import { MIN_LINE_BYTES } from "./standard-csv.ts";

/** One thread of DuckDB reads each file. */
const FILE_BYTES = 16 * 1024 * 1024;
const MOST_BYTES_PER_UNIT = 3;

/**
 * Sound records of NDJSON on their way to DuckDB: a line each, in a few files in their order. None holds a control
 * character that is not escaped.
 */
export class SoundLines {
  private readonly folder: string;
  private readonly paths: string[] = [];
  private file: { readonly handle: FileHandle; bytes: number } | undefined;
  private waiting = "";
  private longestBytes = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  add(line: string): void {
    // Of shorter lines the length is of no interest.
    if (line.length * MOST_BYTES_PER_UNIT > MIN_LINE_BYTES) {
      this.longestBytes = Math.max(this.longestBytes, Buffer.byteLength(line));
    }
    this.waiting += `${line}\n`;
  }

  /** Writes what was added. */
  async flush(): Promise<void> {
    if (this.waiting === "") return;
    const bytes = Buffer.from(this.waiting);
    this.waiting = "";
    if (this.file !== undefined && this.file.bytes >= FILE_BYTES) await this.close();
    this.file ??= await this.next();
    await this.file.handle.writeFile(bytes);
    this.file.bytes += bytes.length;
  }

  async close(): Promise<void> {
    await this.file?.handle.close();
    this.file = undefined;
  }

  /**
   * A FROM term that gives each line as the column `json`. DuckDB's reader of JSON would hold 32 MiB or more for each
   * thread, however short the lines are (1.5.6).
   */
  sql(): string {
    if (this.paths.length === 0) return "(select null::varchar as json where false)";
    const dialect = { ...ROWS_DIALECT, delimiter: NO_DELIMITER, quote: "", escape: "" };
    const lineBytes = Math.max(this.longestBytes + 1024, MIN_LINE_BYTES);
    const lines = csvSql(quotePaths(this.paths), [LINE], dialect, { lineBytes, isParallel: false });
    return `(select ${quoteName(LINE)} as json from ${lines})`;
  }

  private async next(): Promise<{ readonly handle: FileHandle; bytes: number }> {
    const path = join(this.folder, `sound-${this.paths.length}.ndjson`);
    const handle = await open(path, "w");
    this.paths.push(path);
    return { handle, bytes: 0 };
  }
}
