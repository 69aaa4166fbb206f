import type { Float, Rows, TaskContext } from "sluice";
import type { tickets } from "../schemas/index.ts";

const WEIGHTS: Readonly<Record<string, number>> = { down: 5, lost: 5, crash: 4, missing: 4, fails: 3, wrong: 2 };

export const PRESSING = 5;

/** How pressing each ticket is: by the words of its subject, and by the time that it has waited. */
export async function* score({ inputs, log }: TaskContext<{ tickets: typeof tickets }>) {
  let rows = 0;
  for await (const { ticket_id, subject, hours_open } of inputs.tickets) {
    const words = (subject ?? "").toLowerCase().split(/[^a-z]+/);
    const found = words.filter((word) => word in WEIGHTS);
    const weight = found.reduce((sum, word) => sum + (WEIGHTS[word] ?? 0), 0);
    // A day of waiting counts as much as one point, a ticket without a time as new.
    yield { ticket_id, score: weight + (hours_open ?? 0) / 24, words: found };
    rows += 1;
  }
  log(`${rows} tickets scored`);
}

/** How many tickets cannot wait. */
export async function countPressing({ inputs }: TaskContext<{ scores: Rows<{ readonly score: Float }> }>) {
  let count = 0;
  for await (const { score: points } of inputs.scores) if (points >= PRESSING) count += 1;
  return count;
}
