// Everything a command of this repository needs: dependencies as the lock file says, and a build. Quick and quiet when
// nothing changed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = `${root}node_modules/.cache/setup`;
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`sluice needs Node 20.19 or later; this is ${process.versions.node}`);
  process.exit(1);
}

const lock = createHash("sha256")
  .update(readFileSync(`${root}package-lock.json`))
  .update(process.versions.modules)
  .digest("hex");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
  console.error("installing dependencies …");
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  mkdirSync(`${root}node_modules/.cache`, { recursive: true });
  writeFileSync(stamp, lock);
}
run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-b"]);
run(process.execPath, [`${root}scripts/bundle.mjs`]);

function run(command, args) {
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32" && command === "npm",
  });
  if (result.status === 0) return;
  process.stderr.write(result.stdout ?? "");
  process.stderr.write(result.stderr ?? "");
  console.error(
    `${command} ${args.slice(0, 2).join(" ")} failed${result.error === undefined ? "" : `: ${result.error.message}`}`,
  );
  process.exit(1);
}
