import { type ScanSource, SluiceError } from "@sluice/core";

/** Parameter names are the author's; those that DuckDB would not take get a number. */
export function bindingName(name: string, index: number): string {
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(name) && !/^sluice_/i.test(name) ? name : `sluice_p${index}`;
}

/** The name by which a query addresses what a scan reads. */
export function inputName(source: ScanSource): string {
  if ("dataset" in source) return source.dataset;
  if ("stage" in source) return source.stage;
  if ("step" in source) return source.step;
  throw new SluiceError("internal", "an inline source has no name before it is planned");
}
