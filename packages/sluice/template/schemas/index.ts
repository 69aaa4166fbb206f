// Written by `sluice sync` from the frozen schemas beside it. Review and commit it; do not edit it.

import { dataset, type Dataset, type Decimal, type Int, type Text, type Timestamp } from "sluice";

/** Rows of the dataset "orders". */
export interface Orders {
  /** int64; like "1001" */
  readonly order_id: Int;
  /** timestamp; like "2024-01-01T11:05:00" */
  readonly ordered_at: Timestamp<null>;
  /** string; like "Edsger" */
  readonly customer: Text<null>;
  /** string; like "open" */
  readonly status: Text<null>;
  /** decimal(10,2); like "18.82" */
  readonly amount: Decimal<null>;
}
export const orders: Dataset<Orders> = dataset("orders", import.meta.url);
