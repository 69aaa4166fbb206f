/**
 * Iceberg tables in a folder with a SQL catalog, as source and sink. It knows `@sluice/core` and its drivers, which are
 * loaded when something is opened, and no other adapter.
 */
export const TYPE = "lake";
