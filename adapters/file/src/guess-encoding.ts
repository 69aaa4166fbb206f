import { isUtf8 } from "node:buffer";
import { withName } from "./errors.ts";
import type { PreparedText } from "./prepare-text.ts";
import { readPieces } from "./read-small.ts";

/** `broken`: UTF-8 with bytes in it that are none; `other`: another encoding. */
export type Utf8Verdict = "utf-8" | "broken" | "other";

/** Whether the whole of a file is UTF-8; what is not is told apart by whether it holds more letters of UTF-8 than bad bytes. */
export async function looksLikeUtf8(text: PreparedText, signal: AbortSignal): Promise<Utf8Verdict> {
  let rest: Buffer = Buffer.alloc(0);
  // A cut letter at the end says nothing alone.
  let before: Buffer = Buffer.alloc(0);
  return await withName(text.origin, async () => {
    for await (const piece of readPieces(text, { signal })) {
      const chunk = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      const whole = lastBoundary(chunk);
      if (!isUtf8(chunk.subarray(0, whole))) return verdictOn(Buffer.concat([before, chunk]));
      rest = Buffer.from(chunk.subarray(whole));
      before = Buffer.from(chunk.subarray(0, whole));
    }
    return rest.length === 0 || isUtf8(rest) ? "utf-8" : verdictOn(Buffer.concat([before, rest]));
  });
}

/** Where the last whole letter ends. */
function lastBoundary(chunk: Buffer): number {
  for (let back = 1; back <= Math.min(3, chunk.length); back++) {
    const byte = chunk[chunk.length - back] ?? 0;
    if (byte < 0x80) return chunk.length;
    if (byte >= 0xc0) return chunk.length - back;
  }
  return chunk.length;
}

function verdictOn(chunk: Buffer): Utf8Verdict {
  let letters = 0;
  let bad = 0;
  for (let at = 0; at < chunk.length; ) {
    const byte = chunk[at] ?? 0;
    const size = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    if (size > 1 && isUtf8(chunk.subarray(at, at + size)) && at + size <= chunk.length) letters += 1;
    else if (size > 1) {
      bad += 1;
      at += 1;
      continue;
    }
    at += size;
  }
  return letters > bad ? "broken" : "other";
}
