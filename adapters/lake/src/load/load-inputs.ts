import type { FrozenColumn, ScannableInput, StageRequest, WrittenFile } from "@sluice/core";
import type { LiveFile } from "../format/table.ts";
import { tableInput } from "../scan/table-input.ts";
import { typeTextOf } from "../types.ts";
import { type AskedAbout, FILE_COLUMN, storedColumns } from "./rewrite.ts";
import type { TargetPlan } from "./target-plan.ts";

/** Whether the engine's rows are compared with those that are there before they are written as the table's. */
export function isCompared({ mode }: Pick<StageRequest, "mode">): boolean {
  return mode === "merge" || mode === "insert-only";
}

/** The rows that arrive: as plain files with the columns of the load, or as files of the table by their numbers. */
export function batchInput(plan: TargetPlan, request: StageRequest, files: readonly WrittenFile[]): ScannableInput {
  const columns: readonly FrozenColumn[] = isCompared(request)
    ? request.schema.columns
    : plan.arriving.map(({ name, field }) => ({ name, type: typeTextOf(field.type), nullable: true }));
  return {
    format: "parquet",
    groups: [
      {
        order: columns.map(({ name }) => name),
        files: files.map(({ path, origin = path, bytes }) => ({ path, origin, bytes })),
      },
    ],
    columns,
    validate: "used",
    identity: null,
  };
}

/** What questions of a load are about: see `RewriteRequest.ask`. */
export function inputsOf(
  { fields, arriving, metadata: { properties } }: TargetPlan,
  { key }: StageRequest,
  candidates: readonly LiveFile[],
  batch: ScannableInput,
  shown: string,
  { stored, staying = [], changes }: AskedAbout,
): ReadonlyMap<string, ScannableInput> {
  const filesOf = (locations: readonly string[]): readonly LiveFile[] => {
    const chosen = new Set(locations);
    return candidates.filter(({ entry }) => chosen.has(entry.file.path));
  };
  const files = stored === undefined ? candidates : filesOf(stored);
  const columns = storedColumns(fields);
  // Where each row lies is asked for as long as it is not known which files are written anew.
  const place = stored === undefined ? { fileColumn: FILE_COLUMN } : {};
  const rows = tableInput({ shown, files, columns, ...place, properties, identity: null });
  const types = new Map(arriving.map(({ name, field }) => [name, typeTextOf(field.type)]));
  const put = batch.columns.map((column) => ({ ...column, type: types.get(column.name) ?? column.type }));
  const inputs = new Map<string, ScannableInput>([
    ["batch", batch],
    ["put", { ...batch, columns: put }],
    ["stored", rows],
    ["before", rows],
    ["staying", tableInput({ shown, files: filesOf(staying), columns, properties, identity: null })],
  ]);
  if (changes === undefined) return inputs;
  const keys = new Set(key.map((name) => arriving.find((one) => one.name === name)?.field.id));
  const frozen: readonly FrozenColumn[] = [
    ...columns.filter(({ field }) => keys.has(field.id)).map(({ column }) => column),
    { name: FILE_COLUMN, type: "string", nullable: true },
    { name: "\u0001action", type: "string", nullable: false },
  ];
  const changed: ScannableInput = {
    format: "parquet",
    groups: [{ order: frozen.map(({ name }) => name), files: [{ path: changes, origin: changes, bytes: 0 }] }],
    columns: frozen,
    validate: "used",
    identity: null,
  };
  return inputs.set("changes", changed).set("left", changed);
}
