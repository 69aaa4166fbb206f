import { throwIfStopped } from "./errors.ts";
import type { FoundFile } from "./find-files.ts";
import { looksLikeUtf8 } from "./guess-encoding.ts";
import { type PreparedText, prepareText } from "./prepare-text.ts";
import { canonicalEncoding } from "./text-stream.ts";

/** All files in UTF-8, for this process to read: in scratch space but for those that are so already; where nothing says the encoding, the whole of the first file is asked. */
export async function prepareAll(
  files: readonly FoundFile[],
  {
    encoding,
    nextPath,
    signal,
  }: { readonly encoding: string | undefined; readonly nextPath: () => string; readonly signal: AbortSignal },
): Promise<{
  readonly texts: readonly PreparedText[];
  readonly encoding: string;
  readonly warnings: readonly string[];
}> {
  const texts: PreparedText[] = [];
  const warnings: string[] = [];
  let taken = encoding === undefined ? undefined : canonicalEncoding(encoding);
  for (const file of files) {
    throwIfStopped(signal);
    const text = await prepareText(file, `${nextPath()}.csv`, {
      encoding: taken ?? "utf-8",
      mayGuess: taken === undefined,
      mayStay: true,
      signal,
    });
    if (text.guessed === true)
      warnings.push(
        `${file.origin} is read as ${text.encoding}, which no mark says: declare its encoding if it is another`,
      );
    if (taken !== undefined || text.encoding !== "utf-8") {
      taken ??= text.encoding;
      texts.push(text);
      continue;
    }
    const verdict = await looksLikeUtf8(text, signal);
    taken = verdict === "other" ? "windows-1252" : "utf-8";
    if (verdict === "broken")
      warnings.push(`${file.origin} is UTF-8 with bytes in it that are none: those records are rejected`);
    if (verdict === "other")
      warnings.push(`${file.origin} is not UTF-8 and is read as windows-1252: declare its encoding if it is another`);
    texts.push(verdict === "other" ? await prepareText(file, `${nextPath()}.csv`, { encoding: taken, signal }) : text);
  }
  return { texts, encoding: taken ?? "utf-8", warnings };
}
