// Written by `sluice sync` from the frozen schemas beside it. Review and commit it; do not edit it.

import { dataset, type Dataset, type Float, type Int, type Text, type Timestamp, type Uuid } from "sluice";

/** Rows of the dataset "visits". */
export interface Visits {
  /** timestamp; like "2021-02-07 13:55:01" */
  readonly timestamp: Timestamp<null>;
  /** float64; like "-16.23949" */
  readonly latitude: Float<null>;
  /** float64; like "-132.90744" */
  readonly longitude: Float<null>;
  /** uuid; like "EDB35D96-3B72-7765-BD21-E955A87675B2" */
  readonly visitorid: Uuid<null>;
  /** string; like "Yes" */
  readonly accessed_from_mobile: Text<null>;
  /** int64; like "3" */
  readonly browser_code: Int<null>;
}
export const visits: Dataset<Visits> = dataset("visits", import.meta.url);
