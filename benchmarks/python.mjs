// Python with pandas and polars: SLUICE_BENCH_PYTHON, else an environment of its own made from the package registry.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const PACKAGES = ["pandas==3.1.1", "polars==2.1.0", "pyarrow==26.0.1"];

/** `{ command, versions }`, or `{ skipped: why }`. */
export function findPython(root) {
  const given = process.env.SLUICE_BENCH_PYTHON;
  if (given !== undefined) return versionsOf(given);
  const folder = join(root, "node_modules/.cache/bench-python");
  const command = join(folder, "bin/python");
  if (!existsSync(command)) {
    const made = spawnSync("python3", ["-m", "venv", folder], { encoding: "utf8" });
    if (made.status !== 0)
      return {
        skipped: "python3 with venv is not installed; set SLUICE_BENCH_PYTHON to a Python with pandas and polars",
        versions: {},
      };
  }
  const found = versionsOf(command);
  if (found.skipped === undefined) return found;
  const installed = spawnSync(command, ["-m", "pip", "install", "--quiet", ...PACKAGES], { encoding: "utf8" });
  if (installed.status !== 0) return { skipped: `pip could not install ${PACKAGES.join(", ")}`, versions: {} };
  return versionsOf(command);
}

function versionsOf(command) {
  const script =
    "import json, pandas, polars; print(json.dumps({'pandas': pandas.__version__, 'polars': polars.__version__}))";
  const asked = spawnSync(command, ["-c", script], { encoding: "utf8" });
  if (asked.status !== 0) return { skipped: `${command} has no pandas and polars`, versions: {} };
  return { command, versions: JSON.parse(asked.stdout) };
}
