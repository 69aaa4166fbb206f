// A query by hand over standard input, its rows as CSV to standard output.
import { DuckDBInstance } from "@duckdb/node-api";

const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
await connection.run(`copy (${process.argv[2]}) to '/dev/stdout' (format csv)`);
