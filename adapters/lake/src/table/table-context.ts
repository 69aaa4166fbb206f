import type { CatalogRows } from "../catalog/catalog-rows.ts";
import type { LakeFiles } from "./lake-files.ts";
import type { ManifestCache } from "./manifest-cache.ts";

/** What tables of one catalog work with. */
export interface TableContext {
  readonly rows: CatalogRows;
  readonly files: LakeFiles;
  readonly cache: ManifestCache;
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly random: () => number;
}

/** A number that a property holds, or the default where it holds none. */
export function numberProperty(properties: Readonly<Record<string, string>>, name: string, fallback: number): number {
  const text = properties[name];
  const value = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : fallback;
}
