import type { StreamInfo } from "@sluice/core";
import { afterAll } from "vitest";
import { createProject, type Project, removeFolders, type Surroundings } from "./files.fixture.ts";

/** Projects, and what is found of one file that holds a text, with what was declared; gone after the tests, and so is the engine. */
export function lookIn(surroundings: Surroundings): {
  readonly project: () => Promise<Project>;
  readonly look: (content: string, ...declared: readonly object[]) => Promise<StreamInfo>;
} {
  afterAll(async () => {
    await surroundings.engine[Symbol.asyncDispose]();
    await removeFolders();
  });
  const project = (): Promise<Project> => createProject(surroundings);
  return {
    project,
    look: async (content, ...declared) => {
      const at = await project();
      await at.write("x.csv", content);
      return await at.discover("x.csv", ...declared);
    },
  };
}

/** Name, type, layout. */
export function columnsOf(found: StreamInfo): string[] {
  return found.columns.map((column) =>
    [column.name, column.type, column.format, column.trim === true ? "trimmed" : undefined]
      .filter((part) => part !== undefined)
      .join(" "),
  );
}
