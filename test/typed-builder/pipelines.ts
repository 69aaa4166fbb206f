import { writeFileSync } from "node:fs";
import { join } from "node:path";

const KINDS = ["Text", "Int<null>", "Float<null>", "Text<null>", "Timestamp", "Decimal<null>", "Bool<null>"] as const;

function table(name: string, dataset: string, columns: number): string {
  const own = [
    "id: Text",
    "at: Timestamp",
    "latitude: Float<null>",
    "hour: Int<null>",
    "make: Text<null>",
    "rd_no: Text<null>",
  ];
  const more = Array.from({ length: columns - own.length }, (_, at) => `${dataset}_${at}: ${KINDS[at % KINDS.length]}`);
  return [
    `export interface ${name} {`,
    ...[...own, ...more].map((column) => `  /** frozen; like "x" */\n  readonly ${column};`),
    "}",
    `export const ${dataset}: Dataset<${name}> = dataset("${dataset}");`,
  ].join("\n");
}

const pipeline = (number: number): string => `
import { and, avg, count, definePipeline, load, max, notNull, transform, unique } from "sluice";
import { crashes, vehicles } from "./wide.js";

const crash${number} = transform({
  name: "crash_${number}",
  query: crashes
    .filter((c) => and(c.latitude.isNotNull(), c.hour.gt(${number})))
    .derive((c) => ({ month: c.at.month() }))
    .derive((c) => ({ next: c.hour.plus(1).times(c.crashes_1) }))
    .derive((c) => ({ north: c.latitude.gt(41.5) }))
    .derive((c) => ({ label: c.make.upper().concat("-").concat(c.rd_no.orElse("?")) }))
    .rename({ id: "crash_id", crashes_3: "renamed_${number}" })
    .drop(["crashes_7"])
    .drop(["crashes_8", "crashes_9"])
    .join(vehicles.keep(["id", "make", "vehicles_2"]), { how: "left", on: (c, v) => c.crash_id.eq(v.id), suffix: "_vehicle" })
    .dropNulls(["latitude"])
    .group(["crash_id", "make_vehicle", "month"])
    .aggregate((c) => ({ rows: count(), far: max(c.latitude), mean: avg(c.hour), label: max(c.label) }))
    .select((c) => ({ crash_id: c.crash_id, make: c.make_vehicle, month: c.month, far: c.far.round(2), rows: c.rows })),
  checks: [notNull("crash_id"), unique(["crash_id", "make"])],
  rules: (c) => ({ some: c.rows.gt(0) }),
});
const load${number} = load({ name: "load_${number}", from: crash${number}, into: { type: "file", path: "out.csv" }, mode: "merge", key: ["crash_id", "make"] });
export const pipeline${number} = definePipeline({ name: "p${number}", steps: [load${number}] });
`;

/** Writes so many pipelines over tables of 49 and 72 columns, and gives the names of the files. */
export function writePipelines(folder: string, count: number): readonly string[] {
  const imports =
    'import { type Bool, type Dataset, dataset, type Decimal, type Float, type Int, type Text, type Timestamp } from "sluice";';
  writeFileSync(
    join(folder, "wide.ts"),
    [imports, table("Crashes", "crashes", 49), table("Vehicles", "vehicles", 72)].join("\n"),
  );
  return Array.from({ length: count }, (_, number) => {
    writeFileSync(join(folder, `pipeline-${number}.ts`), pipeline(number));
    return `pipeline-${number}.ts`;
  });
}
