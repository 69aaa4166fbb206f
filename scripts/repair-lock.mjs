// Adds to package-lock.json the optional platform packages that npm leaves out when a registry does not hold them;
// `npm ci` refuses a lock without them (npm/cli issue 9846). Run it after every change of a dependency with binaries.
// With --check it changes nothing and exits with 1 where something is missing.
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(path, "utf8"));
const missing = [];
for (const [owner, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (Object.keys(lock.packages).some((key) => key.endsWith(`node_modules/${name}`))) continue;
    const platform = /-(android|darwin|freebsd|linux|openharmony|wasm32|win32)(?:-(arm64|arm|x64|ia32))?/.exec(name);
    missing.push([
      `node_modules/${name}`,
      {
        version: version.replace(/^[\^~]/, ""),
        ...(platform?.[2] === undefined ? {} : { cpu: [platform[2]] }),
        ...(entry.dev ? { dev: true } : {}),
        ...(entry.license === undefined ? {} : { license: entry.license }),
        optional: true,
        ...(platform === null ? {} : { os: [platform[1]] }),
        ...(entry.engines === undefined ? {} : { engines: entry.engines }),
      },
      owner,
    ]);
  }
}
if (process.argv.includes("--check")) {
  for (const [key, , owner] of missing) console.error(`package-lock.json lacks ${key}, optional for ${owner}`);
  if (missing.length > 0) console.error("run: node scripts/repair-lock.mjs");
  process.exit(missing.length > 0 ? 1 : 0);
}
for (const [key, entry] of missing) lock.packages[key] = entry;
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${missing.length} entries added`);
