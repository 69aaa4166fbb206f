import type { PipelineDefinition } from "../definition/definition.ts";
import type { Expression } from "../ir/expression.ts";
import type { NamedExpression, Relation } from "../ir/relation.ts";
import type { FrozenDataset } from "../schema/frozen.ts";
import type { Schema } from "../schema/schema.ts";
import type { PlanRequest } from "./create-plan.ts";

/** A frozen CSV file of columns written as `name: type`; `!` behind the type excludes null. */
export function csvDataset(name: string, columns: readonly string[], more: Partial<FrozenDataset> = {}): FrozenDataset {
  return {
    version: 1,
    name,
    source: { type: "file", path: `data/${name}.csv` },
    dialect: {
      delimiter: ",",
      quote: '"',
      escape: '"',
      header: true,
      newline: "lf",
      encoding: "utf-8",
      quotedEmpty: "text",
      compression: "none",
    },
    columns: schemaText(columns).columns,
    validate: "all",
    drift: "fail",
    reordered: "fail",
    stage: "volatile",
    warnings: [],
    ...more,
  };
}

/** A schema of columns written as `name: type`. */
export function schemaText(columns: readonly string[]): Schema {
  return {
    columns: columns.map((text) => {
      const [name = "", type = "string"] = text.replace(/!$/, "").split(/:\s*/);
      return { name, type, nullable: !text.endsWith("!") };
    }),
  };
}

export const scan = (dataset: string): Relation => ({ kind: "scan", source: { dataset } });
export const scanStep = (step: string): Relation => ({ kind: "scan", source: { step } });
export const col = (name: string, side?: "left" | "right"): Expression => ({
  kind: "column",
  name,
  ...(side === undefined ? {} : { side }),
});
export const call = (name: string, ...args: readonly Expression[]): Expression => ({
  kind: "call",
  name,
  arguments: args,
});
export const text = (value: string): Expression => ({ kind: "literal", type: "string", value });
export const number = (value: string): Expression => ({ kind: "literal", type: "number", value });
export const columns = (...names: readonly string[]): readonly NamedExpression[] =>
  names.map((name) => {
    const [to = name, from = to] = name.split(" = ");
    return [to, col(from)];
  });

/** A request whose outside is made up: SQL that names the scans, hashes that are the text's length and sum. */
export function planRequest(definition: PipelineDefinition, datasets: readonly FrozenDataset[]): PlanRequest {
  return {
    definition,
    datasets: new Map(datasets.map((dataset) => [dataset.name, dataset])),
    inline: new Map(),
    hashes: new Map(datasets.map((dataset) => [dataset.name, `hash of ${dataset.name}`])),
    sinkOf: ({ type }) =>
      type === "sqlite" || type === "file"
        ? {
            modes: type === "file" ? ["replace"] : ["append", "replace", "merge", "insert-only"],
            merge: ["deleteFlag"],
            ordered: true,
          }
        : undefined,
    describeSql: (_, [first = { columns: [] }]) => Promise.resolve(first),
    compile: (relation) => ({
      engine: "test",
      sql: JSON.stringify(relation),
      inputs: [],
      parameters: [],
      ordered: false,
    }),
    hash: (value) =>
      `${value.length}:${[...value].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1e9, 7)}`,
  };
}

export const crashes: FrozenDataset = csvDataset(
  "crashes",
  `crash_record_id | rd_no | crash_date_est_i | crash_date: timestamp | posted_speed_limit: int64 | traffic_control_device | device_condition | weather_condition | lighting_condition | first_crash_type | trafficway_type | lane_cnt: int64 | alignment | roadway_surface_cond | road_defect | report_type | crash_type | intersection_related_i | private_property_i | hit_and_run_i | damage | date_police_notified: timestamp | prim_contributory_cause | sec_contributory_cause | street_no: int64 | street_direction | street_name | beat_of_occurrence: int64 | photos_taken_i | statements_taken_i | dooring_i | work_zone_i | work_zone_type | workers_present_i | num_units: int64 | most_severe_injury | injuries_total: int64 | injuries_fatal: int64 | injuries_incapacitating: int64 | injuries_non_incapacitating: int64 | injuries_reported_not_evident: int64 | injuries_no_indication: int64 | injuries_unknown: int64 | crash_hour: int64 | crash_day_of_week: int64 | crash_month: int64 | latitude: float64 | longitude: float64 | location`.split(
    " | ",
  ),
);

export const vehicles: FrozenDataset = csvDataset(
  "vehicles",
  `crash_unit_id: int64 | crash_record_id | rd_no | crash_date: timestamp | unit_no: int64 | unit_type | num_passengers: int64 | vehicle_id: int64 | cmrc_veh_i | make | model | lic_plate_state | vehicle_year: int64 | vehicle_defect | vehicle_type | vehicle_use | travel_direction | maneuver | towed_i | fire_i | occupant_cnt: int64 | exceed_speed_limit_i | towed_by | towed_to | area_00_i | area_01_i | area_02_i | area_03_i | area_04_i | area_05_i | area_06_i | area_07_i | area_08_i | area_09_i | area_10_i | area_11_i | area_12_i | area_99_i | first_contact_point | cmv_id | usdot_no | ccmc_no | ilcc_no | commercial_src | gvwr | carrier_name | carrier_state | carrier_city | hazmat_placards_i | hazmat_name | un_no | hazmat_present_i | hazmat_report_i | hazmat_report_no | mcs_report_i | mcs_report_no | hazmat_vio_cause_crash_i | mcs_vio_cause_crash_i | idot_permit_no | wide_load_i | trailer1_width | trailer2_width | trailer1_length | trailer2_length | total_vehicle_length | axle_cnt | vehicle_config | cargo_body_type | load_type | hazmat_out_of_service_i | mcs_out_of_service_i | hazmat_class`.split(
    " | ",
  ),
);

export const people: FrozenDataset = csvDataset(
  "people",
  `person_id | person_type | crash_record_id | rd_no | vehicle_id: int64 | crash_date: timestamp | seat_no | city | state | zipcode | sex | age: int64 | drivers_license_state | drivers_license_class | safety_equipment | airbag_deployed | ejection | injury_classification | hospital | ems_agency | ems_run_no | driver_action | driver_vision | physical_condition | pedpedal_action | pedpedal_visibility | pedpedal_location | bac_result | bac_result_value | cell_phone_use`.split(
    " | ",
  ),
);

const sqlite = (table: string): { type: string; connection: string; table: string } => ({
  type: "sqlite",
  connection: "chicago",
  table,
});

const known = (...names: readonly string[]): readonly Expression[] => names.map((name) => call("isNotNull", col(name)));

/** The Chicago pipeline: three datasets, four tables. */
export const chicago: PipelineDefinition = {
  name: "chicago",
  schedule: { cron: "0 3 * * *", zone: "America/Chicago" },
  steps: [
    {
      kind: "transform",
      name: "crash",
      query: {
        kind: "select",
        input: {
          kind: "filter",
          input: scan("crashes"),
          condition: call(
            "and",
            call("isDistinctFrom", col("crash_date_est_i"), text("Y")),
            ...known("latitude", "longitude"),
          ),
        },
        columns: columns(
          "crash_id = crash_record_id",
          "crash_date",
          "crash_hour",
          "crash_day_of_week",
          "crash_month",
          "latitude",
          "longitude",
          "num_units",
          "total_injuries = injuries_total",
        ),
      },
    },
    {
      kind: "transform",
      name: "vehicle",
      query: {
        kind: "select",
        input: { kind: "dropNulls", input: scan("vehicles"), columns: ["vehicle_year"] },
        columns: [
          ...columns("crash_unit_id", "crash_id = crash_record_id", "crash_date", "vehicle_id"),
          ["vehicle_make", call("upper", col("make"))],
          ["vehicle_model", call("upper", col("model"))],
          ...columns("vehicle_year", "vehicle_type"),
        ],
      },
    },
    {
      kind: "transform",
      name: "person",
      query: {
        kind: "select",
        input: {
          kind: "filter",
          input: { kind: "dropNulls", input: scan("people"), columns: ["age"] },
          condition: call(
            "in",
            col("person_type"),
            ...["DRIVER", "PASSENGER", "PEDESTRIAN", "BICYCLE", "OTHER"].map((one) => text(one)),
          ),
        },
        columns: columns(
          "person_id",
          "crash_id = crash_record_id",
          "crash_date",
          "person_type",
          "vehicle_id",
          "person_sex = sex",
          "person_age = age",
        ),
      },
    },
    {
      kind: "transform",
      name: "by_vehicle_type",
      query: {
        kind: "aggregate",
        input: {
          kind: "join",
          left: { kind: "keep", input: scan("crashes"), columns: ["crash_record_id"] },
          right: { kind: "keep", input: scan("vehicles"), columns: ["crash_record_id", "vehicle_type"] },
          how: "left",
          using: ["crash_record_id"],
        },
        by: ["vehicle_type"],
        columns: [["crashes", call("count")]],
      },
    },
    { kind: "load", name: "load_crash", from: scanStep("crash"), into: sqlite("crash"), mode: "replace" },
    { kind: "load", name: "load_vehicle", from: scanStep("vehicle"), into: sqlite("vehicle"), mode: "replace" },
    { kind: "load", name: "load_person", from: scanStep("person"), into: sqlite("person"), mode: "replace" },
    {
      kind: "load",
      name: "load_by_vehicle_type",
      from: scanStep("by_vehicle_type"),
      into: sqlite("crashes_by_vehicle_type"),
      mode: "replace",
    },
  ],
};
