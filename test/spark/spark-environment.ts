import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder, makePython, withLock } from "../interop/python-environment.ts";

/** The one set of versions that the lake is held to: Iceberg's runtime is made for a minor version of Spark and a Scala. */
const KNOWN = { spark: "4.1.4", iceberg: "1.12.0", scala: /^2\.13\./, java: /^(?:17|21)\b/ } as const;

const CENTRAL = "https://repo1.maven.org/maven2";
const JARS: readonly (readonly [path: string, sha256: string])[] = [
  [
    "org/apache/iceberg/iceberg-spark-runtime-4.1_2.13/1.12.0/iceberg-spark-runtime-4.1_2.13-1.12.0.jar",
    "3123c3798af642dd537230923548e013ef41cc28b6626e5225808cf5670a0f82",
  ],
  [
    "org/xerial/sqlite-jdbc/3.46.1.3/sqlite-jdbc-3.46.1.3.jar",
    "4a4832720a65eaf7f4d6fd7ede52087b994dc5633c076f9e994dc0c8b4b0b4fa",
  ],
  [
    "org/postgresql/postgresql/42.7.4/postgresql-42.7.4.jar",
    "188976721ead8e8627eb6d8389d500dccc0c9bebd885268a3047180274a6031e",
  ],
];

/** Python with Spark, and the jars that it loads, or why there is none. */
export type SparkEnvironment = { readonly python: string; readonly jars: string } | { readonly absent: string };

/**
 * Spark with Iceberg, fetched once into the user's cache and held to its checksums. Where that cannot be it is said; with
 * SLUICE_TEST_REQUIRE it is an error.
 */
export async function sparkEnvironment(): Promise<SparkEnvironment> {
  const environment = await findOrMake();
  if ("absent" in environment) {
    if (process.env.SLUICE_TEST_REQUIRE === "1") throw new Error(`Spark is required: ${environment.absent}`);
    console.warn(`\nSKIPPED: the lake is not compared with Spark: ${environment.absent}\n`);
  }
  return environment;
}

async function findOrMake(): Promise<SparkEnvironment> {
  const java = javaVersion();
  if (java === undefined) return { absent: "there is no Java, by JAVA_HOME or on the path" };
  if (!KNOWN.java.test(java)) return { absent: `Java is ${java}, and Spark ${KNOWN.spark} runs on 17 and 21` };
  const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));
  const made = await makePython({ name: "spark", requirements, options: ["--require-hashes"] });
  if ("absent" in made) return made;
  const jars = await fetchJars();
  return typeof jars === "string" ? { python: made.python, jars } : jars;
}

/** Spark takes the Java of JAVA_HOME before the one on the path. */
function javaVersion(): string | undefined {
  const home = process.env.JAVA_HOME;
  const program = home === undefined ? "java" : join(home, "bin/java");
  const { status, stderr } = spawnSync(program, ["-version"], { encoding: "utf8" });
  return status === 0 ? (/version "([^"]+)"/.exec(stderr)?.[1] ?? "of an unknown version") : undefined;
}

async function fetchJars(): Promise<string | { readonly absent: string }> {
  const folder = join(cacheFolder(), "jars");
  mkdirSync(folder, { recursive: true });
  return withLock(join(cacheFolder(), "jars.lock"), async () => {
    const found: string[] = [];
    for (const [path, sha256] of JARS) {
      // The name says which bytes it holds, since only what was checked comes to it.
      const jar = join(folder, `${sha256.slice(0, 12)}-${basename(path)}`);
      if (!existsSync(jar)) {
        const problem = await fetchJar(path, sha256, jar);
        if (problem !== undefined) return { absent: problem };
      }
      found.push(jar);
    }
    return found.join(delimiter);
  });
}

async function fetchJar(path: string, sha256: string, jar: string): Promise<string | undefined> {
  const url = `${process.env.SLUICE_TEST_MAVEN ?? CENTRAL}/${path}`;
  let bytes: Uint8Array;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(300_000) });
    if (!response.ok) return `${url} answers ${response.status}`;
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const { cause = error } = error as Error;
    return `${url} could not be fetched: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
  const found = createHash("sha256").update(bytes).digest("hex");
  // Other bytes than those that were looked at are no reason to skip.
  if (found !== sha256) throw new Error(`${url} has the checksum ${found}, and ${sha256} was expected`);
  const part = `${jar}.part`;
  rmSync(part, { force: true });
  writeFileSync(part, bytes);
  renameSync(part, jar);
  return undefined;
}

export interface SparkVersions {
  readonly spark: string;
  readonly iceberg: string;
  readonly scala: string;
  readonly java: string;
  readonly python: string;
}

/**
 * Says which versions run together.
 *
 * @throws Error where they are not those that the lake is held to
 */
export function assertKnownVersions(found: SparkVersions): void {
  const shown = `Spark ${found.spark}, Iceberg ${found.iceberg}, Scala ${found.scala}, Java ${found.java}, Python ${found.python}`;
  console.log(shown);
  const isKnown =
    found.spark === KNOWN.spark &&
    found.iceberg === KNOWN.iceberg &&
    KNOWN.scala.test(found.scala) &&
    KNOWN.java.test(found.java);
  if (isKnown) return;
  throw new Error(
    `${shown} is no set of versions that is known to work; Spark ${KNOWN.spark} with Iceberg ${KNOWN.iceberg} is`,
  );
}
