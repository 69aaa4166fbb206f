import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { HOST_FILE, ownFile } from "../own-files.ts";

let made: Promise<string> | undefined;

/** The program of host processes: as it is built, or, where this is the source itself, a bundle of it. */
export async function hostFile(buildFolder: string): Promise<string> {
  if (HOST_FILE !== undefined) return HOST_FILE;
  const known = await made;
  if (known !== undefined && existsSync(known)) return known;
  made = buildHost(buildFolder);
  return await made;
}

async function buildHost(buildFolder: string): Promise<string> {
  const esbuild = await import("esbuild");
  const source = (path: string): string => fileURLToPath(ownFile(path));
  const { outputFiles } = await esbuild.build({
    entryPoints: { host: source("tasks/host.ts"), worker: source("tasks/worker.ts") },
    alias: { "@sluice/core": source("../../core/src/index.ts") },
    outdir: buildFolder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "silent",
  });
  const hash = createHash("sha256");
  for (const { contents } of outputFiles) hash.update(contents);
  const suffix = hash.digest("hex").slice(0, 16);
  mkdirSync(buildFolder, { recursive: true });
  for (const { path, contents } of outputFiles) {
    const name = /worker\.mjs$/.test(path) ? "worker" : "host";
    const aside = join(buildFolder, `${name}-${suffix}.${process.pid}.tmp`);
    writeFileSync(aside, contents);
    renameSync(aside, join(buildFolder, `${name}-${suffix}.mjs`));
  }
  return join(buildFolder, `host-${suffix}.mjs`);
}
