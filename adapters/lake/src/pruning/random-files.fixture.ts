import type { Expression, LiteralNode } from "@sluice/core";
import fc from "fast-check";
import type { DataFile, ManifestFile, PartitionSpec, PrimitiveType, TableSchema } from "../format/model.ts";
import { compareValues } from "../values/compare-values.ts";
import { cutLower, cutUpper } from "../values/cut-bounds.ts";
import { encodeValue } from "../values/encode-value.ts";
import type { Value } from "../values/primitive.ts";
import { parseTransform, primitive } from "../values/short-forms.fixture.ts";
import { applyTransform, resultType } from "../values/transform.ts";
import { valueOfText } from "../values/value-of-text.ts";

/** A cell as a literal writes it, and as a table holds it. */
export interface Sample {
  readonly type: PrimitiveType;
  readonly literal: LiteralNode["type"];
  readonly texts: fc.Arbitrary<string>;
  readonly transforms: readonly string[];
}

const pad = (value: number, length: number): string => String(value).padStart(length, "0");
const days = fc
  .tuple(
    fc.constantFrom(1, 1900, 1968, 1969, 1970, 1971, 2024, 9999),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
  )
  .map(([year, month, day]) => `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`);
const instants = fc
  .tuple(days, fc.integer({ min: 0, max: 23 }), fc.constantFrom("00:00", "59:59.999999", "30:00.5"))
  .map(([day, hour, rest]) => `${day}T${pad(hour, 2)}:${rest}`);
const words = fc.oneof(
  fc.constantFrom(
    "",
    "a",
    "ab",
    "abc",
    "abcd",
    "\u{FFFD}",
    "\u{1F600}",
    "a\u{1F600}b",
    "long text that is longer than a bound",
  ),
  fc.string({ unit: "grapheme", maxLength: 20 }),
);
const SAMPLES: Readonly<Record<string, Sample>> = {
  flag: {
    type: primitive("boolean"),
    literal: "bool",
    texts: fc.constantFrom("true", "false"),
    transforms: ["identity"],
  },
  small: {
    type: primitive("int"),
    literal: "number",
    texts: fc
      .oneof(
        { arbitrary: fc.integer({ min: -30, max: 30 }), weight: 9 },
        { arbitrary: fc.constantFrom(-(2 ** 31), 2 ** 31 - 1), weight: 1 },
      )
      .map(String),
    transforms: ["identity", "bucket[3]", "truncate[10]", "void"],
  },
  large: {
    type: primitive("long"),
    literal: "number",
    texts: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
    transforms: ["identity", "bucket[4]", "truncate[1000]"],
  },
  price: {
    type: primitive("decimal(9, 2)"),
    literal: "number",
    texts: fc.integer({ min: -500, max: 500 }).map((cents) => (cents / 100).toFixed(2)),
    transforms: ["identity", "bucket[4]", "truncate[50]"],
  },
  share: {
    type: primitive("double"),
    literal: "number",
    texts: fc.constantFrom("-1.5", "0", "-0", "0.1", "7", "nan", "inf", "1e300"),
    transforms: ["void"],
  },
  day: {
    type: primitive("date"),
    literal: "date",
    texts: days,
    transforms: ["identity", "year", "month", "day", "bucket[3]"],
  },
  at: {
    type: primitive("timestamp"),
    literal: "timestamp",
    texts: instants,
    transforms: ["year", "month", "day", "hour", "bucket[5]"],
  },
  word: {
    type: primitive("string"),
    literal: "string",
    texts: words,
    transforms: ["identity", "truncate[1]", "truncate[3]", "bucket[4]"],
  },
};
export const NAMES = Object.keys(SAMPLES);
export const sampleOf = (name: string): Sample => {
  const sample = SAMPLES[name];
  if (sample === undefined) throw new Error(name);
  return sample;
};
export const SCHEMA: TableSchema = {
  schemaId: 0,
  identifierFieldIds: [],
  fields: NAMES.map((name, index) => ({ id: index + 1, name, required: false, type: sampleOf(name).type })),
};
const valueIn = (name: string, text: string | null): Value | null =>
  text === null ? null : (valueOfText(text, sampleOf(name).type) ?? null);

export type Row = Readonly<Record<string, string | null>>;

export const row: fc.Arbitrary<Row> = fc.record(
  Object.fromEntries(NAMES.map((name) => [name, fc.option(sampleOf(name).texts, { freq: 5 })])),
);
const literal = (name: string): fc.Arbitrary<Expression> =>
  sampleOf(name)
    .texts.filter((text) => text !== "nan" && text !== "inf")
    .map((text): Expression => {
      const type = sampleOf(name).literal;
      return { kind: "literal", type, value: type === "bool" ? text === "true" : text };
    });
export const call = (name: string, ...operands: Expression[]): Expression => ({
  kind: "call",
  name,
  arguments: operands,
});
const leaf: fc.Arbitrary<Expression> = fc.constantFrom(...NAMES).chain((name) => {
  const column: Expression = { kind: "column", name };
  const compared = fc
    .tuple(
      fc.constantFrom("eq", "ne", "lt", "lte", "gt", "gte", "isDistinctFrom", "isNotDistinctFrom"),
      literal(name),
      fc.boolean(),
    )
    .map(([ask, value, mirrored]) => (mirrored ? call(ask, value, column) : call(ask, column, value)));
  const others: fc.Arbitrary<Expression>[] = [
    compared,
    fc.constantFrom(call("isNull", column), call("isNotNull", column)),
    fc.tuple(literal(name), literal(name)).map(([low, high]) => call("between", column, low, high)),
    fc
      .tuple(fc.constantFrom("in", "notIn"), fc.array(literal(name), { minLength: 1, maxLength: 3 }))
      .map(([ask, list]) => call(ask, column, ...list)),
    fc.constant(call("unheardOf", column)),
  ];
  if (name === "word") others.push(literal(name).map((part) => call("startsWith", column, part)));
  if (name === "flag") others.push(fc.constant(column));
  return fc.oneof(...others);
});
export const filter: fc.Arbitrary<Expression> = fc.letrec<{ filter: Expression }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    tie("filter").map((inner) => call("not", inner)),
    fc
      .tuple(fc.constantFrom("and", "or"), fc.array(tie("filter"), { minLength: 2, maxLength: 3 }))
      .map(([name, parts]) => call(name, ...parts)),
  ),
})).filter;
export const spec: fc.Arbitrary<PartitionSpec> = fc
  .uniqueArray(
    fc.constantFrom(...NAMES.flatMap((name) => sampleOf(name).transforms.map((transform) => ({ name, transform })))),
    {
      maxLength: 3,
      selector: ({ name, transform }) => `${name} ${transform}`,
    },
  )
  .map((fields) => ({
    specId: 0,
    fields: fields.map(({ name, transform }, index) => ({
      sourceId: NAMES.indexOf(name) + 1,
      fieldId: 1000 + index,
      name: `p${index}`,
      transform: parseTransform(transform),
    })),
  }));

/** In the order of the engine: NaN is above all. */
function compared(left: Value, right: Value): number {
  const [a, b] = [Number.isNaN(left), Number.isNaN(right)];
  return a || b ? Number(a) - Number(b) : compareValues(left, right);
}

/** What SQL says of a condition, in three values; what is not known is asked both ways. */
export function holds(expression: Expression, of: Row): boolean | null {
  if (expression.kind === "column") return of[expression.name] === null ? null : of[expression.name] === "true";
  if (expression.kind !== "call") throw new Error(expression.kind);
  const { name, arguments: operands } = expression;
  if (name === "unheardOf") return true;
  if (name === "and" || name === "or") {
    const parts = operands.map((part) => holds(part, of));
    if (parts.includes(name === "or")) return name === "or";
    return parts.includes(null) ? null : name === "and";
  }
  if (name === "not") {
    const [inner = expression] = operands;
    // Its negation is as unknown as itself.
    if (inner.kind === "call" && inner.name === "unheardOf") return true;
    const result = holds(inner, of);
    return result === null ? null : !result;
  }
  const column = operands.find((operand) => operand.kind === "column")?.name ?? "";
  const values = operands.map((operand) =>
    operand.kind === "column"
      ? valueIn(column, of[column] ?? null)
      : operand.kind === "literal"
        ? valueIn(column, String(operand.value))
        : null,
  );
  const [first = null, ...others] = values;
  const [second = null, third = null] = others;
  if (name === "isNull") return first === null;
  if (name === "isNotNull") return first !== null;
  if (name === "isDistinctFrom" || name === "isNotDistinctFrom") {
    const same = first === null || second === null ? first === second : compared(first, second) === 0;
    return same === (name === "isNotDistinctFrom");
  }
  if (first === null || second === null) return null;
  const order = compared(first, second);
  switch (name) {
    case "eq":
      return order === 0;
    case "ne":
      return order !== 0;
    case "lt":
      return order < 0;
    case "lte":
      return order <= 0;
    case "gt":
      return order > 0;
    case "gte":
      return order >= 0;
    case "between":
      return order >= 0 && third !== null && compared(first, third) <= 0;
    case "in":
    case "notIn":
      return others.some((one) => one !== null && compared(first, one) === 0) === (name === "in");
    case "startsWith":
      return String(first).startsWith(String(second));
    default:
      throw new Error(name);
  }
}

/** The files that a writer would make of the rows: one for each partition. */
export function filesOf(rows: readonly Row[], { fields }: PartitionSpec): ReadonlyMap<DataFile, readonly Row[]> {
  const parted = new Map<string, { readonly partition: readonly (Value | null)[]; readonly rows: Row[] }>();
  for (const one of rows) {
    const partition = fields.map(({ sourceId, transform }) => {
      const name = NAMES[sourceId - 1] ?? "";
      return applyTransform(transform, valueIn(name, one[name] ?? null), sampleOf(name).type);
    });
    const key = JSON.stringify(partition.map(String));
    const found = parted.get(key) ?? { partition, rows: [] };
    parted.set(key, found);
    found.rows.push(one);
  }
  return new Map([...parted.values()].map((part) => [fileOf(part.partition, part.rows), part.rows]));
}

function fileOf(partition: readonly (Value | null)[], rows: readonly Row[]): DataFile {
  const counts = (wanted: (value: Value | null) => boolean): ReadonlyMap<number, number> =>
    new Map(
      NAMES.map((name, index) => [index + 1, rows.filter((one) => wanted(valueIn(name, one[name] ?? null))).length]),
    );
  const extreme = (sign: 1 | -1): ReadonlyMap<number, Uint8Array> =>
    new Map(
      NAMES.flatMap((name, index) => {
        const values = rows
          .flatMap((one) => valueIn(name, one[name] ?? null) ?? [])
          .filter((value) => !Number.isNaN(value));
        const [first] = values.sort((a, b) => sign * compareValues(a, b));
        const cut = first === undefined ? undefined : sign === 1 ? cutLower(first) : cutUpper(first);
        return cut === undefined ? [] : [[index + 1, encodeValue(cut, sampleOf(name).type)] as const];
      }),
    );
  return {
    content: "data",
    path: "file",
    format: "parquet",
    specId: 0,
    partition,
    recordCount: rows.length,
    sizeBytes: 1,
    nullCounts: counts((value) => value === null),
    nanCounts: counts((value) => Number.isNaN(value)),
    lowerBounds: extreme(1),
    upperBounds: extreme(-1),
  };
}

export function manifestOf(files: readonly DataFile[], { fields }: PartitionSpec): ManifestFile {
  const partitions = fields.map(({ sourceId, transform }, index) => {
    const type = resultType(transform, sampleOf(NAMES[sourceId - 1] ?? "").type);
    const values = files.map(({ partition }) => partition[index] ?? null);
    const present = values.flatMap((value) => value ?? []).sort(compareValues);
    const [first, last] = [present[0], present.at(-1)];
    return {
      containsNull: values.includes(null),
      ...(first === undefined ? {} : { lowerBound: encodeValue(first, type) }),
      ...(last === undefined ? {} : { upperBound: encodeValue(last, type) }),
    };
  });
  const zero = { addedFiles: 0, existingFiles: 0, deletedFiles: 0, addedRows: 0, existingRows: 0, deletedRows: 0 };
  const numbers = { sequenceNumber: 1, minSequenceNumber: 1, addedSnapshotId: 1n, ...zero };
  return { path: "m", sizeBytes: 1, specId: 0, content: "data", ...numbers, partitions };
}
