import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isSluiceError, systemCode } from "@sluice/core";
import { fileInPlaceOf, whileReading } from "./own-folder.ts";

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
    const entries = whileReading(folder, () => readdirSync(folder, { withFileTypes: true }));
    return entries.flatMap((entry) => {
      if (NOT_PIPELINES.test(entry.name) || entry.name === "node_modules") return [];
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
  } catch (thrown) {
    if (!isSluiceError(thrown)) throw thrown;
    const code = systemCode(thrown.cause);
    if (code === "ENOENT") return [];
    throw code === "ENOTDIR" ? fileInPlaceOf(folder, thrown) : thrown;
  }
}
