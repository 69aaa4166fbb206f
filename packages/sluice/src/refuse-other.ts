import { didYouMean, SluiceError } from "@sluice/core";

/** An option that is not known would be left out without a word: types do not reach a file that is only run. */
export function refuseOther(what: string, given: object, known: readonly string[]): void {
  const other = Object.keys(given).find((name) => !known.includes(name));
  if (other === undefined) return;
  throw new SluiceError("config", `${what} has no option "${other}"`, {
    offending: other,
    hint: didYouMean(other, known, "its options"),
  });
}
