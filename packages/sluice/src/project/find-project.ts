import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { SluiceError } from "@sluice/core";

export interface ProjectPlace {
  /** The folder that paths of the configuration start from. */
  readonly root: string;
  readonly configFile: string;
}

const CONFIG_NAMES = ["sluice.config.ts", "sluice.config.mts", "sluice.config.mjs", "sluice.config.js"];

/**
 * Finds a project: the given folder's, or the nearest configuration upward.
 *
 * @throws SluiceError `config` where there is none
 */
export function findProject({
  folder,
  project,
}: {
  readonly folder: string;
  readonly project?: string | undefined;
}): ProjectPlace {
  if (project !== undefined) {
    const given = resolve(folder, project);
    const root = isFile(given) ? dirname(given) : given;
    const place = configIn(root);
    if (place !== undefined) return place;
    throw new SluiceError("config", `there is no sluice.config.ts in ${given}`, {
      offending: project,
      hint: "give the folder of a project to --project",
    });
  }
  for (let at = resolve(folder); ; at = dirname(at)) {
    const place = configIn(at);
    if (place !== undefined) return place;
    if (dirname(at) === at) break;
  }
  throw new SluiceError("config", `no sluice.config.ts is in ${resolve(folder)} or above it`, {
    hint: 'make a project with "sluice init my-project", or name one with --project',
  });
}

function configIn(root: string): ProjectPlace | undefined {
  const name = CONFIG_NAMES.find((candidate) => existsSync(join(root, candidate)));
  if (name === undefined) return undefined;
  // Places in stacks and bundles are real paths: those of a linked folder would be told as somebody else's.
  const real = realpathSync(root);
  return { root: real, configFile: join(real, name) };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
