/**
 * PostgreSQL as source and sink. It knows `@sluice/core` and its driver, which is loaded when something is opened, and no
 * other adapter.
 */
export const TYPE = "postgres";
