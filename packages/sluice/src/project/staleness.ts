import { canonicalJson, didYouMean, type FrozenDataset, SluiceError } from "@sluice/core";
import type { DatasetSource } from "../dataset-options.ts";
import { driftPolicy } from "../sync/evolve-frozen.ts";
import { keepOf } from "../sync/freeze.ts";

/**
 * What the configuration says of how a dataset is read and its frozen schema does not: a run must not follow the older of
 * the two.
 */
export function staleness(frozen: FrozenDataset, { address, options }: DatasetSource): SluiceError | undefined {
  const isMoved = canonicalJson(frozen.source) !== canonicalJson(address);
  const column = (name: string) => frozen.columns.find((one) => one.name === name);
  const type = Object.entries(options.types ?? {}).find(([name, wanted]) => column(name)?.type !== wanted);
  const format = Object.entries(options.formats ?? {}).find(([name, wanted]) => column(name)?.format !== wanted);
  const required = options.required?.find((name) => column(name)?.nullable !== false);
  const chosen = options.columns === undefined ? undefined : canonicalJson(options.columns.toSorted());
  const has = canonicalJson(frozen.columns.map(({ name }) => name).toSorted());
  const what = isMoved
    ? `source is ${canonicalJson(frozen.source)} there and ${canonicalJson(address)} in the configuration`
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
  if (what === undefined) return policyProblem(frozen, { address, options });
  return new SluiceError("config", `the frozen schema of "${frozen.name}" is older than the configuration: ${what}`, {
    offending: frozen.name,
    reason: "stale",
    hint: `run "sluice sync ${frozen.name}"`,
  });
}

/** What a policy of a column cannot mean. */
function policyProblem({ name, columns, dialect }: FrozenDataset, { options }: DatasetSource): SluiceError | undefined {
  for (const [column, policy] of Object.entries(options.driftOf ?? {})) {
    const found = columns.find((one) => one.name === column);
    // One that is to come may be named, and one of any source may be kept from evolving.
    if (policy === "evolve" || (policy === "fail" && options.drift === "evolve")) continue;
    const why =
      found === undefined
        ? "it has no such column"
        : dialect === undefined
          ? "only values of delimited text and fixed width can be of another type"
          : policy === "discardValue" && !found.nullable
            ? "the column is required, so that its values cannot be null"
            : undefined;
    if (why === undefined) continue;
    return new SluiceError("config", `driftOf of dataset "${name}" says ${policy} for "${column}": ${why}`, {
      offending: column,
      hint: didYouMean(
        column,
        columns.map((one) => one.name),
        "columns",
      ),
    });
  }
  return undefined;
}

/**
 * A frozen dataset with the policies of its configuration: they say what becomes of records, not how they are read, so
 * they need no new look at the source, which may hold just the records that they are about.
 */
export function withPolicies(frozen: FrozenDataset, { options }: DatasetSource): FrozenDataset {
  const { maxRejects: _maxRejects, keep: _keep, ...rest } = frozen;
  const {
    maxRejects,
    validate = "all",
    drift = "fail",
    reordered = "fail",
    stage = "volatile",
    driftOf = {},
  } = options;
  const columns = rest.columns.map((column) => {
    const policy = Object.hasOwn(driftOf, column.name) ? driftOf[column.name] : undefined;
    const evolves = driftPolicy(options, column.name) === "evolve" ? { evolves: true as const } : {};
    // Of a text each value tells its type, and of a file of Parquet its own schema is compared.
    const isFound = rest.source.type !== "file" && !Object.hasOwn(options.types ?? {}, column.name);
    const found = isFound ? { asFound: true as const } : {};
    if (policy === "fail" && rest.dialect !== undefined) return { ...column, misfit: "fail" as const };
    return { ...column, ...evolves, ...found, ...(policy === "discardValue" ? { misfit: "null" as const } : {}) };
  });
  const policies = { columns, validate, drift, reordered, stage, ...keepOf(options) };
  return { ...rest, ...(maxRejects === undefined ? {} : { maxRejects }), ...policies };
}
