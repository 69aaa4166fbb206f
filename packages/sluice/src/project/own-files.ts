import { basename, dirname, extname, relative, resolve, sep } from "node:path";
import { type LoadDefinition, type PipelineDefinition, SluiceError } from "@sluice/core";
import type { Project } from "./load-config.ts";
import { realPath } from "./real-path.ts";

/** What tells what is the project's own. */
type Own = Pick<Project, "root" | "config" | "configFile" | "stateFolder" | "schemasFolder" | "pipelinesFolder">;

const DEFINITIONS: ReadonlySet<string> = new Set([".ts", ".mts", ".js", ".mjs", ".yaml", ".yml"]);

const PACKAGE_FILES = ["package.json", "package-lock.json", "tsconfig.json"];

/**
 * Loads that would replace what the project itself is: its state, its configuration, its definitions, its frozen schemas,
 * its secrets, or the database of one of its connections. A file is replaced whatever it holds, so nobody would be told.
 *
 * @param parameters values of those in a path, where they are known
 */
export function ownFileProblems(
  definition: PipelineDefinition,
  project: Own,
  parameters: ReadonlyMap<string, string>,
): readonly SluiceError[] {
  return definition.steps.flatMap((step) => {
    const what = step.kind === "load" ? ownFile(step, project, parameters) : undefined;
    if (what === undefined) return [];
    return [
      new SluiceError("config", `"${step.name}" would write ${what}`, {
        at: { file: "", path: `steps.${step.name}.into` },
        hint: "write to another place",
      }),
    ];
  });
}

function ownFile({ into }: LoadDefinition, project: Own, parameters: ReadonlyMap<string, string>): string | undefined {
  if (typeof into.path !== "string") return undefined;
  const bound = into.path.replaceAll(/\{(\w+)\}/g, (whole, name: string) => parameters.get(name) ?? whole);
  const path = realPath(resolve(project.root, bound));
  const { stateFolder, schemasFolder, pipelinesFolder, configFile, config, root } = project;
  // What a command prints is written there first.
  const isScratch = isWithin(path, resolve(stateFolder, "scratch"));
  if (!isScratch && !isWithin(root, stateFolder) && isWithin(path, stateFolder)) {
    return "into the folder of the project's own state";
  }
  if (into.type !== "file") return undefined;
  if (path === realPath(configFile)) return "the project's configuration";
  if (path === realPath(resolve(root, config.paths.secrets))) return "the project's secrets";
  if (PACKAGE_FILES.some((name) => path === realPath(resolve(root, name)))) return `the project's ${basename(path)}`;
  if (isWithin(path, pipelinesFolder) && DEFINITIONS.has(extname(path))) return "where the project's pipelines are";
  if (isFrozen(path, schemasFolder, Object.keys(config.datasets))) return "a frozen schema of the project";
  const database = Object.entries(config.connections).find(
    ([, { path: file }]) => typeof file === "string" && realPath(resolve(root, file)) === path,
  );
  return database === undefined ? undefined : `a file in the place of the database of the connection "${database[0]}"`;
}

function isFrozen(path: string, folder: string, datasets: readonly string[]): boolean {
  if (dirname(path) !== realPath(folder)) return false;
  return ["index.ts", ...datasets.map((name) => `${name}.json`)].includes(basename(path));
}

/** Whether a path is a folder or lies in it; links are followed. */
function isWithin(path: string, folder: string): boolean {
  const way = relative(realPath(folder), path);
  return way !== ".." && !way.startsWith(`..${sep}`);
}
