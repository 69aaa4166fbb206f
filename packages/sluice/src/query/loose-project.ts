import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { configSchema } from "../project/config-schema.ts";
import type { Project } from "../project/load-config.ts";
import { createSecrets } from "../project/secrets.ts";

/**
 * A folder taken for a project without a configuration: files are found from it, there are no datasets and connections,
 * and its state lies in a folder of the system that goes with the process.
 */
export function looseProject(folder: string): Project {
  const root = realpathSync(resolve(folder));
  const stateFolder = stateOfProcess();
  return {
    root,
    configFile: join(root, "sluice.config.ts"),
    config: configSchema.parse({ project: "none" }),
    buildFolder: join(stateFolder, "build"),
    stateFolder,
    schemasFolder: join(stateFolder, "schemas"),
    pipelinesFolder: join(stateFolder, "pipelines"),
    secrets: createSecrets({ file: join(stateFolder, ".env"), environment: process.env }),
  };
}

let made: string | undefined;

/** One for all, so that the engine which is warm for one query is warm for the next. */
function stateOfProcess(): string {
  if (made !== undefined) return made;
  const folder = mkdtempSync(join(tmpdir(), "sluice-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  made = folder;
  return folder;
}
