import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { ExactNumber } from "./row-encoder.ts";

/**
 * The rows of a file of NDJSON; a line that is no JSON is given as its text, which is no row. Numbers of more digits than
 * JavaScript holds keep them.
 */
export async function* ndjsonRows(path: string): AsyncGenerator<unknown, void, void> {
  const lines = createInterface({
    input: createReadStream(path, { encoding: "utf8" }),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  for await (const line of lines) {
    if (line.trim() === "") continue;
    yield parseLine(line);
  }
}

const LONG_NUMBER = /\d{16}|\d{8}\.\d{8}|\.\d{16}/;
const MARK = "\u0000number:";

function parseLine(line: string): unknown {
  try {
    if (!LONG_NUMBER.test(line)) return JSON.parse(line);
    const marked = line.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
      token.startsWith('"') || token.replace(/\D/g, "").length < 16 ? token : JSON.stringify(MARK + token),
    );
    return JSON.parse(marked, (_key, value: unknown) =>
      typeof value === "string" && value.startsWith(MARK) ? new ExactNumber(value.slice(MARK.length)) : value,
    );
  } catch {
    return line;
  }
}
