import {
  type Column,
  type ExistingTarget,
  type OutputSpec,
  type PartitionTransform,
  SluiceError,
  type StageRequest,
  storedSchema,
} from "@sluice/core";
import { bytesOf, type LakeAddress, nameOf } from "../config.ts";
import type { Field, PartitionSpec, TableMetadata } from "../format/model.ts";
import type { CreateTable, SchemaChange, Table } from "../format/table.ts";
import { engineTransform, parsePartition } from "../partition-text.ts";
import { canWiden, currentSchema, evolveSchema } from "../schema/evolve-schema.ts";
import { newMetadata } from "../table/new-metadata.ts";
import { targetBytesOf } from "../table/target-size.ts";
import { columnTypeOf, fieldIdOf, typeTextOf } from "../types.ts";
import { transformProblem } from "../values/transform.ts";
import { assertWritable } from "./assert-writable.ts";

/** The property of a table that says who made it. */
const MADE = "sluice.made";

/** What a load does to a table before its rows: nothing, make it, or change its columns. */
export interface TargetPlan {
  /** As it is; undefined where there is none. */
  readonly table: Table | undefined;
  readonly create: CreateTable | undefined;
  readonly changes: readonly SchemaChange[];
  /** As it will be when the rows come. */
  readonly fields: readonly Field[];
  readonly spec: PartitionSpec;
  readonly metadata: TableMetadata;
  /** The rows of the load: the number of each of their columns. */
  readonly arriving: readonly { readonly name: string; readonly field: Field }[];
}

/**
 * Decides how the target becomes one that takes the rows.
 *
 * @throws SluiceError `config` where it may not be changed so
 */
export function planTarget(table: Table | undefined, request: StageRequest, address: LakeAddress): TargetPlan {
  const { columns } = storedSchema(request.schema, request);
  if (table === undefined) {
    const create = newTable(columns, address);
    return planned(undefined, create, [], newMetadata(create, "", 0), columns, address);
  }
  assertSamePartitions(table.metadata, address);
  const changes =
    request.mode === "replace"
      ? replacing(table, request, columns, address)
      : evolving(table, request, columns, address);
  const plan = planned(table, undefined, changes, evolveSchema(table.metadata, changes), columns, address);
  const rewrites = !["append", "insert-only", "replace"].includes(request.mode);
  assertWritable(rewrites ? plan.fields : plan.arriving.map(({ field }) => field), nameOf(address));
  return plan;
}

/** What the table that is there would take for columns of these names. */
export function existingTarget(table: Table | undefined, names: readonly string[]): ExistingTarget | undefined {
  if (table === undefined) return undefined;
  const { fields } = currentSchema(table.metadata);
  const types = names.flatMap((name) => {
    const field = fieldOf(fields, name);
    return field === undefined ? [] : [[name, typeTextOf(field.type)] as const];
  });
  return { types: new Map(types), others: new Map(), made: table.metadata.properties[MADE] === "true" };
}

function planned(
  table: Table | undefined,
  create: CreateTable | undefined,
  changes: readonly SchemaChange[],
  metadata: TableMetadata,
  columns: readonly Column[],
  address: LakeAddress,
): TargetPlan {
  const { fields } = currentSchema(metadata);
  const spec = metadata.partitionSpecs.find(({ specId }) => specId === metadata.defaultSpecId);
  if (spec === undefined)
    throw new SluiceError("data", `${nameOf(address)} has no partition spec ${metadata.defaultSpecId}`);
  const arriving = columns.map(({ name }) => {
    const field = fieldOf(fields, name);
    if (field === undefined) throw new SluiceError("internal", `${nameOf(address)} has no column "${name}"`);
    return { name, field };
  });
  for (const { sourceId, transform } of spec.fields) {
    const field = fields.find(({ id }) => id === sourceId);
    if (field === undefined) throw refused(address, `is parted by a column inside of another`, String(sourceId));
    const { type } = field;
    const problem =
      type.kind === "struct" || type.kind === "list" || type.kind === "map"
        ? "holds several values"
        : transformProblem(transform, type);
    // A table that others parted so is theirs to answer for.
    if (problem === undefined || (table !== undefined && transform.kind !== "unknown")) continue;
    throw new SluiceError(
      "config",
      `${nameOf(address)} cannot be parted by ${transform.kind} of "${field.name}", which ${problem}`,
      {
        offending: field.name,
        hint: "choose another transform, or another column",
      },
    );
  }
  return { table, create, changes, fields, spec, metadata, arriving };
}

function newTable(columns: readonly Column[], { partitions = [] }: LakeAddress): CreateTable {
  return {
    schema: columns.map(({ name, type }) => ({ name, type: columnTypeOf(type), required: false })),
    spec: partitions.map(parsePartition),
    properties: { [MADE]: "true" },
  };
}

function evolving(
  table: Table,
  request: StageRequest,
  columns: readonly Column[],
  address: LakeAddress,
): readonly SchemaChange[] {
  const { fields } = currentSchema(table.metadata);
  const { evolve = "add" } = request;
  const gone = fields.find((field) => field.required && !columns.some(({ name }) => isName(field, name)));
  if (gone !== undefined) {
    throw new SluiceError("config", `${nameOf(address)} needs a value for "${gone.name}", which does not arrive`, {
      offending: gone.name,
      hint: "add the column to what is loaded",
    });
  }
  return columns.flatMap((column): readonly SchemaChange[] => {
    const field = fieldOf(fields, column.name);
    const type = columnTypeOf(column.type);
    if (field === undefined) {
      if (evolve === "fail") throw mayNotChange(address, `has no column "${column.name}"`, column.name, "add");
      return [{ change: "add", field: { name: column.name, type, required: false } }];
    }
    if (typeTextOf(field.type) === typeTextOf(type) || canWiden(type, field.type)) return [];
    const is = `its column "${field.name}" is ${typeTextOf(field.type)}, and ${column.type} arrives`;
    if (!canWiden(field.type, type)) throw misfit(address, is, column.name);
    if (evolve !== "widen") throw mayNotChange(address, is, column.name, "widen");
    return [{ change: "widen", column: field.name, to: type }];
  });
}

/** A replaced table has the columns that arrive; one with the same name and type goes on. */
function replacing(
  table: Table,
  request: StageRequest,
  columns: readonly Column[],
  address: LakeAddress,
): readonly SchemaChange[] {
  const { fields } = currentSchema(table.metadata);
  const same = (field: Field): boolean =>
    columns.some(({ name, type }) => field.name === name && typeTextOf(field.type) === typeTextOf(columnTypeOf(type)));
  const dropped = fields.filter((field) => !same(field));
  const added = columns.filter(({ name }) => !fields.some((field) => field.name === name && same(field)));
  if (dropped.length === 0 && added.length === 0) return [];
  const [first] = [...dropped, ...added];
  if (request.evolve === "fail") {
    throw mayNotChange(address, `has other columns: "${first?.name}" is not the same`, first?.name ?? "", "add");
  }
  const isOurs = table.metadata.properties[MADE] === "true";
  if (!isOurs && dropped.length > 0 && request.takeOver !== table.id.name && request.takeOver !== address.table) {
    throw new SluiceError(
      "config",
      `${nameOf(address)} was not made by sluice, and "${first?.name}" would be dropped`,
      {
        offending: first?.name ?? "",
        hint: `to give its columns up, say so by name: takeOver: "${table.id.name}"`,
      },
    );
  }
  return [
    ...dropped.map(({ name }): SchemaChange => ({ change: "drop", column: name })),
    ...added.map(
      ({ name, type }): SchemaChange => ({ change: "add", field: { name, type: columnTypeOf(type), required: false } }),
    ),
  ];
}

/** How a table is parted is decided when it is made. */
function assertSamePartitions(metadata: TableMetadata, address: LakeAddress): void {
  if (address.partitions === undefined) return;
  const { fields } = currentSchema(metadata);
  const spec = metadata.partitionSpecs.find(({ specId }) => specId === metadata.defaultSpecId);
  const shown = (spec?.fields ?? []).map(({ sourceId, transform }) => {
    const column = fields.find(({ id }) => id === sourceId)?.name;
    return JSON.stringify({ column, transform });
  });
  const wanted = address.partitions
    .map(parsePartition)
    .map(({ column, transform }) => JSON.stringify({ column, transform }));
  if (shown.length === wanted.length && shown.every((text, index) => text === wanted[index])) return;
  throw refused(address, "is parted otherwise, which is not changed by a load", address.partitions.join(", "));
}

/** An overwrite without partitions of its own takes those of the table. */
export function assertOwnPartitions({ spec }: TargetPlan, address: LakeAddress): void {
  if (spec.fields.some(({ transform }) => transform.kind !== "void")) return;
  throw new SluiceError("config", `overwrite needs partitions: ${nameOf(address)} has none of its own`, {
    hint: 'name the columns whose arriving values are replaced whole: partitions: ["day"]',
  });
}

/** Which files the engine shall write: of the rows that arrive, or of all columns of the table. */
export function outputFor(
  { spec, fields, arriving, metadata }: TargetPlan,
  address: LakeAddress,
  path: string,
  isWhole: boolean,
): OutputSpec {
  const targetBytes = address.targetSize === undefined ? targetBytesOf(metadata) : bytesOf(address.targetSize);
  const columns = isWhole ? fields.map((field) => ({ name: field.name, field })) : arriving;
  const partitions = spec.fields.map(({ sourceId, transform }): PartitionTransform => {
    const column = columns.find(({ field }) => field.id === sourceId);
    // What does not arrive is null, and so is its partition.
    if (column === undefined) return { column: columns[0]?.name ?? "", transform: "void" };
    const found = engineTransform(column.name, transform);
    if (found === undefined) throw refused(address, `is parted in a way that is not known here`, column.name);
    return found;
  });
  const fieldIds = columns.map(({ name, field }) => ({ ...fieldIdOf(field), name }));
  return { format: "parquet", path, ordered: false, compression: "zstd", table: { fieldIds, partitions, targetBytes } };
}

/** The column of that name; where only its case differs, it is the same one, as engines take it. */
export function fieldOf(fields: readonly Field[], name: string): Field | undefined {
  return fields.find((field) => field.name === name) ?? fields.find((field) => isName(field, name));
}

function isName(field: Field, name: string): boolean {
  return field.name.toLowerCase() === name.toLowerCase();
}

function mayNotChange(address: LakeAddress, says: string, offending: string, evolve: string): SluiceError {
  return new SluiceError("config", `${nameOf(address)}: ${says}`, {
    offending,
    hint: `let the load change its target, evolve: "${evolve}", or load what fits`,
  });
}

function misfit(address: LakeAddress, says: string, offending: string): SluiceError {
  return new SluiceError("config", `${nameOf(address)}: ${says}`, {
    offending,
    hint: "cast the column to the type of the table, or load it under another name",
  });
}

function refused(address: LakeAddress, says: string, offending: string): SluiceError {
  return new SluiceError("config", `${nameOf(address)} ${says}`, {
    offending,
    hint: "load into another table, or leave `partitions` out",
  });
}
