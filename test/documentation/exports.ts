import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** The public names that an entry file exports, directly or through other files, and that have no doc comment. */
export function undocumentedExports(entry: string, root: string): string[] {
  const bare: string[] = [];
  visit(entry, undefined, root, new Set(), bare);
  return [...new Set(bare)].sort();
}

function visit(
  file: string,
  wanted: ReadonlySet<string> | undefined,
  root: string,
  seen: Set<string>,
  bare: string[],
): void {
  const key = `${file} ${wanted === undefined ? "*" : [...wanted].join(",")}`;
  if (seen.has(key) || !existsSync(file)) return;
  seen.add(key);
  const text = readFileSync(file, "utf8");
  for (const match of text.matchAll(
    /(\*\/\s*\n)?^export (?:declare )?(?:async )?(?:abstract )?(?:function\*?|const|class|interface|type) (\w+)/gm,
  )) {
    const name = match[2] ?? "";
    // A type beside a documented value of the same name needs no second sentence.
    if (match[1] === undefined && (wanted === undefined || wanted.has(name)) && !documentedElsewhere(text, name)) {
      bare.push(`${name} (${relative(root, file).replaceAll("\\", "/")})`);
    }
  }
  for (const match of text.matchAll(/^export (?:type )?(?:\*|\{([^}]*)\}) from "([^"]+)"/gm)) {
    const names = match[1]
      ?.split(",")
      .map(
        (name) =>
          name
            .trim()
            .replace(/^type /, "")
            .split(" as ")[0]
            ?.trim() ?? "",
      )
      .filter((name) => name !== "");
    const next = locate(match[2] ?? "", file, root);
    if (next !== undefined) visit(next, names === undefined ? undefined : new Set(names), root, seen, bare);
  }
}

function documentedElsewhere(text: string, name: string): boolean {
  return new RegExp(`\\*/\\s*\\nexport (?:declare )?(?:function|const|class|interface|type) ${name}\\b`).test(text);
}

function locate(from: string, file: string, root: string): string | undefined {
  if (from.startsWith(".")) return resolve(dirname(file), from);
  const name = /^@sluice\/(\w+)$/.exec(from)?.[1];
  if (name === undefined) return undefined;
  return ["packages", "adapters"]
    .map((group) => join(root, group, name, "src/index.ts"))
    .find((path) => existsSync(path));
}
