/**
 * The name that was probably meant, or undefined where none is near: at most a third of its letters may differ.
 *
 * @example
 * closest("crashs", ["crashes", "people"]); // "crashes"
 */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  // Every letter is one edit away from every other: of a single one nothing follows.
  const limit = wanted.length < 2 ? 0 : Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= least) continue;
    const distance = damerauLevenshtein(wanted, candidate.toLowerCase());
    if (distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/**
 * What to say to someone who wrote a name that does not exist.
 *
 * @example
 * didYouMean("crashs", ["crashes"], "datasets"); // 'did you mean "crashes"?'
 * didYouMean("x", ["crashes", "people"], "datasets"); // "datasets are crashes, people"
 */
export function didYouMean(name: string, candidates: readonly string[], what: string): string {
  const near = closest(name, candidates);
  if (near !== undefined) return `did you mean "${near}"?`;
  if (candidates.length === 0) return `there are no ${what}`;
  const shown = candidates.slice(0, 20).join(", ");
  return `${what} are ${shown}${candidates.length > 20 ? `, and ${candidates.length - 20} more` : ""}`;
}

/** Edits between two texts, a swap of neighbours counting as one (the restricted form: no edit between swapped letters). */
export function damerauLevenshtein(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let cost = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, substitution);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
