import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileInPlaceOf } from "./own-folder.ts";

const PIPELINE_ENDINGS = /\.(ts|mts|js|mjs|yaml|yml)$/;
const NOT_PIPELINES = /(^[._])|\.(test|spec|d)\.[a-z]+$/;

/** The files in which pipelines are written, also in folders below, sorted by path; none where there is no folder. */
export function listPipelineFiles(folder: string): readonly string[] {
  return filesBelow(folder)
    .filter((file) => PIPELINE_ENDINGS.test(file))
    .toSorted();
}

export function isYaml(file: string): boolean {
  return /\.ya?ml$/.test(file);
}

/** Whether a word on the command line means a file, not the name of a pipeline. */
export function looksLikeFile(word: string): boolean {
  return PIPELINE_ENDINGS.test(word) || /[\\/]/.test(word);
}

function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (NOT_PIPELINES.test(entry.name) || entry.name === "node_modules") return [];
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    if (code === "ENOTDIR") throw fileInPlaceOf(folder, thrown);
    throw thrown;
  }
}
