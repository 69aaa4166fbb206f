// Packs `sluice` into one tarball that works installed alone: what runs is the bundle of all workspaces, in the place of `dist`.
// Their types are bundled in its node_modules, their own dependencies become its dependencies. Prints the path of the tarball.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const destination = resolve(process.argv[2] ?? ".");
const adapters = readdirSync(join(root, "adapters")).map((name) => `adapters/${name}`);
const bundled = ["packages/core", "packages/runtime", ...adapters].filter((folder) =>
  existsSync(join(root, folder, "package.json")),
);
const isProduct = (path) => !/\.(test|test-d|fixture)\.|\.tsbuildinfo$|\.map$|built-from\.json$/.test(path);
const isType = (path) => isProduct(path) && !path.endsWith(".js");

const stage = mkdtempSync(join(tmpdir(), "sluice-pack-"));
try {
  const own = readManifest("packages/sluice");
  for (const path of own.files) {
    const filter = path === "dist" ? isType : isProduct;
    cpSync(join(root, "packages/sluice", path), join(stage, path), { recursive: true, filter });
  }
  cpSync(join(root, "packages/sluice/bundle"), join(stage, "dist"), { recursive: true, filter: isProduct });
  for (const file of ["README.md", "LICENSE", "CHANGELOG.md"]) cpSync(join(root, file), join(stage, file));

  const dependencies = { ...own.dependencies };
  for (const folder of bundled) {
    const manifest = readManifest(folder);
    const target = join(stage, "node_modules", manifest.name);
    mkdirSync(target, { recursive: true });
    cpSync(join(root, folder, "dist"), join(target, "dist"), { recursive: true, filter: isType });
    writeFileSync(join(target, "package.json"), JSON.stringify({ ...manifest, private: undefined }, null, 2));
    Object.assign(dependencies, manifest.dependencies);
  }
  // The driver of the engine is in the bundle; what it loads has to be found from there.
  const driver = readManifest("node_modules/@duckdb/node-api");
  dependencies["@duckdb/node-bindings"] = driver.dependencies["@duckdb/node-bindings"];
  const names = bundled.map((folder) => readManifest(folder).name);
  const manifest = {
    ...own,
    private: undefined,
    dependencies: Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1))),
    bundleDependencies: names,
  };
  writeFileSync(join(stage, "package.json"), JSON.stringify(manifest, null, 2));
  const packed = spawnSync("npm", ["pack", "--silent", "--pack-destination", destination], {
    cwd: stage,
    encoding: "utf8",
  });
  if (packed.status !== 0) throw new Error(packed.stderr);
  console.log(join(destination, packed.stdout.trim()));
} finally {
  rmSync(stage, { recursive: true, force: true });
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}
