import type { DraftStage } from "./draft-stages.ts";
import type { Extract } from "./extracts.ts";

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/**
 * Why a stage's steps stand together and it ends here.
 *
 * @example
 * endOfStage(draft); // "crash is written here because it has 2 checks; trimmed runs inside it"
 */
export function endOfStage(draft: DraftStage): string {
  const inner = draft.steps.slice(0, -1);
  const fused = inner.length === 0 ? "" : `; ${joinWords(inner)} ${inner.length === 1 ? "runs" : "run"} inside it`;
  const kind = { load: "a load", task: "a task", shell: "a command", transform: undefined }[draft.last.kind];
  const end =
    kind === undefined ? `${draft.name} is landed because ${joinWords(draft.reasons)}` : `${draft.name} is ${kind}`;
  return `${end}${fused}`;
}

/** Why a dataset is landed. */
export function endOfExtract(extract: Extract, all: number): string {
  const { dataset, columns, reasons } = extract;
  const part = columns.length === all ? `all ${all}` : `${columns.length} of ${all}`;
  return `${dataset} is landed (${part} columns) because ${joinWords(reasons)}`;
}
