// The main job: the Chicago pipeline on its real files, in examples/chicago.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const result = spawnSync(process.execPath, [`${root}packages/sluice/bin/sluice.js`, "run", "chicago"], {
  cwd: `${root}examples/chicago`,
  stdio: "inherit",
});
process.exit(result.status ?? 1);
