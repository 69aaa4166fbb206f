// Written by `sluice sync` from the frozen schemas beside it. Review and commit it; do not edit it.

import { dataset, type Dataset, type Float, type Int, type Text, type Timestamp } from "sluice";

/** Rows of the dataset "crashes". */
export interface Crashes {
  /** string; like "530411c8611eb0ccb9b25f16b2955cd21761fa1…" */
  readonly crash_record_id: Text;
  /** string; like "JE494048" */
  readonly rd_no: Text<null>;
  /** string; 93 % null; like "Y" */
  readonly crash_date_est_i: Text<null>;
  /** timestamp; like "2021-12-31T14:00:00.000" */
  readonly crash_date: Timestamp;
  /** int64; like "35" */
  readonly posted_speed_limit: Int<null>;
  /** string; like "NO CONTROLS" */
  readonly traffic_control_device: Text<null>;
  /** string; like "NO CONTROLS" */
  readonly device_condition: Text<null>;
  /** string; like "CLEAR" */
  readonly weather_condition: Text<null>;
  /** string; like "DAYLIGHT" */
  readonly lighting_condition: Text<null>;
  /** string; like "TURNING" */
  readonly first_crash_type: Text<null>;
  /** string; like "NOT DIVIDED" */
  readonly trafficway_type: Text<null>;
  /** int64; > 99 % null; like "2" */
  readonly lane_cnt: Int<null>;
  /** string; like "STRAIGHT AND LEVEL" */
  readonly alignment: Text<null>;
  /** string; like "DRY" */
  readonly roadway_surface_cond: Text<null>;
  /** string; like "NO DEFECTS" */
  readonly road_defect: Text<null>;
  /** string; 2 % null; like "ON SCENE" */
  readonly report_type: Text<null>;
  /** string; like "INJURY AND / OR TOW DUE TO CRASH" */
  readonly crash_type: Text<null>;
  /** string; 73 % null; like "Y" */
  readonly intersection_related_i: Text<null>;
  /** string; 96 % null; like "Y" */
  readonly private_property_i: Text<null>;
  /** string; 68 % null; like "Y" */
  readonly hit_and_run_i: Text<null>;
  /** string; like "OVER $1,500" */
  readonly damage: Text<null>;
  /** timestamp; like "2021-12-31T14:00:00.000" */
  readonly date_police_notified: Timestamp<null>;
  /** string; like "UNABLE TO DETERMINE" */
  readonly prim_contributory_cause: Text<null>;
  /** string; like "NOT APPLICABLE" */
  readonly sec_contributory_cause: Text<null>;
  /** int64; like "6021" */
  readonly street_no: Int<null>;
  /** string; like "S" */
  readonly street_direction: Text<null>;
  /** string; like "ARCHER AVE" */
  readonly street_name: Text<null>;
  /** int64; like "811" */
  readonly beat_of_occurrence: Int<null>;
  /** string; 99 % null; like "N" */
  readonly photos_taken_i: Text<null>;
  /** string; 98 % null; like "Y" */
  readonly statements_taken_i: Text<null>;
  /** string; all null */
  readonly dooring_i: Text<null>;
  /** string; > 99 % null; like "N" */
  readonly work_zone_i: Text<null>;
  /** string; > 99 % null; like "CONSTRUCTION" */
  readonly work_zone_type: Text<null>;
  /** string; > 99 % null; like "Y" */
  readonly workers_present_i: Text<null>;
  /** int64; like "2" */
  readonly num_units: Int<null>;
  /** string; 0.2 % null; like "NO INDICATION OF INJURY" */
  readonly most_severe_injury: Text<null>;
  /** int64; 0.2 % null; like "0" */
  readonly injuries_total: Int<null>;
  /** int64; 0.2 % null; like "0" */
  readonly injuries_fatal: Int<null>;
  /** int64; 0.2 % null; like "0" */
  readonly injuries_incapacitating: Int<null>;
  /** int64; 0.2 % null; like "0" */
  readonly injuries_non_incapacitating: Int<null>;
  /** int64; 0.2 % null; like "0" */
  readonly injuries_reported_not_evident: Int<null>;
  /** int64; 0.2 % null; like "2" */
  readonly injuries_no_indication: Int<null>;
  /** int64; 0.2 % null; like "0" */
  readonly injuries_unknown: Int<null>;
  /** int64; like "14" */
  readonly crash_hour: Int<null>;
  /** int64; like "6" */
  readonly crash_day_of_week: Int<null>;
  /** int64; like "12" */
  readonly crash_month: Int<null>;
  /** float64; 1 % null; like "41.794849958" */
  readonly latitude: Float<null>;
  /** float64; 1 % null; like "-87.767280356" */
  readonly longitude: Float<null>;
  /** string; 1 % null; like "POINT (-87.767280356289 41.794849958048)" */
  readonly location: Text<null>;
}
export const crashes: Dataset<Crashes> = dataset("crashes", import.meta.url);

/** Rows of the dataset "people". */
export interface People {
  /** string; like "O1255349" */
  readonly person_id: Text;
  /** string; like "DRIVER" */
  readonly person_type: Text<null>;
  /** string; like "305b06235b250aa0029c07313c84f969f4bc13c…" */
  readonly crash_record_id: Text;
  /** string; like "JE494008" */
  readonly rd_no: Text<null>;
  /** int64; 2 % null; like "1191605" */
  readonly vehicle_id: Int<null>;
  /** timestamp; like "2021-12-31T14:00:00.000" */
  readonly crash_date: Timestamp<null>;
  /** int64; 79 % null; like "3" */
  readonly seat_no: Int<null>;
  /** string; 27 % null; like "CHICAGO" */
  readonly city: Text<null>;
  /** string; 26 % null; like "IL" */
  readonly state: Text<null>;
  /** string; 33 % null; like "60638" */
  readonly zipcode: Text<null>;
  /** string; 3 % null; like "M" */
  readonly sex: Text<null>;
  /** int64; 29 % null; like "62" */
  readonly age: Int<null>;
  /** string; 42 % null; like "XX" */
  readonly drivers_license_state: Text<null>;
  /** string; 53 % null; like "D" */
  readonly drivers_license_class: Text<null>;
  /** string; 0.6 % null; like "USAGE UNKNOWN" */
  readonly safety_equipment: Text<null>;
  /** string; 2 % null; like "DEPLOYMENT UNKNOWN" */
  readonly airbag_deployed: Text<null>;
  /** string; 2 % null; like "UNKNOWN" */
  readonly ejection: Text<null>;
  /** string; 0.2 % null; like "NO INDICATION OF INJURY" */
  readonly injury_classification: Text<null>;
  /** string; 85 % null; like "JACKSON PARK" */
  readonly hospital: Text<null>;
  /** string; 89 % null; like "CFD" */
  readonly ems_agency: Text<null>;
  /** string; 98 % null; like "20" */
  readonly ems_run_no: Text<null>;
  /** string; 21 % null; like "FAILED TO YIELD" */
  readonly driver_action: Text<null>;
  /** string; 21 % null; like "UNKNOWN" */
  readonly driver_vision: Text<null>;
  /** string; 21 % null; like "UNKNOWN" */
  readonly physical_condition: Text<null>;
  /** string; 98 % null; like "UNKNOWN/NA" */
  readonly pedpedal_action: Text<null>;
  /** string; 98 % null; like "NO CONTRASTING CLOTHING" */
  readonly pedpedal_visibility: Text<null>;
  /** string; 98 % null; like "IN ROADWAY" */
  readonly pedpedal_location: Text<null>;
  /** string; 21 % null; like "TEST NOT OFFERED" */
  readonly bac_result: Text<null>;
  /** float64; > 99 % null; like "0.13" */
  readonly bac_result_value: Float<null>;
  /** string; all null */
  readonly cell_phone_use: Text<null>;
}
export const people: Dataset<People> = dataset("people", import.meta.url);

/** Rows of the dataset "vehicles". */
export interface Vehicles {
  /** int64; like "1255349" */
  readonly crash_unit_id: Int;
  /** string; like "305b06235b250aa0029c07313c84f969f4bc13c…" */
  readonly crash_record_id: Text;
  /** string; like "JE494008" */
  readonly rd_no: Text<null>;
  /** timestamp; like "2021-12-31T14:00:00.000" */
  readonly crash_date: Timestamp<null>;
  /** int64; like "1" */
  readonly unit_no: Int<null>;
  /** string; 0.1 % null; like "DRIVER" */
  readonly unit_type: Text<null>;
  /** int64; 85 % null; like "1" */
  readonly num_passengers: Int<null>;
  /** int64; 2 % null; like "1191605" */
  readonly vehicle_id: Int<null>;
  /** string; 98 % null; like "Y" */
  readonly cmrc_veh_i: Text<null>;
  /** string; 2 % null; like "DODGE" */
  readonly make: Text<null>;
  /** string; 2 % null; like "CHARGER" */
  readonly model: Text<null>;
  /** string; 12 % null; like "IL" */
  readonly lic_plate_state: Text<null>;
  /** int64; 17 % null; like "2021" */
  readonly vehicle_year: Int<null>;
  /** string; 2 % null; like "UNKNOWN" */
  readonly vehicle_defect: Text<null>;
  /** string; 2 % null; like "UNKNOWN/NA" */
  readonly vehicle_type: Text<null>;
  /** string; 2 % null; like "UNKNOWN/NA" */
  readonly vehicle_use: Text<null>;
  /** string; 2 % null; like "W" */
  readonly travel_direction: Text<null>;
  /** string; 2 % null; like "TURNING LEFT" */
  readonly maneuver: Text<null>;
  /** string; 81 % null; like "Y" */
  readonly towed_i: Text<null>;
  /** string; > 99 % null; like "N" */
  readonly fire_i: Text<null>;
  /** int64; 2 % null; like "1" */
  readonly occupant_cnt: Int<null>;
  /** string; all null */
  readonly exceed_speed_limit_i: Text<null>;
  /** string; 85 % null; like "PRIVATE" */
  readonly towed_by: Text<null>;
  /** string; 90 % null; like "POUND" */
  readonly towed_to: Text<null>;
  /** string; 98 % null; like "Y" */
  readonly area_00_i: Text<null>;
  /** string; 67 % null; like "Y" */
  readonly area_01_i: Text<null>;
  /** string; 84 % null; like "Y" */
  readonly area_02_i: Text<null>;
  /** string; 90 % null; like "Y" */
  readonly area_03_i: Text<null>;
  /** string; 91 % null; like "Y" */
  readonly area_04_i: Text<null>;
  /** string; 85 % null; like "Y" */
  readonly area_05_i: Text<null>;
  /** string; 83 % null; like "Y" */
  readonly area_06_i: Text<null>;
  /** string; 81 % null; like "Y" */
  readonly area_07_i: Text<null>;
  /** string; 88 % null; like "Y" */
  readonly area_08_i: Text<null>;
  /** string; 88 % null; like "Y" */
  readonly area_09_i: Text<null>;
  /** string; 85 % null; like "Y" */
  readonly area_10_i: Text<null>;
  /** string; 66 % null; like "Y" */
  readonly area_11_i: Text<null>;
  /** string; 67 % null; like "Y" */
  readonly area_12_i: Text<null>;
  /** string; 90 % null; like "Y" */
  readonly area_99_i: Text<null>;
  /** string; 4 % null; like "OTHER" */
  readonly first_contact_point: Text<null>;
  /** int64; 99 % null; like "13734" */
  readonly cmv_id: Int<null>;
  /** int64; > 99 % null; like "3099190" */
  readonly usdot_no: Int<null>;
  /** string; > 99 % null; like "076488" */
  readonly ccmc_no: Text<null>;
  /** int64; > 99 % null; like "609612" */
  readonly ilcc_no: Int<null>;
  /** string; > 99 % null; like "DRIVER" */
  readonly commercial_src: Text<null>;
  /** int64; > 99 % null; like "2" */
  readonly gvwr: Int<null>;
  /** string; 99 % null; like "SUPERIOR CARGO HAUL INC" */
  readonly carrier_name: Text<null>;
  /** string; 99 % null; like "IL" */
  readonly carrier_state: Text<null>;
  /** string; 99 % null; like "CHICAGO" */
  readonly carrier_city: Text<null>;
  /** string; > 99 % null; like "N" */
  readonly hazmat_placards_i: Text<null>;
  /** string; all null */
  readonly hazmat_name: Text<null>;
  /** string; all null */
  readonly un_no: Text<null>;
  /** string; > 99 % null; like "N" */
  readonly hazmat_present_i: Text<null>;
  /** string; > 99 % null; like "N" */
  readonly hazmat_report_i: Text<null>;
  /** string; all null */
  readonly hazmat_report_no: Text<null>;
  /** string; > 99 % null; like "N" */
  readonly mcs_report_i: Text<null>;
  /** string; all null */
  readonly mcs_report_no: Text<null>;
  /** string; > 99 % null; like "N" */
  readonly hazmat_vio_cause_crash_i: Text<null>;
  /** string; > 99 % null; like "N" */
  readonly mcs_vio_cause_crash_i: Text<null>;
  /** int64; > 99 % null; like "1441794" */
  readonly idot_permit_no: Int<null>;
  /** string; all null */
  readonly wide_load_i: Text<null>;
  /** string; all null */
  readonly trailer1_width: Text<null>;
  /** string; all null */
  readonly trailer2_width: Text<null>;
  /** string; all null */
  readonly trailer1_length: Text<null>;
  /** string; all null */
  readonly trailer2_length: Text<null>;
  /** string; all null */
  readonly total_vehicle_length: Text<null>;
  /** string; all null */
  readonly axle_cnt: Text<null>;
  /** string; 99 % null; like "TRACTOR/SEMI-TRAILER" */
  readonly vehicle_config: Text<null>;
  /** string; 99 % null; like "GARBAGE/REFUSE" */
  readonly cargo_body_type: Text<null>;
  /** string; > 99 % null; like "UNKNOWN" */
  readonly load_type: Text<null>;
  /** string; > 99 % null; like "N" */
  readonly hazmat_out_of_service_i: Text<null>;
  /** string; > 99 % null; like "N" */
  readonly mcs_out_of_service_i: Text<null>;
  /** string; all null */
  readonly hazmat_class: Text<null>;
}
export const vehicles: Dataset<Vehicles> = dataset("vehicles", import.meta.url);
