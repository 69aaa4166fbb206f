import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the process that runs the tests starts real systems; see `test/systems`. */
    systems: string;
  }
}

/**
 * An empty database of a real PostgreSQL server, which is started when it is first asked for; undefined where there is
 * none, which the end of the run says aloud.
 *
 * @example
 * const url = await postgresForTests(); // "postgresql://sluice@127.0.0.1:40123/sluice_test_4711_1"
 * describe.skipIf(url === undefined)("against a server", () => {});
 * @throws Error where there is none and SLUICE_TEST_REQUIRE is 1
 */
export async function postgresForTests(): Promise<string | undefined> {
  const response = await fetch(`${inject("systems")}/postgres`);
  const answer = (await response.json()) as { readonly url?: string; readonly absent?: string };
  if (answer.url !== undefined) return answer.url;
  if (process.env.SLUICE_TEST_REQUIRE !== "1") return undefined;
  throw new Error(`PostgreSQL is required, and there is none: ${answer.absent}`);
}
