import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** A source file of a package: its path from the root of the tree, with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** The TypeScript sources of all packages and adapters below a root, tests among them. */
export function readTree(root: string): SourceFile[] {
  const files: SourceFile[] = [];
  for (const group of ["packages", "adapters"]) {
    if (!existsSync(join(root, group))) continue;
    for (const name of readdirSync(join(root, group))) {
      const source = join(root, group, name, "src");
      if (!existsSync(source)) continue;
      for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
        const path = join(entry.parentPath, entry.name);
        files.push({ path: relative(root, path).replaceAll("\\", "/"), text: readFileSync(path, "utf8") });
      }
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** One import of a file: what it names, whether only types are taken, whether it is made when the code runs. */
export interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

/** The imports and re-exports of a source file. */
export function importsOf(file: SourceFile): Import[] {
  const text = file.text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");
  const found: Import[] = [];
  for (const match of text.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm)) {
    found.push({ from: match[2] ?? "", typeOnly: match[1] !== undefined, dynamic: false });
  }
  for (const match of text.matchAll(/(?<!typeof )\bimport\("([^"]+)"\)/g)) {
    found.push({ from: match[1] ?? "", typeOnly: false, dynamic: true });
  }
  return found;
}

export function isTest(file: SourceFile): boolean {
  return /\.test(-d)?\.ts$/.test(file.path);
}

/** `packages/core` of `packages/core/src/ir/relation.ts`. */
export function packageOf(path: string): string {
  return path.split("/").slice(0, 2).join("/");
}
