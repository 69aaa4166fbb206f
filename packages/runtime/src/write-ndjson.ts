import { open } from "node:fs/promises";
import { type Cell, type Column, familyOf, parseType } from "@sluice/core";

/** Writes rows as NDJSON: numbers that JSON holds exactly as numbers, JSON and nested values as they are, the rest as text. */
export async function writeNdjson(
  path: string,
  columns: readonly Column[],
  batches: AsyncIterable<readonly (readonly Cell[])[]>,
): Promise<void> {
  const names = columns.map(({ name }) => JSON.stringify(name));
  const nested = columns.map(({ type }) => ["json", "list", "struct", "map"].includes(familyOf(parseType(type))));
  const file = await open(path, "w");
  try {
    for await (const rows of batches) {
      const lines = rows.map((row) => {
        const members = row.map((cell, index) => `${names[index]}:${textOf(cell, nested[index] === true)}`);
        return `{${members.join(",")}}\n`;
      });
      await file.appendFile(lines.join(""));
    }
  } finally {
    await file.close();
  }
}

function textOf(cell: Cell, isJson: boolean): string {
  if (typeof cell === "bigint") return String(cell);
  if (typeof cell === "number" && !Number.isFinite(cell)) return JSON.stringify(String(cell));
  return typeof cell === "string" && isJson ? cell : JSON.stringify(cell);
}
