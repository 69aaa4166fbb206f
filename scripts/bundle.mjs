// Makes what is compiled into few files: `packages/sluice/bundle`, which `bin/sluice.js` starts where it is as new as the build,
// and which a tarball holds as its `dist`. Each of 600 modules costs a command about half a millisecond. Quick where nothing
// has changed.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A driver that the source requires, so that its hundred files are not searched for exports, becomes part of the bundle. */
const requiredDriver = {
  name: "required-driver",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/]driver\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const contents = text.replace("createRequire(import.meta.url)(", "require(");
      if (contents === text) throw new Error(`${path} requires nothing`);
      return { contents, loader: "js" };
    });
  },
};

const root = fileURLToPath(new URL("..", import.meta.url));
const own = join(root, "packages/sluice");
const bundle = join(own, "bundle");

const builds = ["packages", "adapters"]
  .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name, "dist/.tsbuildinfo")))
  .filter((path) => existsSync(path) && !path.includes("conformance"));
const madeBy = [fileURLToPath(import.meta.url), join(root, "package-lock.json")];
const builtFrom = JSON.stringify(
  Object.fromEntries([...builds, ...madeBy].map((path) => [relative(own, path), statSync(path).mtimeMs])),
);
const stamp = join(bundle, "built-from.json");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== builtFrom) await make();

async function make() {
  const aside = `${bundle}.${process.pid}.tmp`;
  try {
    const { metafile } = await build({
      absWorkingDir: own,
      entryPoints: [
        ...["cli", "index", "tasks/host", "tasks/worker"].map((name) => ({ in: `dist/${name}.js`, out: name })),
        // A thread of the engine, which it finds beside the chunk that starts it.
        { in: "../../adapters/duckdb/dist/text-columns/text-worker.js", out: "text-worker" },
      ],
      outdir: aside,
      outbase: "dist",
      // Beside the entries: `own-files.ts` finds files from there.
      chunkNames: "[name]-[hash]",
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node20",
      metafile: true,
      logLevel: "warning",
      // Programs of the machine's own kind, and what loads them by where it lies itself.
      external: ["esbuild", "@duckdb/node-bindings", "libsql", "pg-native"],
      // What third parties wrote as CommonJS requires modules of Node.
      banner: {
        js: 'import { createRequire as requireFrom } from "node:module";\nconst require = requireFrom(import.meta.url);',
      },
      plugins: [requiredDriver],
    });
    writeFileSync(join(aside, "LICENSES.txt"), licenses(Object.keys(metafile.inputs)));
    writeFileSync(join(aside, "built-from.json"), builtFrom);
    rmSync(bundle, { recursive: true, force: true });
    try {
      renameSync(aside, bundle);
    } catch (error) {
      // Somebody else has made the same meanwhile.
      if (!existsSync(stamp)) throw error;
    }
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** What is part of the bundle and was written by others, with the terms that they ask to be passed on. */
function licenses(inputs) {
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  const texts = [...folders].sort().map((folder) => {
    const path = join(own, folder);
    const { name, version, license } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
    const file = readdirSync(path).find((entry) => /^licen[sc]e/i.test(entry));
    const terms = file === undefined ? "" : readFileSync(join(path, file), "utf8").trim();
    return `${name} ${version}: ${license}\n\n${terms}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}
