// Written by `sluice sync` from the frozen schemas beside it. Review and commit it; do not edit it.

import { dataset, type Dataset, type Decimal, type Float, type Int, type Text, type Timestamp } from "sluice";

/** Rows of the dataset "trips". */
export interface Trips {
  /** int64; 0.9 % null; like "2" */
  readonly vendor_id: Int<null>;
  /** timestamp; like "2020-01-13 00:00:16" */
  readonly pickup_datetime: Timestamp;
  /** timestamp; like "2020-01-13 00:30:14" */
  readonly dropoff_datetime: Timestamp<null>;
  /** int64; 0.9 % null; like "2" */
  readonly passenger_count: Int<null>;
  /** float64; like "21.47" */
  readonly trip_distance: Float<null>;
  /** int64; 0.9 % null; like "1" */
  readonly rate_code_id: Int<null>;
  /** string; 0.9 % null; like "N" */
  readonly store_and_fwd_flag: Text<null>;
  /** int64; like "132" */
  readonly pickup_location_id: Int<null>;
  /** int64; like "254" */
  readonly dropoff_location_id: Int<null>;
  /** int64; 0.9 % null; like "2" */
  readonly payment_type: Int<null>;
  /** float64; like "57.0" */
  readonly fare_amount: Float<null>;
  /** float64; like "0.5" */
  readonly extra: Float<null>;
  /** float64; like "0.5" */
  readonly mta_tax: Float<null>;
  /** float64; like "0.0" */
  readonly tip_amount: Float<null>;
  /** float64; like "6.12" */
  readonly tolls_amount: Float<null>;
  /** float64; like "0.3" */
  readonly improvement_surcharge: Float<null>;
  /** decimal(8,2); like "64.42" */
  readonly total_amount: Decimal<null>;
  /** float64; like "0.0" */
  readonly congestion_surcharge: Float<null>;
}
export const trips: Dataset<Trips> = dataset("trips", import.meta.url);

/** Rows of the dataset "zones". */
export interface Zones {
  /** int64; like "1" */
  readonly locationid: Int;
  /** string; like "EWR" */
  readonly borough: Text<null>;
  /** string; like "Newark Airport" */
  readonly zone: Text<null>;
  /** string; like "EWR" */
  readonly service_zone: Text<null>;
}
export const zones: Dataset<Zones> = dataset("zones", import.meta.url);
