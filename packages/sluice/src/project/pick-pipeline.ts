import { basename, resolve } from "node:path";
import { canonicalJson, didYouMean, type Locations, type PipelineDefinition, SluiceError } from "@sluice/core";
import { SluiceErrors, throwAll } from "../failures.ts";
import type { DeclaredText } from "./declared-types.ts";
import { firstDifference } from "./first-difference.ts";
import { isYaml, looksLikeFile } from "./list-files.ts";

/** A pipeline as its author wrote it. */
export interface LoadedPipeline {
  readonly name: string;
  readonly file: string;
  readonly definition: PipelineDefinition;
  /** SQL texts whose author said what they give; their types are verified when the pipeline is planned. */
  readonly declared?: readonly DeclaredText[];
  readonly locations: Locations;
  /** The functions of tasks, by step, where the author's file gave them as values. */
  readonly tasks?: ReadonlyMap<string, unknown>;
}

/** What the files of a project gave; what is wrong with one does not hide the others. */
export interface LoadedPipelines {
  readonly found: readonly LoadedPipeline[];
  readonly errors: readonly SluiceError[];
  /** Files with nothing in them, which were left aside. */
  readonly empty: readonly string[];
  /** Pipelines that a file exports by a name, beside the one by default, which alone is read. */
  readonly unread: readonly { readonly file: string; readonly name: string }[];
}

/** What to say of the files that were left aside. */
export function leftAsideWarnings(
  { empty, unread }: LoadedPipelines,
  short: (path: string) => string,
): readonly string[] {
  return [
    ...empty.map((file) => `${short(file)} is empty and was left aside`),
    ...unread.map(
      ({ file, name }) =>
        `${short(file)} exports the pipeline "${name}" by a name, which nobody reads: give it a file of its own, with export default`,
    ),
  ];
}

/**
 * One pipeline per name: twins with equal definitions are the TypeScript one, others an error that names both.
 */
export function uniquePipelines(
  { found, errors, ...rest }: LoadedPipelines,
  short: (path: string) => string,
): LoadedPipelines {
  const unique = new Map<string, LoadedPipeline>();
  const problems: SluiceError[] = [];
  for (const pipeline of found) {
    const other = unique.get(pipeline.name);
    if (other === undefined) unique.set(pipeline.name, pipeline);
    else if (canonicalJson(other.definition) !== canonicalJson(pipeline.definition)) {
      problems.push(unequalTwins(other, pipeline, short));
    } else if (isYaml(other.file) === isYaml(pipeline.file)) problems.push(sameName(other, pipeline, short));
    else if (isYaml(other.file)) unique.set(pipeline.name, pipeline);
  }
  return { found: [...unique.values()], errors: [...errors, ...problems], ...rest };
}

function unequalTwins(a: LoadedPipeline, b: LoadedPipeline, short: (path: string) => string): SluiceError {
  if (isYaml(a.file) === isYaml(b.file)) return sameName(a, b, short);
  const [script, yaml] = isYaml(a.file) ? [b, a] : [a, b];
  const difference = firstDifference(script.definition, yaml.definition);
  const where =
    difference === undefined
      ? ""
      : `: "${difference.path}" is ${difference.left} in ${short(script.file)} and ${difference.right} in ${short(yaml.file)}`;
  return new SluiceError(
    "config",
    `${short(script.file)} and ${short(yaml.file)} share the name "${a.name}" but are not equal${where}`,
    { at: placeOf(yaml), hint: "make them equal, or give one of them another name", reason: "twins" },
  );
}

function sameName(a: LoadedPipeline, b: LoadedPipeline, short: (path: string) => string): SluiceError {
  return new SluiceError("config", `${short(a.file)} and ${short(b.file)} share the name "${a.name}"`, {
    at: placeOf(b),
    hint: "give one of them another name, or run one by its file",
    reason: "twins",
  });
}

function placeOf({ file, locations }: LoadedPipeline): { file: string; line?: number; column?: number } {
  return locations.steps.get("") ?? { file };
}

export interface PickRequest {
  readonly word: string | undefined;
  /** Where a file named on the command line starts from. */
  readonly folder: string;
  readonly root: string;
  readonly loaded: LoadedPipelines;
  readonly short: (path: string) => string;
}

/**
 * The pipeline that a word means: a name, a file, or the only one where there is no word.
 *
 * @throws SluiceError `config` where none or several fit; what is wrong in files that may hold it
 */
export function pickPipeline(request: PickRequest): LoadedPipeline {
  const { word, loaded } = request;
  if (word !== undefined && looksLikeFile(word)) return byFile(word, request);
  const unique = uniquePipelines(loaded, request.short);
  const names = unique.found.map((pipeline) => pipeline.name);
  if (word === undefined) {
    throwAll(unique.errors);
    const [only] = unique.found;
    if (only !== undefined && unique.found.length === 1) return only;
    throw new SluiceError("config", names.length === 0 ? "there is no pipeline" : "there are several pipelines", {
      reason: "usage",
      hint: names.length === 0 ? "write one in pipelines/" : `name one: ${names.join(", ")}`,
    });
  }
  const twins = unique.errors.filter((error) => error.reason === "twins" && error.message.includes(`"${word}"`));
  throwAll(twins);
  // What could not be read may be the twin that should run in place of the one that was found.
  throwAll(unique.errors.filter((error) => error.at !== undefined && stemOf(error.at.file) === word));
  const pipeline = unique.found.find((candidate) => candidate.name === word);
  if (pipeline !== undefined) return pipeline;
  const absent = new SluiceError("config", `no pipeline is named "${word}"`, {
    offending: word,
    hint: didYouMean(word, names, "pipelines"),
  });
  if (unique.errors.length === 0) throw absent;
  throw new SluiceErrors([...unique.errors, absent]);
}

const stemOf = (file: string): string => basename(file).replace(/\.[a-z]+$/, "");

function byFile(word: string, { folder, root, loaded }: PickRequest): LoadedPipeline {
  const paths = [resolve(folder, word), resolve(root, word)];
  const found = loaded.found.find((pipeline) => paths.includes(pipeline.file));
  if (found !== undefined) return found;
  throwAll(loaded.errors.filter((error) => error.at === undefined || paths.includes(error.at.file)));
  throwAll(loaded.errors);
  throw new SluiceError("config", `no pipeline is in ${word}`, { offending: word });
}
