import { isAbsolute, relative } from "node:path";

/** A path as a person would type it from the folder: relative where it lies inside. */
export function shortPath(path: string, folder: string): string {
  const short = relative(folder, path);
  return short === "" || short.startsWith("..") || isAbsolute(short) ? path : short;
}
