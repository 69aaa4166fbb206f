import { dataset, type Dataset, type Int, type Timestamp, type Text, type Decimal } from "sluice";
export interface Orders {
  readonly order_id: Int;
  readonly ordered_at: Timestamp<null>;
  readonly customer: Text<null>;
  readonly status: Text<null>;
  readonly amount: Decimal<null>;
}
export const orders: Dataset<Orders> = dataset("orders", import.meta.url);
