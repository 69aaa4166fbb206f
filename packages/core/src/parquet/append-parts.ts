/** An open file, as Node has them. */
export interface AppendedFile {
  writev(parts: readonly Uint8Array[]): Promise<{ readonly bytesWritten: number }>;
  writeFile(part: Uint8Array): Promise<void>;
}

/**
 * Writes parts behind what was written before: at once where the system takes them so.
 *
 * @example
 * await appendParts(file, parquet.group(rows, pages));
 */
export async function appendParts(file: AppendedFile, parts: readonly Uint8Array[]): Promise<void> {
  let { bytesWritten: written } = await file.writev(parts);
  for (const part of parts) {
    if (written < part.length) await file.writeFile(part.subarray(written));
    written = Math.max(written - part.length, 0);
  }
}
