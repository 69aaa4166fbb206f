import { type Dataset, dataset, type Float, type Int, type Text, type Timestamp } from "@sluice/core";

export interface Crashes {
  readonly id: Text;
  readonly rd_no: Text<null>;
  readonly latitude: Float<null>;
  readonly hour: Int<null>;
  readonly at: Timestamp;
}

export interface Vehicles {
  readonly id: Text;
  readonly make: Text<null>;
}

export const crashes: Dataset<Crashes> = dataset("crashes");
export const vehicles: Dataset<Vehicles> = dataset("vehicles");

export const scan = (name: string): object => ({ kind: "scan", source: { dataset: name } });
export const column = (name: string): object => ({ kind: "column", name });
