// Written by `sluice sync` from the frozen schemas beside it. Review and commit it; do not edit it.

import { dataset, type Dataset, type Int, type Text } from "sluice";

/** Rows of the dataset "payments". */
export interface Payments {
  /** int64; like "1" */
  readonly row_id: Int;
  /** string; like "Thu Aug 19 21:54:38 2021" */
  readonly timestamp: Text<null>;
  /** int64; like "125094" */
  readonly vehicle_number: Int<null>;
  /** int64; like "4856" */
  readonly plaza_id: Int<null>;
  /** string; like "PC7C042B7" */
  readonly plaza_code: Text<null>;
  /** string; like "PTE" */
  readonly payment_type: Text<null>;
  /** string; like "VC965" */
  readonly vehicle_code: Text<null>;
}
export const payments: Dataset<Payments> = dataset("payments", import.meta.url);

/** Rows of the dataset "plazas". */
export interface Plazas {
  /** int64; like "1" */
  readonly row_id: Int;
  /** string; like "Thu Aug 19 21:54:38 2021" */
  readonly timestamp: Text<null>;
  /** int64; like "125094" */
  readonly vehicle_number: Int<null>;
  /** string; like "car" */
  readonly vehicle_type: Text<null>;
  /** int64; like "2" */
  readonly axles: Int<null>;
  /** int64; like "4856" */
  readonly plaza_id: Int<null>;
  /** string; like "PC7C042B7" */
  readonly plaza_code: Text<null>;
}
export const plazas: Dataset<Plazas> = dataset("plazas", import.meta.url);

/** Rows of the dataset "vehicles". */
export interface Vehicles {
  /** int64; like "1" */
  readonly row_id: Int;
  /** string; like "Thu Aug 19 21:54:38 2021" */
  readonly timestamp: Text<null>;
  /** int64; like "125094" */
  readonly vehicle_number: Int<null>;
  /** string; like "car" */
  readonly vehicle_type: Text<null>;
  /** int64; like "2" */
  readonly axles: Int<null>;
  /** string; like "VC965" */
  readonly vehicle_code: Text<null>;
}
export const vehicles: Dataset<Vehicles> = dataset("vehicles", import.meta.url);
