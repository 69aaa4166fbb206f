import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { isSluiceError, type QueryOptions, type RelationQuery, SluiceError, walkRelation } from "@sluice/core";
import { openSession, type Session } from "../composition.ts";
import { findProject } from "../project/find-project.ts";
import { loadProject, type Project } from "../project/load-config.ts";
import { looseProject } from "./loose-project.ts";

/** A session for a relation that is computed on its own. */
export async function openQuerySession(query: RelationQuery, options: QueryOptions): Promise<Session> {
  const signal = options.signal ?? new AbortController().signal;
  if (signal.aborted) throw new SluiceError("cancelled", "the query was cancelled before it began");
  return openSession(await projectOf(query, options), signal);
}

/**
 * The project that was given, else that of its datasets, else the one around the working directory; where there is none,
 * files are read from there as they are.
 */
async function projectOf(query: RelationQuery, { project }: QueryOptions): Promise<Project> {
  const environment = process.env;
  if (project !== undefined) return await loadProject({ folder: pathOf(project), environment });
  const roots = new Map(query.modules.filter(isFileUrl).map((url) => [rootOf(url), url]));
  if (roots.size > 1) {
    throw new SluiceError("config", `the relation reads datasets of ${roots.size} projects`, {
      offending: [...roots.keys()].join(", "),
      hint: "say which one shall be used: { project: import.meta.url }",
    });
  }
  const [root] = roots.keys();
  if (root !== undefined) return await loadProject({ folder: root, environment });
  return await projectAround(process.cwd(), needsProject(query));
}

/** The project of a folder, or the folder itself where there is none and none is needed. */
export async function projectAround(folder: string, isNeeded: boolean): Promise<Project> {
  try {
    findProject({ folder });
  } catch (thrown) {
    if (isNeeded || !isSluiceError(thrown)) throw thrown;
    return looseProject(folder);
  }
  return await loadProject({ folder, environment: process.env });
}

function needsProject({ relation }: RelationQuery): boolean {
  let isNeeded = false;
  walkRelation(relation, (node) => {
    if (node.kind !== "scan") return;
    const { source } = node;
    isNeeded ||=
      "dataset" in source || "table" in source || ("inline" in source && source.inline.connection !== undefined);
  });
  return isNeeded;
}

function rootOf(url: string): string {
  return findProject({ folder: dirname(fileURLToPath(url)) }).root;
}

function isFileUrl(url: string): boolean {
  return url.startsWith("file:");
}

function pathOf(given: string): string {
  return isFileUrl(given) ? fileURLToPath(given) : given;
}
