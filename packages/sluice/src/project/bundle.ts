import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, extname, join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { SluiceError } from "@sluice/core";
import type { BuildOptions, Loader, Message, OutputFile, Plugin } from "esbuild";
import { RUNNING_COPY } from "../own-files.ts";
import { errorOfMessage } from "./bundle-error.ts";
import { whileReading } from "./own-folder.ts";

/** A module of the author's, ready to import, or what is wrong with it. */
export type Bundle =
  | (Built & { readonly entry: string; readonly file: string; readonly inputs: readonly string[] })
  | { readonly entry: string; readonly errors: readonly SluiceError[] };

interface Built {
  /** The names that it exports. */
  readonly exports: readonly string[];
  /** Every file that it was made from, with the hash of its text. */
  readonly hashes: readonly (readonly [path: string, sha256: string])[];
  /** Whether it imports packages, which stay outside. */
  readonly usesPackages: boolean;
}

export interface BundleRequest {
  readonly root: string;
  /** Where bundles are kept, by the hash of their content. */
  readonly buildFolder: string;
  readonly entries: readonly string[];
}

interface CacheRecord {
  readonly inputs: readonly (readonly [path: string, sha256: string])[];
  readonly output: string;
  readonly exports: readonly string[];
  readonly usesPackages: boolean;
}

/** Raised when the same inputs shall give another output. */
const FORMAT = 2;
const UNUSED_FOR_MS = 24 * 60 * 60 * 1000;

/**
 * Makes each entry and what it imports into one module, from the cache where nothing it was made from has changed.
 * Packages stay outside, by their absolute path; `import.meta` keeps its meaning in every file.
 */
export async function bundleModules(request: BundleRequest): Promise<readonly Bundle[]> {
  const found = request.entries.map((entry) => cachedBundle(request, entry));
  const missing = request.entries.filter((_, index) => found[index] === undefined);
  const built = new Map<string, Bundle>();
  if (missing.length > 0) {
    mkdirSync(request.buildFolder, { recursive: true });
    // esbuild gives no output at all where one entry of several is wrong, so each is built alone.
    const bundles = await Promise.all(missing.map((entry) => buildEntry(request, entry)));
    for (const bundle of bundles) built.set(bundle.entry, bundle);
    removeUnused(request.buildFolder);
  }
  return request.entries.flatMap((entry, index) => found[index] ?? built.get(entry) ?? []);
}

function cachedBundle(request: BundleRequest, entry: string): Bundle | undefined {
  const record = readRecord(recordPath(request, entry));
  if (record === undefined) return undefined;
  const file = join(request.buildFolder, record.output);
  const same = record.inputs.every(([path, hash]) => hashOfFile(path) === hash);
  return same && existsSync(file) ? bundleOf(entry, file, record) : undefined;
}

function bundleOf(entry: string, file: string, { inputs, exports, usesPackages }: CacheRecord): Bundle {
  return { entry, file, inputs: inputs.map(([path]) => path), exports, hashes: inputs, usesPackages };
}

function recordPath({ root, buildFolder }: BundleRequest, entry: string): string {
  const name = hashOf(JSON.stringify([FORMAT, root, entry, RUNNING_COPY])).slice(0, 32);
  return join(buildFolder, `${name}.json`);
}

function readRecord(path: string): CacheRecord | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as CacheRecord;
  } catch {
    // A record that is absent or was cut off by a crash only costs a new build.
    return undefined;
  }
}

async function buildEntry(request: BundleRequest, entry: string): Promise<Bundle> {
  const esbuild = await import("esbuild");
  const inputs = new Map<string, string>();
  const options = (registers: boolean): BuildOptions & { write: false; metafile: true } => ({
    absWorkingDir: request.root,
    entryPoints: [entry],
    outfile: join(request.buildFolder, "bundle.mjs"),
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: "inline",
    sourcesContent: false,
    logLevel: "silent",
    plugins: [resolvePackages(), keepImportMeta(esbuild.transform, inputs, registers)],
  });
  try {
    const result = await esbuild.build(options(true));
    for (const input of Object.keys(result.metafile.inputs)) {
      const path = resolve(request.root, input);
      if (!inputs.has(path)) inputs.set(path, hashOfFile(path) ?? "");
    }
    const imports = Object.values(result.metafile.inputs).flatMap((input) => input.imports);
    return keep(request, entry, result.outputFiles[0], {
      inputs: [...inputs].sort(([a], [b]) => (a < b ? -1 : 1)),
      exports: Object.values(result.metafile.outputs).flatMap((output) => output.exports),
      usesPackages: imports.some(
        ({ external, path }) => external === true && path !== RUNNING_COPY && !isBuiltin(path),
      ),
    });
  } catch (thrown) {
    if (messagesOf(thrown) === undefined) throw thrown;
    // What stands behind a file that does not parse would be in its message.
    const again = await esbuild.build(options(false)).catch((error: unknown) => error);
    const messages = messagesOf(again) ?? messagesOf(thrown) ?? [];
    return { entry, errors: messages.map((message) => errorOfMessage(message, request.root, entry)) };
  }
}

function messagesOf(thrown: unknown): readonly Message[] | undefined {
  const messages = (thrown as { readonly errors?: readonly Message[] }).errors;
  return messages === undefined || messages.length === 0 ? undefined : messages;
}

function keep(
  { root, buildFolder, entries }: BundleRequest,
  entry: string,
  output: OutputFile | undefined,
  made: Omit<CacheRecord, "output">,
): Bundle {
  const text = output?.text ?? "";
  const name = `${hashOf(text).slice(0, 32)}.mjs`;
  const file = join(buildFolder, name);
  writeAside(file, text);
  const record: CacheRecord = { ...made, output: name };
  writeAside(recordPath({ root, buildFolder, entries }, entry), JSON.stringify(record));
  return bundleOf(entry, file, record);
}

/** Bundles of earlier texts go after a day: until then a process that was just started may be about to import one. */
function removeUnused(buildFolder: string): void {
  const names = readdirSync(buildFolder);
  const records = names.filter((name) => name.endsWith(".json")).map((name) => readRecord(join(buildFolder, name)));
  const used = new Set(records.map((record) => record?.output));
  for (const name of names) {
    if (name.endsWith(".json") || used.has(name)) continue;
    const file = join(buildFolder, name);
    const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - changed > UNUSED_FOR_MS) rmSync(file, { force: true });
  }
}

/** Two processes may build the same module at once: neither may see half of it. */
function writeAside(path: string, text: string): void {
  const aside = `${path}.${process.pid}.tmp`;
  writeFileSync(aside, text);
  renameSync(aside, path);
}

const hashOf = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");

function hashOfFile(path: string): string | undefined {
  try {
    return hashOf(readFileSync(path));
  } catch {
    return undefined;
  }
}

/** `sluice` is the running copy; other packages are imported from where they lie, unless they are TypeScript. */
function resolvePackages(): Plugin {
  return {
    name: "sluice-packages",
    setup(build) {
      build.onResolve({ filter: /^sluice$/ }, () => ({ path: RUNNING_COPY, external: true }));
      build.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...rest }) => {
        if (pluginData === "asked" || rest.kind === "entry-point" || /^[A-Za-z]:[\\/]/.test(path)) return undefined;
        if (isBuiltin(path)) return { path, external: true };
        const found = await build.resolve(path, {
          importer: rest.importer,
          kind: rest.kind,
          namespace: rest.namespace,
          resolveDir: rest.resolveDir,
          pluginData: "asked",
        });
        if (found.errors.length > 0 || found.external || /\.[cm]?tsx?$/.test(found.path)) return found;
        return { path: pathToFileURL(found.path).href, external: true };
      });
    },
  };
}

const LOADERS: Readonly<Record<string, Loader>> = {
  ".ts": "ts",
  ".mts": "ts",
  ".cts": "ts",
  ".tsx": "tsx",
  ".js": "js",
  ".mjs": "js",
  ".cjs": "js",
  ".jsx": "jsx",
};

/** In one bundle `import.meta` is the bundle's; each file keeps its own. */
function keepImportMeta(
  transform: typeof import("esbuild").transform,
  inputs: Map<string, string>,
  registers: boolean,
): Plugin {
  return {
    name: "sluice-import-meta",
    setup(build) {
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: "file" }, async ({ path }) => {
        const bytes = whileReading(path, () => readFileSync(path));
        inputs.set(path, hashOf(bytes));
        const contents = `${bytes.toString("utf8")}${registers ? registration(path, bytes) : ""}`;
        const loader = LOADERS[extname(path)] ?? "ts";
        if (!contents.includes("import.meta")) return { contents, loader };
        const result = await transform(contents, {
          loader,
          sourcefile: basename(path),
          sourcemap: "inline",
          sourcesContent: false,
          target: "node20",
          logLevel: "silent",
          define: {
            "import.meta.url": JSON.stringify(pathToFileURL(path).href),
            "import.meta.filename": JSON.stringify(path),
            "import.meta.dirname": JSON.stringify(dirname(path)),
          },
        }).catch(() => undefined);
        // What does not parse is said by the build itself, with the right file.
        return result === undefined ? { contents, loader } : { contents: result.code, loader: "js" };
      });
    },
  };
}

const MODULES = Symbol.for("sluice.modules");
type Registered = readonly (readonly [path: string, namespace: Readonly<Record<string, unknown>>])[];

/** What a module tells when it is evaluated: its exports, so that a function's identity says where it comes from. */
function registration(path: string, bytes: Buffer): string {
  const isModule =
    /\.[mc]?[jt]sx?$/.test(path) && !/\.c[jt]s$/.test(path) && !path.includes(`${sep}node_modules${sep}`);
  if (!isModule || !/^\s*export\b/m.test(bytes.toString("utf8"))) return "";
  const own = JSON.stringify(`./${basename(path)}`);
  const list = `globalThis[Symbol.for("sluice.modules")]`;
  return `\n;import * as __sluiceModule from ${own}; (${list} ??= []).push([${JSON.stringify(path)}, __sluiceModule]);`;
}

/**
 * The module of the author's that exports a function, and its name there, where the function was loaded by
 * `importModules`: the first one that was evaluated, which is the one that defines it.
 */
export function moduleOfFunction(run: unknown): { readonly path: string; readonly name: string } | undefined {
  const registered = ((globalThis as Record<symbol, unknown>)[MODULES] ?? []) as Registered;
  for (const [path, namespace] of registered) {
    const name = Object.keys(namespace).find((key) => namespace[key] === run);
    if (name !== undefined) return { path, name };
  }
  return undefined;
}
