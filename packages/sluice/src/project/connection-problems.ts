import { detailsOf, isSluiceError, type Json, SluiceError } from "@sluice/core";
import type { Session } from "../composition.ts";
import { placeOf } from "./load-config.ts";
import { maskSecrets } from "./secrets.ts";

/** What is wrong with the connections of the configuration, whether a pipeline uses them or not. */
export async function connectionProblems(session: Session): Promise<readonly SluiceError[]> {
  const names = Object.keys(session.project.config.connections);
  const problems = await Promise.all(names.map((name) => connectionProblem(session, name)));
  return problems.filter((problem) => problem !== undefined);
}

/** What is wrong with a connection; its secrets are not looked for, only what stands in the configuration is judged. */
export async function connectionProblem(session: Session, name: string): Promise<SluiceError | undefined> {
  const { config, configFile } = session.project;
  const connection = config.connections[name];
  if (connection === undefined) return undefined;
  try {
    const adapter = await session.adapter(connection.type);
    adapter.parseConnection?.(maskSecrets(connection) as Json);
    return undefined;
  } catch (thrown) {
    if (!isSluiceError(thrown)) throw thrown;
    return new SluiceError(thrown.code, `the connection "${name}": ${thrown.message}`, {
      ...detailsOf(thrown),
      at: placeOf(configFile, ["connections", name]),
      offending: name,
    });
  }
}
