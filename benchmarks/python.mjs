// Pythons with what sluice is compared with: SLUICE_BENCH_PYTHON, else environments of their own made from the package registry.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const FRAMES = {
  folder: "bench-python",
  packages: ["pandas==3.1.1", "polars==2.1.0", "pyarrow==26.0.1"],
  modules: ["pandas", "polars"],
};

/** Loads into PostgreSQL: pandas with COPY and with to_sql, and dlt. */
const DATABASES = {
  folder: "bench-python-postgres",
  packages: [
    "pandas==3.1.1",
    "pyarrow==26.0.1",
    "psycopg2-binary==2.9.13",
    "SQLAlchemy==2.1.9",
    "dlt[postgres]==1.31.0",
  ],
  modules: ["pandas", "pyarrow", "psycopg2", "sqlalchemy", "dlt"],
};

/** With pandas and polars: `{ command, versions }`, or `{ skipped: why, versions: {} }`. */
export function findPython(root) {
  const found = findEnvironment(root, FRAMES);
  if (found.skipped !== undefined) return found;
  const missing = FRAMES.modules.filter((name) => found.versions[name] === undefined);
  if (missing.length === 0) return found;
  return { skipped: `${found.command} has no ${missing.join(" and no ")}`, versions: {} };
}

/** A Python with what it has of pandas, psycopg2, SQLAlchemy and dlt; `missing(modules)` says what it has not. */
export function findDatabasePython(root) {
  const { command, versions, skipped } = findEnvironment(root, DATABASES);
  const missing = (modules) => {
    if (skipped !== undefined) return skipped;
    const absent = modules.filter((name) => versions[name] === undefined);
    return absent.length === 0 ? undefined : `${command} has no ${absent.join(" and no ")}`;
  };
  return { command, versions, missing };
}

function findEnvironment(root, { folder: name, packages, modules }) {
  const given = process.env.SLUICE_BENCH_PYTHON;
  if (given !== undefined) return versionsOf(given, modules);
  const folder = join(root, "node_modules/.cache", name);
  const command = join(folder, "bin/python");
  if (!existsSync(command)) {
    const made = spawnSync("python3", ["-m", "venv", folder], { encoding: "utf8" });
    if (made.status !== 0) {
      const skipped = `python3 with venv is not installed; set SLUICE_BENCH_PYTHON to a Python with ${modules.join(", ")}`;
      return { skipped, versions: {} };
    }
  }
  const found = versionsOf(command, modules);
  if (modules.every((module) => found.versions[module] !== undefined)) return found;
  const installed = spawnSync(command, ["-m", "pip", "install", "--quiet", ...packages], { encoding: "utf8" });
  if (installed.status !== 0) return { skipped: `pip could not install ${packages.join(", ")}`, versions: {} };
  return versionsOf(command, modules);
}

const ASK = `
import importlib, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = importlib.import_module(name).__version__
    except ImportError:
        pass
print(json.dumps(found))
`;

/** The versions of those modules that are there. */
function versionsOf(command, modules) {
  const asked = spawnSync(command, ["-c", ASK, ...modules], { encoding: "utf8" });
  if (asked.status !== 0) return { skipped: `${command} is no Python that starts`, versions: {} };
  return { command, versions: JSON.parse(asked.stdout) };
}
