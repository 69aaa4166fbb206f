import { didYouMean, SluiceError } from "@sluice/core";
import type { QuarantineEntry } from "./find-entries.ts";

/** The entries of a dataset or a step, where one is named. */
export function chooseEntries(
  entries: readonly QuarantineEntry[],
  { dataset, step }: { readonly dataset: string | undefined; readonly step: string | undefined },
): readonly QuarantineEntry[] {
  for (const [wanted, isStep] of [
    [dataset, false],
    [step, true],
  ] as const) {
    if (wanted === undefined) continue;
    const names = entries.filter(({ kind }) => (kind !== "reject") === isStep).map(({ name }) => name);
    if (!names.includes(wanted)) {
      const what = isStep ? "step" : "dataset";
      throw new SluiceError("config", `nothing of the ${what} "${wanted}" is in the quarantine`, {
        offending: wanted,
        hint: didYouMean(wanted, [...new Set(names)], `${what}s`),
      });
    }
  }
  return entries.filter(({ name, kind }) => {
    if (dataset === undefined && step === undefined) return true;
    return kind === "reject" ? name === dataset : name === step;
  });
}
