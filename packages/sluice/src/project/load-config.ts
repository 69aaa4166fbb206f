import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { didYouMean, expectedText, SluiceError, type SourceLocation } from "@sluice/core";
import type { z } from "zod";
import { throwAll } from "../failures.ts";
import { configSchema, type ParsedConfig } from "./config-schema.ts";
import { findProject, type ProjectPlace } from "./find-project.ts";
import { importModules } from "./import-module.ts";
import { ownFolder } from "./own-folder.ts";
import { createSecrets, findSecret, maskSecrets, type Secrets } from "./secrets.ts";

/** A project, found and configured; its pipelines are not loaded yet. */
export interface Project extends ProjectPlace {
  readonly config: ParsedConfig;
  readonly stateFolder: string;
  readonly buildFolder: string;
  readonly schemasFolder: string;
  readonly pipelinesFolder: string;
  readonly secrets: Secrets;
}

/**
 * Finds and reads the configuration.
 *
 * @throws SluiceError `config` at the line that is wrong
 */
export async function loadProject({
  folder,
  project,
  environment,
  guarded = false,
}: {
  readonly folder: string;
  readonly project?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether the process is the command's own, which the file must not end. */
  readonly guarded?: boolean;
}): Promise<Project> {
  const place = findProject({ folder, project });
  // Its folder is known only from the configuration, which has to be bundled first: bundles stay in the default one.
  const buildFolder = ownFolder(join(place.root, ".sluice", "build"));
  const [imported] = await importModules({ root: place.root, buildFolder, entries: [place.configFile], guarded });
  if (imported === undefined || "errors" in imported) {
    throwAll(imported?.errors ?? []);
    throw new SluiceError("internal", `${place.configFile} gave nothing`);
  }
  const config = parseConfig(imported.exports.default, place.configFile);
  const within = (path: string): string => resolve(place.root, path);
  return {
    ...place,
    config,
    buildFolder,
    stateFolder: within(config.paths.state),
    schemasFolder: within(config.paths.schemas),
    pipelinesFolder: within(config.paths.pipelines),
    secrets: createSecrets({ file: within(config.paths.secrets), environment }),
  };
}

function parseConfig(value: unknown, file: string): ParsedConfig {
  if (value === undefined) {
    throw new SluiceError("config", "the configuration has no default export", {
      at: { file },
      hint: "write: export default defineConfig({ … })",
    });
  }
  const misplaced = Object.entries(value ?? {})
    .filter(([key]) => key !== "connections")
    .map(([key, member]) => findSecret(member, key))
    .find((found) => found !== undefined);
  if (misplaced !== undefined) {
    throw new SluiceError("config", `a secret stands in "${misplaced.path}"; secrets are legal in connections only`, {
      at: placeOf(file, [misplaced.name]),
      offending: misplaced.name,
      hint: "put it into a connection",
    });
  }
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throwAll(parsed.error.issues.flatMap((issue) => errorsOfIssue(issue, value, file)));
  throw new SluiceError("internal", "a configuration was refused without a reason");
}

function errorsOfIssue(issue: z.core.$ZodIssue, value: unknown, file: string): readonly SluiceError[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(path);
    return issue.keys.map(
      (key) =>
        new SluiceError("config", `the configuration has no "${[...path, key].join(".")}"`, {
          at: placeOf(file, [...path, key]),
          offending: key,
          hint: didYouMean(key, known, "its members"),
        }),
    );
  }
  if (issue.code === "invalid_key") {
    const name = path.at(-1) ?? "";
    const message = `"${path.slice(0, -1).join(".")}" has the name ${JSON.stringify(name)}; expected ${expectedText(issue)}`;
    return [new SluiceError("config", message, { at: placeOf(file, path), offending: name })];
  }
  const found =
    issue.code === "custom" && issue.params !== undefined
      ? issue.params.given
      : path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], value);
  const at = placeOf(file, path, siblingsOf(path, value));
  const shown = found === undefined ? "absent" : (JSON.stringify(maskSecrets(found)) ?? String(found)).slice(0, 80);
  return [
    new SluiceError(
      "config",
      `${path.length === 0 ? "the configuration" : `"${path.join(".")}"`} is ${shown}; expected ${expectedText(issue)}`,
      { at, ...(at.name === undefined ? {} : { offending: at.name }) },
    ),
  ];
}

function knownKeys(path: readonly string[]): readonly string[] {
  if (path.length === 0) return Object.keys(configSchema.shape);
  if (path[0] === "lake") return ["path", "catalog"];
  return path[0] === "paths" ? ["pipelines", "schemas", "state", "secrets"] : [];
}

/** What stands beside the dataset or connection that a path leads into. */
function siblingsOf([member = "", own, ...rest]: readonly string[], value: unknown): readonly string[] {
  const within = rest.length === 0 ? undefined : (value as Readonly<Record<string, unknown>>)[member];
  return typeof within === "object" && within !== null ? Object.keys(within).filter((name) => name !== own) : [];
}

/**
 * Where the last of nested names stands in the text, as well as a look at the words can tell; with the last name that was
 * found, which is not looked for behind one of the `siblings`: what several share is written elsewhere.
 */
export function placeOf(
  file: string,
  names: readonly string[],
  siblings: readonly string[] = [],
): SourceLocation & { readonly name?: string } {
  const lines = readFileSync(file, "utf8").split("\n");
  const others = siblings.map((name) => new RegExp(`(?<![\\w$])${escaped(name)}["']?\\s*:`));
  let place: SourceLocation & { readonly name?: string } = { file };
  let row = 0;
  let end = lines.length;
  for (const [depth, name] of names.entries()) {
    const word = new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`);
    const index = lines.findIndex((line, at) => at >= row && at < end && word.test(line));
    if (index === -1) break;
    row = index;
    if (depth === 1) end = lines.findIndex((line, at) => at > row && others.some((other) => other.test(line)));
    if (end === -1) end = lines.length;
    place = { file, line: index + 1, column: (lines[index] ?? "").search(word) + 1, name };
  }
  return place;
}

function escaped(name: string): string {
  return name.replace(/[^\w]/g, "\\$&");
}
