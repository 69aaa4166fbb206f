import { canonicalJson, type FrozenDataset, SluiceError } from "@sluice/core";
import type { DatasetSource } from "../dataset-options.ts";

/**
 * What the configuration says of a dataset and its frozen schema does not: a run must not follow the older of the two.
 */
export function staleness(frozen: FrozenDataset, { address, options }: DatasetSource): SluiceError | undefined {
  const expected: readonly (readonly [string, unknown, unknown])[] = [
    ["source", frozen.source, address],
    ["maxRejects", frozen.maxRejects, options.maxRejects],
    ["validate", frozen.validate, options.validate ?? "all"],
    ["drift", frozen.drift, options.drift ?? "fail"],
    ["reordered", frozen.reordered, options.reordered ?? "fail"],
    ["stage", frozen.stage, options.stage ?? "volatile"],
  ];
  const other = expected.find(([, then, now]) => canonicalJson(then ?? null) !== canonicalJson(now ?? null));
  const types = Object.entries(options.types ?? {}).find(
    ([name, type]) => frozen.columns.find((column) => column.name === name)?.type !== type,
  );
  const required = options.required?.find(
    (name) => frozen.columns.find((column) => column.name === name)?.nullable !== false,
  );
  const what =
    other !== undefined
      ? `${other[0]} is ${shown(other[1])} there and ${shown(other[2])} in the configuration`
      : types !== undefined
        ? `the configuration says that "${types[0]}" is ${types[1]}`
        : required === undefined
          ? undefined
          : `the configuration says that "${required}" is required`;
  if (what === undefined) return undefined;
  return new SluiceError("config", `the frozen schema of "${frozen.name}" is older than the configuration: ${what}`, {
    offending: frozen.name,
    reason: "stale",
    hint: `run "sluice sync ${frozen.name}"`,
  });
}

function shown(value: unknown): string {
  return value === undefined ? "absent" : canonicalJson(value);
}
