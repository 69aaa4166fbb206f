import { posix } from "node:path";
import { type Import, importsOf, isTest, packageOf, type SourceFile } from "./tree.ts";

/** What a rule finds: the file and a sentence. */
export interface Violation {
  readonly path: string;
  readonly message: string;
}

type Rule = (files: readonly SourceFile[], diagram: ReadonlyMap<string, ReadonlySet<string>>) => Violation[];

const ROLES: Readonly<Record<string, string>> = {
  "source.ts": "describeSource",
  "sink.ts": "describeSink",
  "engine.ts": "describeEngine",
  "store.ts": "describeStore",
};

/** Every rule of the architecture page that a machine can check, by the name of its canary under `test/gates/`. */
export const rules: Readonly<Record<string, Rule>> = {
  "imports-follow-the-diagram": (files, diagram) =>
    productImports(files).flatMap(({ file, imported }) => {
      const owner = nameOfPackage(packageOf(file.path));
      const target = /^(@sluice\/[^/]+|sluice)$/.exec(imported.from)?.[1];
      if (target === undefined || target === owner || diagram.get(owner)?.has(target)) return [];
      return [{ path: file.path, message: `${owner} may not import ${target}: ARCHITECTURE.md draws no such arrow` }];
    }),

  "core-knows-no-io": (files) =>
    files
      .filter((file) => file.path.startsWith("packages/core/src/") && !isTest(file))
      .flatMap((file) => {
        const outside = importsOf(file).filter(({ from }) => !from.startsWith("./") && !from.startsWith("../"));
        const text = file.text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/\/\/.*$/gm, "");
        const globals =
          /(?<![.\w"'])(?:fetch|setTimeout|setInterval)\(|\bDate\.now\b|\bnew Date\(|\bMath\.random\b|\bprocess\./.exec(
            text,
          );
        return [
          ...outside.map(({ from }) => ({ path: file.path, message: `core imports ${from}` })),
          ...(globals === null ? [] : [{ path: file.path, message: `core reaches outside itself: ${globals[0]}` }]),
        ];
      }),

  "drivers-load-when-opened": (files) =>
    productImports(files)
      .filter(({ file, imported }) => {
        if (!file.path.startsWith("adapters/") || imported.typeOnly || imported.dynamic) return false;
        if (file.path.endsWith(".fixture.ts")) return false;
        return !/^(\.|node:|@sluice\/core$|zod$)/.test(imported.from);
      })
      .map(({ file, imported }) => ({
        path: file.path,
        message: `the driver ${imported.from} is imported at the top of a module`,
      })),

  "packages-import-by-name": (files) =>
    files.flatMap((file) =>
      importsOf(file)
        .filter(({ from }) => {
          if (from.startsWith("@sluice/")) return from.split("/").length > 2;
          if (!from.startsWith(".")) return false;
          return packageOf(posix.normalize(posix.join(posix.dirname(file.path), from))) !== packageOf(file.path);
        })
        .map(({ from }) => ({ path: file.path, message: `${from} reaches into another package` })),
    ),

  "no-cycles": (files) => {
    const graph = new Map(
      files
        .filter((file) => !isTest(file))
        .map((file) => [
          file.path,
          importsOf(file)
            .filter(({ from, typeOnly, dynamic }) => from.startsWith(".") && !typeOnly && !dynamic)
            .map(({ from }) => posix.normalize(posix.join(posix.dirname(file.path), from))),
        ]),
    );
    const done = new Set<string>();
    const found: Violation[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) {
        found.push({ path, message: `imports itself: ${[...trail.slice(trail.indexOf(path)), path].join(" -> ")}` });
        return;
      }
      if (done.has(path)) return;
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
      done.add(path);
    };
    for (const path of graph.keys()) visit(path, []);
    return found;
  },

  "files-stay-below-500-lines": (files) =>
    files
      .filter((file) => !file.path.endsWith(".generated.ts"))
      .map((file) => ({ path: file.path, lines: file.text.split("\n").length - 1 }))
      .filter(({ lines }) => lines > 500)
      .map(({ path, lines }) => ({ path, message: `${lines} lines` })),

  "roles-pass-their-suite": (files) =>
    files
      .filter((file) => /^adapters\/[^/]+\/src\/[^/]+\.ts$/.test(file.path))
      .flatMap((file) => {
        const suite = ROLES[posix.basename(file.path)];
        if (suite === undefined) return [];
        const called = files.some(
          (test) => isTest(test) && packageOf(test.path) === packageOf(file.path) && test.text.includes(`${suite}(`),
        );
        return called ? [] : [{ path: file.path, message: `no test of the adapter calls ${suite}` }];
      }),

  "packages-introduce-themselves": (files) =>
    files
      .filter(
        (file) =>
          /^(packages|adapters)\/[^/]+\/src\/index\.ts$/.test(file.path) && !file.text.trimStart().startsWith("/**"),
      )
      .map(({ path }) => ({ path, message: "does not open with what the package is and must not know" })),
};

/** The arrows of the first mermaid diagram: `core`, `runtime`, … to what each may import. */
export function readDiagram(page: string): Map<string, Set<string>> {
  const body = /```mermaid\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  const arrows = new Map<string, Set<string>>();
  for (const match of body.matchAll(/^\s*([a-z]+)\s*-->\s*([a-z]+)/gm)) {
    const from = nameOfPackage(match[1] ?? "");
    arrows.set(from, (arrows.get(from) ?? new Set()).add(nameOfPackage(match[2] ?? "")));
  }
  return arrows;
}

function nameOfPackage(folder: string): string {
  const name = posix.basename(folder);
  return name === "sluice" ? name : `@sluice/${name}`;
}

function productImports(files: readonly SourceFile[]): { file: SourceFile; imported: Import }[] {
  return files
    .filter((file) => !isTest(file))
    .flatMap((file) => importsOf(file).map((imported) => ({ file, imported })));
}
