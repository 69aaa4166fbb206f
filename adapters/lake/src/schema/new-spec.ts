import { SluiceError } from "@sluice/core";
import type { Field, PartitionField, PartitionSpec, PrimitiveType, Transform } from "../format/model.ts";
import { isPrimitive } from "../format/partition-type.ts";
import { transformText, typeToJson } from "../format/schema-json.ts";
import type { NewPartitionField } from "../format/table.ts";
import { findColumn } from "./find-column.ts";

/** Field ids of partitions begin here in every writer. */
export const FIRST_PARTITION_ID = 1000;

const TIMES: readonly string[] = ["timestamp", "timestamptz"];
const SOURCES: Readonly<Record<Transform["kind"], readonly string[]>> = {
  // Readers disagree on how floats, bytes and uuids are compared: pruning would lose rows (PyIceberg 0.12, Iceberg 1.12).
  identity: ["boolean", "int", "long", "decimal", "date", "time", "timestamp", "timestamptz", "string"],
  year: ["date", ...TIMES],
  month: ["date", ...TIMES],
  day: ["date", ...TIMES],
  hour: TIMES,
  bucket: ["int", "long", "decimal", "date", "time", "timestamp", "timestamptz", "string", "uuid", "fixed", "binary"],
  truncate: ["int", "long", "decimal", "string", "binary"],
  void: [],
  unknown: [],
};
const NAMES: Readonly<Record<Transform["kind"], string>> = {
  identity: "",
  year: "_year",
  month: "_month",
  day: "_day",
  hour: "_hour",
  bucket: "_bucket",
  truncate: "_trunc",
  void: "_null",
  unknown: "",
};

/** The partition spec of a new table. */
export function createSpec(fields: readonly Field[], partitions: readonly NewPartitionField[]): PartitionSpec {
  const made: PartitionField[] = [];
  for (const { column, transform, name } of partitions) {
    const source = findColumn(fields, column);
    const text = transformText(transform);
    if ([...source.around, source.kind].some((kind) => kind !== "field") || !isPrimitive(source.type)) {
      throw refused(column, text, "it is, or lies inside of, a list, a map or a struct");
    }
    assertTransforms(column, source.type, transform);
    const field = {
      sourceId: source.id,
      fieldId: FIRST_PARTITION_ID + made.length,
      name: name ?? `${column}${NAMES[transform.kind]}`,
      transform,
    };
    if (made.some((other) => other.sourceId === field.sourceId && transformText(other.transform) === text)) {
      throw refused(column, text, "it is so already");
    }
    const taken = fields.find((other) => other.name === field.name);
    if (made.some((other) => other.name === field.name) || (taken !== undefined && taken.id !== source.id)) {
      throw refused(column, text, `the name ${JSON.stringify(field.name)} is taken`);
    }
    made.push(field);
  }
  return { specId: 0, fields: made };
}

function assertTransforms(column: string, type: PrimitiveType, transform: Transform): void {
  const sources = SOURCES[transform.kind];
  if (sources.includes(type.kind)) return;
  const why =
    sources.length === 0
      ? "sluice does not write that transform"
      : `the type ${String(typeToJson(type))} is not one of ${sources.join(", ")}`;
  throw refused(column, transformText(transform), why);
}

function refused(column: string, transform: string, why: string): SluiceError {
  return new SluiceError(
    "config",
    `a table cannot be partitioned by ${transform} of ${JSON.stringify(column)}: ${why}`,
    {
      offending: column,
      hint: "identity, year, month, day, hour, bucket[n] and truncate[n] of columns that they fit",
    },
  );
}
