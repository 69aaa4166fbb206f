// Written by `sluice sync` from the frozen schemas beside it. Review and commit it; do not edit it.

import { dataset, type Dataset, type Int, type Text, type Timestamp } from "sluice";

/** Rows of the dataset "tickets". */
export interface Tickets {
  /** int64; like "101" */
  readonly ticket_id: Int<null>;
  /** timestamp; like "2026-03-02 08:15:00" */
  readonly opened_at: Timestamp<null>;
  /** string; like "Ada" */
  readonly customer: Text<null>;
  /** string; like "Invoice shows the wrong total" */
  readonly subject: Text<null>;
  /** int64; 10 % null; like "30" */
  readonly hours_open: Int<null>;
}
export const tickets: Dataset<Tickets> = dataset("tickets", import.meta.url);
