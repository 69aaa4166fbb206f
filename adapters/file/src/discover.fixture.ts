import type { StreamInfo } from "@sluice/core";
import type { Project } from "./files.fixture.ts";

/** What is found of one file that holds the text; `more` is what was declared. */
export async function lookAt(project: Project, content: string, ...more: readonly object[]): Promise<StreamInfo> {
  await project.write("x.csv", content);
  return await project.discover("x.csv", ...more);
}

/** Name, type, layout. */
export function columnsOf(found: StreamInfo): string[] {
  return found.columns.map((column) =>
    [column.name, column.type, column.format, column.trim === true ? "trimmed" : undefined]
      .filter((part) => part !== undefined)
      .join(" "),
  );
}
