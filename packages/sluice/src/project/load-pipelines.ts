import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { isPipeline, isSluiceError, placeError, SluiceError } from "@sluice/core";
import type { Session } from "../composition.ts";
import { errorsOf, throwAll } from "../failures.ts";
import { resolveTasks } from "../tasks/resolve-tasks.ts";
import { importModules } from "./import-module.ts";
import { isYaml, listPipelineFiles, looksLikeFile } from "./list-files.ts";
import { parseTexts } from "./parse-texts.ts";
import { type LoadedPipeline, type LoadedPipelines, pickPipeline } from "./pick-pipeline.ts";
import { pipelineOf } from "./pipeline-value.ts";
import { readYamlPipeline } from "./read-yaml-pipeline.ts";
import { targetsSharedWith } from "./shared-targets.ts";
import { sharpen } from "./sharpen.ts";

export interface LoadRequest {
  /** A name or a file; a file is loaded alone. */
  readonly word?: string | undefined;
  /** Where a file named on the command line starts from. */
  readonly folder?: string;
  /** Whether the process is the command's own, which files must not end; true where absent. */
  readonly guarded?: boolean;
}

/** Reads every pipeline of the project, or the one of a file; what is wrong with one does not hide the others. */
export async function loadPipelines(
  session: Session,
  { word, folder, guarded = true }: LoadRequest = {},
): Promise<LoadedPipelines> {
  const { project } = session;
  const isFile = word !== undefined && looksLikeFile(word);
  const named = isFile
    ? [existingFile(word, [folder ?? project.root, project.root])]
    : listPipelineFiles(project.pipelinesFolder);
  // A shell empties the file of `sluice convert x --to yaml > pipelines/x.yaml` before the command begins.
  const empty = isFile ? [] : named.filter(isEmptyFile);
  const files = named.filter((file) => !empty.includes(file));
  const scripts = await importModules({
    root: project.root,
    buildFolder: project.buildFolder,
    entries: files.filter((file) => !isYaml(file)),
    guarded,
  });
  session.signal.throwIfAborted();
  const found: LoadedPipeline[] = [];
  const errors: SluiceError[] = [];
  const unread: { readonly file: string; readonly name: string }[] = [];
  const collect = async (read: () => Promise<LoadedPipeline>): Promise<void> => {
    try {
      found.push(await read());
    } catch (thrown) {
      errors.push(...ours(thrown));
    }
  };
  for (const script of scripts) {
    if ("errors" in script) errors.push(...script.errors);
    else {
      unread.push(...unreadPipelines(script.exports).map((name) => ({ file: script.entry, name })));
      await collect(async () => {
        const pipeline = pipelineOf(script.exports.default, script.entry, project.root);
        return await resolveTasks(await withParsedTexts(pipeline, session), project);
      });
    }
  }
  for (const file of files.filter(isYaml))
    await collect(async () => resolveTasks(await readYamlPipeline(session, file), project));
  return {
    found: found.toSorted((a, b) => (a.file < b.file ? -1 : 1)),
    errors,
    empty,
    unread: unread.filter(({ name }) => !found.some((one) => one.name === name)),
  };
}

/** The one pipeline that a word means; the only one where there is no word. */
export async function loadPipeline(session: Session, request: LoadRequest): Promise<LoadedPipeline> {
  return pick(session, request, await loadPipelines(session, request));
}

/** The pipeline that shall run, beside the others of the project, which must not write what it writes. */
export async function loadForRun(session: Session, request: LoadRequest): Promise<LoadedPipeline> {
  const { word } = request;
  const loaded = await loadPipelines(session, request);
  const pipeline = pick(session, request, loaded);
  const isAlone = word !== undefined && looksLikeFile(word);
  const { found } = isAlone ? await loadPipelines(session) : loaded;
  throwAll(targetsSharedWith(pipeline, found, session.project));
  return pipeline;
}

function pick(session: Session, { word, folder }: LoadRequest, loaded: LoadedPipelines): LoadedPipeline {
  const { root } = session.project;
  return pickPipeline({ word, folder: folder ?? root, root, loaded, short: session.short });
}

/** A script may hold SQL text in `expr("…")`; its meaning is part of the definition. */
async function withParsedTexts(pipeline: LoadedPipeline, session: Session): Promise<LoadedPipeline> {
  try {
    return { ...pipeline, ...(await parseTexts(pipeline.definition, session.parser)) };
  } catch (thrown) {
    if (!isSluiceError(thrown)) throw thrown;
    throw sharpen(placeError(thrown, pipeline.locations), pipeline.locations);
  }
}

/** Beside another pipeline by default: without one the file is refused. */
function unreadPipelines(exports: Readonly<Record<string, unknown>>): readonly string[] {
  const named = Object.values(exports).filter((value) => isPipeline(value) && value !== exports.default);
  return isPipeline(exports.default)
    ? named.flatMap((value) => (isPipeline(value) ? [value.definition.name] : []))
    : [];
}

/** A defect of sluice is not an error of the author's file. */
function ours(thrown: unknown): readonly SluiceError[] {
  const errors = errorsOf(thrown);
  if (errors.some((error) => error.code === "internal" && !isSluiceError(thrown))) throw thrown;
  return errors;
}

/** Also of nothing but blanks. What cannot be read is said by who reads it. */
function isEmptyFile(file: string): boolean {
  try {
    return readFileSync(file, "utf8").trim() === "";
  } catch {
    return false;
  }
}

function existingFile(word: string, folders: readonly string[]): string {
  const paths = folders.map((folder) => resolve(folder, word));
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined && statSync(found).isDirectory()) {
    throw new SluiceError("config", `${word} is a folder, not the file of a pipeline`, {
      offending: word,
      hint: "name one pipeline, or one file",
    });
  }
  if (found !== undefined) return found;
  throw new SluiceError("config", `there is no file ${word}`, {
    offending: word,
    hint: "a pipeline is named by its name, or by its file from here or from the project's folder",
  });
}
