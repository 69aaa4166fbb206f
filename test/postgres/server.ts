import { postgresForTests } from "@sluice/conformance";
import pg from "pg";

/** A database of a test file, with a session of its own beside the command's. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  query(sql: string): Promise<readonly (readonly (string | null)[])[]>;
}

/** Undefined where there is no server, which the end of the run says. */
export async function openServer(): Promise<TestServer | undefined> {
  const url = await postgresForTests();
  if (url === undefined) return undefined;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    url,
    query: async (sql) => {
      const types = { getTypeParser: () => (text: unknown) => text } as unknown as pg.CustomTypesConfig;
      return (await client.query<(string | null)[]>({ text: sql, rowMode: "array", types })).rows;
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
