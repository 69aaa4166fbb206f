import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { FilePattern, Segment } from "../file-pattern.ts";

/** An address of members of an archive: `data/toll.tgz!payment-*.txt`. */
export interface ArchivePath {
  readonly archive: string;
  readonly member: string;
}

const ARCHIVE = /\.(?:zip|tar|tgz|tar\.gz)$/i;

/**
 * The two parts of a path that names members of an archive; undefined where it names files. A file that exists under the
 * whole name wins, and a `!` counts behind the name of an archive only.
 */
export async function archivePath(root: string, path: string): Promise<ArchivePath | undefined> {
  if (!path.includes("!") || (await isFile(resolve(root, path)))) return undefined;
  for (let at = path.indexOf("!"); at >= 0; at = path.indexOf("!", at + 1)) {
    const [archive, member] = [path.slice(0, at), path.slice(at + 1)];
    if (member !== "" && (ARCHIVE.test(archive) || (await isFile(resolve(root, archive))))) return { archive, member };
  }
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    // Whatever is wrong with it is said where it is opened.
    return false;
  }
}

/** Whether the name of a member is one that a pattern means, as names of files are: see `parsePattern`. */
export function matchesMember({ segments }: FilePattern, name: string): boolean {
  return matches(segments, name.split("/"));
}

function matches(segments: readonly Segment[], parts: readonly string[]): boolean {
  const [segment, ...rest] = segments;
  const [part, ...others] = parts;
  if (segment === undefined) return part === undefined;
  if (segment.kind === "folders") {
    if (matches(rest, parts)) return true;
    return part !== undefined && !part.startsWith(".") && matches(segments, others);
  }
  if (part === undefined) return false;
  const isMeant = segment.kind === "literal" ? segment.text === part : segment.expression.test(part);
  return isMeant && matches(rest, others);
}
