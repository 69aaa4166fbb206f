// A question put to a text in a pipe: `sluice query`, DuckDB by hand, awk. Whole commands from start to end.
import { join } from "node:path";
import { measureCommands, sluiceCommand } from "../measure.mjs";
import { wideData } from "../wide-data.mjs";

const SQL = "select city, count(*) as rows, sum(amount) as amount from";
const AWK = `awk -F, 'NR > 1 { city = $4; a = $7; if (substr($4, 1, 1) == "\\"") { city = $4 "," $5; a = $8 } n[city]++; s[city] += a } END { for (c in n) print c "," n[c] "," s[c] }'`;

export async function pipe({ work, here, rounds }) {
  const path = await wideData(1_000_000, "csv", join(here, "data"));
  const shell = (command) => ["sh", "-c", `cat ${path} | ${command} > /dev/null`];
  const node = process.execPath;
  const contestants = [
    {
      name: "sluice query, typed and validated",
      command: shell(`${node} ${sluiceCommand} query "${SQL} stdin group by 1"`),
    },
    {
      name: "DuckDB by hand, sniffing",
      command: shell(`${node} ${join(here, "programs/pipe-duckdb.mjs")} "${SQL} read_csv('/dev/stdin') group by 1"`),
    },
    { name: "awk, which takes no quotes", command: shell(AWK) },
  ];
  return [
    await measureCommands("A query over a pipe, 1,000,000 rows of ten columns", contestants, { cwd: work, rounds }),
  ];
}
