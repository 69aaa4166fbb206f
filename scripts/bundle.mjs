// Makes what is compiled into few files: `packages/sluice/bundle`, which `bin/sluice.js` starts where it is as new as the build,
// and which a tarball holds as its `dist`. Each of 600 modules costs a command about half a millisecond. Quick where nothing
// has changed.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

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

/** A script cannot import what is no part of it; whoever evaluates it can. */
const importer = {
  name: "importer",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/]project[\\/]import-file\.js$/ }, () => ({
      contents: "export const importFile = (address) => importOutside(address);",
      loader: "js",
    }));
  },
};

const root = fileURLToPath(new URL("..", import.meta.url));
const own = join(root, "packages/sluice");
const bundle = join(own, "bundle");

const common = {
  absWorkingDir: own,
  bundle: true,
  platform: "node",
  target: "node20",
  metafile: true,
  logLevel: "warning",
  // Programs of the machine's own kind, and what loads them by where it lies itself.
  external: ["esbuild", "@duckdb/node-bindings", "libsql", "pg-native"],
};

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
    const program = await makeProgram();
    const name = `program-${createHash("sha256").update(program.text).digest("hex").slice(0, 16)}.cjs`;
    const { metafile } = await build({
      ...common,
      entryPoints: [
        ...["cli", "index", "tasks/host", "tasks/worker"].map((entry) => ({ in: `dist/${entry}.js`, out: entry })),
        // A thread of the engine, which it finds beside the program that starts it.
        { in: "../../adapters/duckdb/dist/text-columns/text-worker.js", out: "text-worker" },
      ],
      outdir: aside,
      outbase: "dist",
      // Beside the entries: `own-files.ts` finds files from there.
      chunkNames: "[name]-[hash]",
      splitting: true,
      format: "esm",
      // What third parties wrote as CommonJS requires modules of Node.
      banner: {
        js: 'import { createRequire as requireFrom } from "node:module";\nconst require = requireFrom(import.meta.url);',
      },
      plugins: [fromProgram(name, program.exports)],
    });
    writeFileSync(join(aside, name), program.text);
    const inputs = [...program.inputs, ...Object.keys(metafile.inputs)];
    writeFileSync(join(aside, "LICENSES.txt"), licenses(inputs));
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

/**
 * The library and the commands as one script, since V8 takes back what it compiled of scripts only: the text of a function
 * that `src/program/load-program.ts` calls, with the names that are its parameters.
 */
async function makeProgram() {
  const { outputFiles, metafile } = await build({
    ...common,
    stdin: {
      // Each is evaluated when it is first asked for.
      contents:
        'exports.library = () => require("./dist/index.js");\nexports.commands = () => require("./dist/cli/main.js");',
      resolveDir: own,
    },
    outfile: "program.cjs",
    write: false,
    format: "cjs",
    define: { "import.meta.url": "programUrl" },
    // Packages are required; of the author's files see `importer`.
    supported: { "dynamic-import": false },
    plugins: [requiredDriver, importer],
  });
  // What V8 keeps of a text is half as large, and quicker, where a character is a byte. esbuild writes all but comments so.
  const text = outputFiles[0].text.replace(/[^\0-\x7f]/g, "?");
  const compact = async (code) => (await transform(code, { minifyWhitespace: true, legalComments: "none" })).code;
  if ((await compact(text)) !== (await compact(outputFiles[0].text)))
    throw new Error("a raw text is not of ASCII alone");
  const told = text.replaceAll(/\[(__getOwnPropNames\((?:fn|cb)\)\[0\])\]/g, "[evaluated($1)]");
  if (told.split("[evaluated(").length !== 3) throw new Error("esbuild evaluates modules in another way than before");
  const library = await build({ ...common, entryPoints: ["dist/index.js"], outdir: "of", write: false, format: "esm" });
  return {
    text: `(function (exports, require, module, programUrl, importOutside, evaluated) {${told}\n})`,
    inputs: Object.keys(metafile.inputs),
    exports: Object.values(library.metafile.outputs)[0].exports,
  };
}

/** The entries of commands and of the library are what the program has. */
function fromProgram(name, names) {
  const load = `
import { loadProgram } from "./dist/program/load-program.js";
export const program = loadProgram(new URL("./${name}", import.meta.url), { url: new URL("./index.js", import.meta.url).href });`;
  const texts = {
    program: load,
    library: `import { program } from "program";\nexport const { ${names.join(", ")} } = program.exports.library();`,
    commands: `import { program } from "program";
export const { main } = program.exports.commands();
process.once("exit", () => program.keep());`,
  };
  return {
    name: "from-program",
    setup({ onResolve, onLoad }) {
      const named = (path) => ({ path, namespace: "program" });
      onResolve({ filter: /^program$/ }, ({ path }) => named(path));
      onResolve({ filter: /[\\/]main\.js$/ }, ({ importer }) =>
        importer === join(own, "dist/cli.js") ? named("commands") : undefined,
      );
      onResolve({ filter: /dist[\\/]index\.js$/ }, ({ kind }) =>
        kind === "entry-point" ? named("library") : undefined,
      );
      onLoad({ filter: /./, namespace: "program" }, ({ path }) => ({ contents: texts[path], resolveDir: own }));
    },
  };
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
