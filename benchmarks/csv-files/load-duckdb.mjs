// DuckDB's automatic read of a text file, with the options that Pollock gives it.
import { DuckDBInstance } from "@duckdb/node-api";

const OPTIONS = "strict_mode = false, ignore_errors = true, null_padding = true";

export async function openDuckDb() {
  const instance = await DuckDBInstance.create(":memory:", { autoinstall_known_extensions: "false", threads: "2" });
  const connection = await instance.connect();
  const read = async (sql) => await connection.runAndReadAll(sql);
  return {
    /**
     * `{ names, rows, header }`, all as text: typed values as DuckDB prints them, unless all columns are read as text.
     * `header` is whether the names are those of the file.
     */
    async load(path, { isText }) {
      const from = `'${path.replaceAll("'", "''")}', ${OPTIONS}${isText ? ", all_varchar = true" : ""}`;
      const reader = await read(`select columns(*)::varchar from read_csv(${from})`);
      const [[header]] = (await read(`select "HasHeader" from sniff_csv(${from})`)).getRows();
      return { names: reader.columnNames(), rows: reader.getRows(), header };
    },
    close() {
      connection.closeSync();
    },
  };
}
