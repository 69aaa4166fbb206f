import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import { didYouMean, SluiceError } from "@sluice/core";
import { throwAll } from "../failures.ts";
import { bundleModules } from "../project/bundle.ts";

/** A function of the project, ready to be run. */
export interface FoundTask {
  /** The bundle of its module. */
  readonly file: string;
  /** What it is exported as. */
  readonly name: string;
  /** The hash of all the source that it is made from, and of the lock file where that imports a package. */
  readonly code: string;
}

const LOCK_FILES = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"];

/**
 * The function that `tasks/score.ts#score` means. Nothing of it is evaluated.
 *
 * @throws SluiceError `config` where there is no such module, or it exports no such name
 */
export async function findTask(request: {
  readonly root: string;
  readonly buildFolder: string;
  readonly module: string;
}): Promise<FoundTask> {
  const { root, buildFolder, module } = request;
  const [path = "", name = ""] = module.split("#");
  const entry = join(root, path);
  if (!existsSync(entry)) {
    throw new SluiceError("config", `there is no module ${path}`, {
      offending: module,
      hint: "modules are named from the folder of sluice.config.ts on: tasks/score.ts#score",
    });
  }
  const [bundle] = await bundleModules({ root, buildFolder, entries: [entry] });
  if (bundle === undefined) throw new SluiceError("internal", `${path} was not bundled`);
  if ("errors" in bundle) {
    throwAll(bundle.errors);
    throw new SluiceError("internal", `${path} was not bundled`);
  }
  if (!bundle.exports.includes(name)) {
    throw new SluiceError("config", `${path} exports no "${name}"`, {
      offending: module,
      hint: didYouMean(name, bundle.exports, "its exports"),
    });
  }
  const sources = bundle.hashes.map(([input, hash]) => [portable(relative(root, input)), hash]);
  const locks = bundle.usesPackages ? LOCK_FILES.flatMap((lock) => hashOfFile(join(root, lock)) ?? []) : [];
  const code = hashOf(JSON.stringify([sources.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)), locks]));
  return { file: bundle.file, name, code };
}

/** On another drive there is no relative path. */
function portable(path: string): string {
  return isAbsolute(path) ? path : path.replaceAll("\\", "/");
}

function hashOfFile(path: string): readonly string[] | undefined {
  return existsSync(path) ? [hashOf(readFileSync(path))] : undefined;
}

function hashOf(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
