import Database from "libsql";
export const open = (path: string): unknown => new Database(path);
