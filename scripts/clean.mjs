// Removes what builds and runs leave behind; the next command sets everything up again.
import { readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
for (const group of ["packages", "adapters"]) {
  for (const name of readdirSync(`${root}${group}`))
    rmSync(`${root}${group}/${name}/dist`, { recursive: true, force: true });
}
for (const name of ["bundle", ".cache"]) rmSync(`${root}packages/sluice/${name}`, { recursive: true, force: true });
rmSync(`${root}node_modules/.cache`, { recursive: true, force: true });
