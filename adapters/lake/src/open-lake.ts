import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "@sluice/core";
import type { LakePlace } from "./config.ts";
import type { Catalog } from "./format/table.ts";

/** A lake that is opened when it is first asked for, so that asking leaves no trace where there is none. */
export interface OpenLake extends AsyncDisposable {
  readonly shown: string;
  /** Undefined where nothing was ever written here. */
  existing(): Promise<Catalog | undefined>;
  /** Makes it where there is none. */
  opened(): Promise<Catalog>;
}

export interface LakeOptions extends LakePlace {
  readonly openCatalog: (place: { readonly folder: string; readonly catalog?: Json }) => Promise<Catalog>;
}

/** @throws SluiceError where its catalog cannot be reached */
export function openLake({ folder, shown, catalog, openCatalog }: LakeOptions): OpenLake {
  let open: Promise<Catalog> | undefined;
  const opened = (): Promise<Catalog> => {
    open ??= openCatalog({ folder, ...(catalog === undefined ? {} : { catalog }) });
    return open;
  };
  return {
    shown,
    opened,
    existing: async () => {
      if (open === undefined && catalog === undefined && !existsSync(join(folder, CATALOG_FILE))) return undefined;
      return opened();
    },
    [Symbol.asyncDispose]: async () => {
      const found = await open?.catch(() => undefined);
      await found?.[Symbol.asyncDispose]();
    },
  };
}

export const CATALOG_FILE = "catalog.db";
