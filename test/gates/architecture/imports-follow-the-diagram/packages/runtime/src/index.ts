import { adapter } from "@sluice/duckdb";
export const engine = adapter;
