import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { undocumentedExports } from "./documentation/exports.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const pages = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  ...pagesBelow("docs"),
  ...pagesBelow("examples"),
];
const scripts: Record<string, string> = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;

describe("documentation", () => {
  for (const page of pages) {
    const text = readFileSync(join(root, page), "utf8");

    it(`${page}: every relative link leads to a file`, () => {
      const prose = text.replace(/^```[\s\S]*?^```$/gm, "");
      const broken = [...prose.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map((match) => match[1] ?? "")
        .filter((link) => !existsSync(join(root, dirname(page), link)));
      expect(broken).toEqual([]);
    });

    it(`${page}: every npm command exists`, () => {
      const unknown = [...text.matchAll(/npm (?:run ([a-z:]+)|(test)\b)/g)]
        .map((match) => match[1] ?? match[2] ?? "")
        .filter((name) => scripts[name] === undefined);
      expect(unknown).toEqual([]);
    });
  }

  it("code blocks that name a file of the repository hold its text", () => {
    for (const page of pages) {
      for (const match of readFileSync(join(root, page), "utf8").matchAll(
        /```(?:ts|yaml)\n(?:\/\/|#) (examples\/\S+)\n([\s\S]*?)```/g,
      )) {
        const file = readFileSync(join(root, match[1] ?? ""), "utf8");
        expect(file, `${page} quotes ${match[1]}`).toContain((match[2] ?? "").trim());
      }
    }
  });

  it("every public function, class and type has a sentence", () => {
    expect(undocumentedExports(join(root, "packages/sluice/src/index.ts"), root)).toEqual([]);
  });

  it("the canary: an export without a sentence is found", () => {
    expect(undocumentedExports(join(root, "test/gates/documentation/index.ts"), root)).toEqual([
      "silent (test/gates/documentation/silent.ts)",
    ]);
  });
});

function pagesBelow(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md") && !entry.parentPath.includes("node_modules"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}
