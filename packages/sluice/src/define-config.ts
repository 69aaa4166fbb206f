import type { Addressed } from "./dataset-options.ts";
import type { Secret } from "./secret.ts";

type ConnectionValue =
  | string
  | number
  | boolean
  | Secret
  | readonly ConnectionValue[]
  | { readonly [key: string]: ConnectionValue };

/** A system that addresses name: `type` says which adapter opens it, the rest is that adapter's. */
export interface ConnectionConfig {
  readonly type: string;
  readonly [option: string]: ConnectionValue;
}

/** What `sluice.config.ts` says of a project. */
export interface ProjectConfig {
  /** The project's id: part of every commit, so it stays as it is. */
  readonly project: string;
  /** Sources with a name and a frozen schema. */
  readonly datasets?: Readonly<Record<string, Addressed>>;
  readonly connections?: Readonly<Record<string, ConnectionConfig>>;
  /** Where the project's own tables lie: a folder, `lake` where absent, and the connection to PostgreSQL that holds their catalog. */
  readonly lake?: { readonly path?: string; readonly catalog?: string };
  /** What the engine may use: `"2GB"`, or bytes. Half of the machine's where absent. */
  readonly memory?: string | number;
  /** How many stages run at once; 2 where absent. */
  readonly parallel?: number;
  /** How long a run that gives no sign of life keeps other runs of its pipeline waiting, in milliseconds; 30,000 where absent. */
  readonly leaseMs?: number;
  /** Folders relative to this file. */
  readonly paths?: {
    readonly pipelines?: string;
    readonly schemas?: string;
    readonly state?: string;
    readonly secrets?: string;
  };
}

/**
 * The configuration of a project: the default export of `sluice.config.ts`. Paths are relative to its folder.
 *
 * @example
 * export default defineConfig({
 *   project: "chicago",
 *   datasets: { crashes: csv("data/traffic_crashes.csv") },
 *   connections: { chicago: { type: "sqlite", path: "chicago.db" } },
 * });
 */
export function defineConfig(config: ProjectConfig): ProjectConfig {
  return config;
}
