import { pipeline } from "node:stream/promises";
import pg from "pg";
import { CopyIn } from "../../adapters/postgres/src/copy-in.ts";

/**
 * Runs a dump of `pg_dump` as it stands, statements and the data of `COPY … FROM stdin`, but for who owns and may do what: a
 * server of tests has none of these users.
 */
export async function loadDump(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await send(client, text);
  } finally {
    await client.end();
  }
}

async function send(client: pg.Client, text: string): Promise<void> {
  let statements: string[] = [];
  let rows: string[] | undefined;
  let copy = "";
  const sendStatements = async (): Promise<void> => {
    if (statements.some((line) => line !== "")) await client.query(statements.join("\n"));
    statements = [];
  };
  for (const line of text.split("\n")) {
    if (rows !== undefined) {
      if (line !== "\\.") {
        rows.push(`${line}\n`);
        continue;
      }
      await pipeline(rows, client.query(new CopyIn(copy)));
      rows = undefined;
    } else if (/^COPY .* FROM stdin;$/.test(line)) {
      await sendStatements();
      copy = line;
      rows = [];
    } else if (!/^(ALTER .* OWNER TO|GRANT|REVOKE) .*;$/.test(line)) {
      statements.push(line);
    }
  }
  await sendStatements();
}
