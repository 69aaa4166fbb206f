import { SluiceError } from "@sluice/core";

const PART = /\.([^.[\]"'\s]+)|\["((?:[^"\\]|\\.)*)"\]/y;

/**
 * The keys of a path into a JSON document, from its root. A star at the end, for the items of an array, may stand or not.
 *
 * @example
 * documentPath('$.result["line items"][*]'); // ["result", "line items"]
 * @throws SluiceError `config` for what is no path
 */
export function documentPath(text: string): readonly string[] {
  const keys: string[] = [];
  const end = text.endsWith("[*]") ? text.length - 3 : text.length;
  let at = text.startsWith("$") ? 1 : -1;
  while (at >= 0 && at < end) {
    PART.lastIndex = at;
    const found = PART.exec(text);
    if (found === null) at = -1;
    else {
      keys.push(found[1] ?? keyIn(found[2] ?? ""));
      at += found[0].length;
    }
  }
  if (at === end) return keys;
  throw new SluiceError("config", `"at" is ${JSON.stringify(text)}, which is no path into a document`, {
    offending: text,
    hint: 'write it as "$.items", or as $["line items"] where a name has blanks or dots in it',
  });
}

function keyIn(quoted: string): string {
  try {
    return JSON.parse(`"${quoted}"`) as string;
  } catch {
    // An escape that there is not: the name as it stands is not found, which says what was looked for.
    return quoted;
  }
}
