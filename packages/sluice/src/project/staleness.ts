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
  const column = (name: string) => frozen.columns.find((one) => one.name === name);
  const type = Object.entries(options.types ?? {}).find(([name, wanted]) => column(name)?.type !== wanted);
  const format = Object.entries(options.formats ?? {}).find(([name, wanted]) => column(name)?.format !== wanted);
  const required = options.required?.find((name) => column(name)?.nullable !== false);
  const chosen = options.columns === undefined ? undefined : canonicalJson(options.columns.toSorted());
  const has = canonicalJson(frozen.columns.map(({ name }) => name).toSorted());
  const what =
    other !== undefined
      ? `${other[0]} is ${shown(other[1])} there and ${shown(other[2])} in the configuration`
      : type !== undefined
        ? `the configuration says that "${type[0]}" is ${type[1]}`
        : format !== undefined
          ? `the configuration says that "${format[0]}" is written ${format[1]}`
          : required !== undefined
            ? `the configuration says that "${required}" is required`
            : chosen === undefined
              ? frozen.partial === true
                ? "the configuration takes all columns"
                : undefined
              : chosen === has
                ? undefined
                : "the configuration names other columns";
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
