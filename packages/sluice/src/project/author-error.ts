import { readFileSync } from "node:fs";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import { closest, isSluiceError, locate, SluiceError, type SourceLocation } from "@sluice/core";

const FRAME = /\(?((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/;

/** The innermost frame of a stack that lies in the author's own files. */
export function authorFrame(stack: string | undefined, root: string): SourceLocation | undefined {
  for (const line of (stack ?? "").split("\n")) {
    const found = FRAME.exec(line.trim());
    if (found === null) continue;
    const [, place = "", row, column] = found;
    const file = place.startsWith("file://") ? fileURLToPath(place) : place;
    const inside = file.startsWith(root + sep) ? file.slice(root.length) : "";
    if (inside === "" || inside.includes(`${sep}node_modules${sep}`) || inside.endsWith(".mjs.map")) continue;
    if (inside.startsWith(`${sep}.sluice${sep}`)) continue;
    return { file, line: Number(row), column: Number(column) };
  }
  return undefined;
}

export interface Evaluation {
  readonly root: string;
  readonly entry: string;
  /** All files that the entry was made from. */
  readonly inputs: readonly string[];
  /** What `sluice` exports, for finding the name that was meant. */
  readonly publicNames: readonly string[];
}

/**
 * What was thrown while a file of the author's was evaluated, as an error that shows the author's own line.
 */
export function errorOfEvaluation(thrown: unknown, { root, entry, inputs, publicNames }: Evaluation): SluiceError {
  const at = thrown instanceof Error ? authorFrame(thrown.stack, root) : undefined;
  if (isSluiceError(thrown)) return locate(thrown, at ?? { file: entry });
  if (!(thrown instanceof Error)) {
    return new SluiceError("config", `the file threw ${JSON.stringify(thrown)} while it was read`, {
      at: { file: entry },
    });
  }
  const missing = /does not provide an export named '([^']+)'/.exec(thrown.message)?.[1];
  if (missing !== undefined) return missingExport(missing, thrown, { entry, inputs, publicNames });
  return new SluiceError("config", `the file failed while it was read: ${thrown.name}: ${thrown.message}`, {
    at: at ?? { file: entry },
    cause: thrown,
  });
}

function missingExport(
  name: string,
  cause: SyntaxError | Error,
  { entry, inputs, publicNames }: Pick<Evaluation, "entry" | "inputs" | "publicNames">,
): SluiceError {
  const module = /requested module '([^']+)'/.exec(cause.message)?.[1] ?? "";
  const isSluice = /[\\/]index\.[jt]s$/.test(module);
  const word = new RegExp(`\\b${name.replace(/[^\w]/g, "\\$&")}\\b`);
  const at = inputs.map((file) => firstLine(file, word)).find((place) => place !== undefined) ?? { file: entry };
  const near = isSluice ? closest(name, publicNames) : undefined;
  return new SluiceError("config", `"${name}" is not exported by ${isSluice ? '"sluice"' : module}`, {
    at,
    offending: name,
    cause,
    ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
  });
}

function firstLine(file: string, word: RegExp): SourceLocation | undefined {
  const lines = readFileSync(file, "utf8").split("\n");
  const index = lines.findIndex((line) => word.test(line));
  const column = lines[index]?.search(word);
  return index === -1 || column === undefined ? undefined : { file, line: index + 1, column: column + 1 };
}
