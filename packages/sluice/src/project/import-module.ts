import { pathToFileURL } from "node:url";
import type { SluiceError } from "@sluice/core";
import { RUNNING_COPY } from "../own-files.ts";
import { errorOfEvaluation } from "./author-error.ts";
import { type Bundle, bundleModules } from "./bundle.ts";
import { importFile } from "./import-file.ts";
import { guardLoading } from "./loading-guard.ts";

export type Imported =
  | { readonly entry: string; readonly exports: Readonly<Record<string, unknown>> }
  | { readonly entry: string; readonly errors: readonly SluiceError[] };

/** Bundles and evaluates modules of the author's; what is wrong with one does not hide the others. */
export async function importModules(request: {
  readonly root: string;
  readonly buildFolder: string;
  readonly entries: readonly string[];
  /** Whether the process is the command's own: what the files do to it is then their failure. */
  readonly guarded?: boolean;
}): Promise<readonly Imported[]> {
  if (request.entries.length === 0) return [];
  // Call sites in definitions are places in the author's files only with source maps, and only from here on.
  process.setSourceMapsEnabled(true);
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, 30);
  const imported: Imported[] = [];
  for (const bundle of await bundleModules(request)) {
    imported.push(await importBundle(bundle, request));
  }
  return imported;
}

async function importBundle(
  bundle: Bundle,
  { root, guarded = false }: { readonly root: string; readonly guarded?: boolean },
): Promise<Imported> {
  const { entry } = bundle;
  if ("errors" in bundle) return bundle;
  try {
    const load = async (): Promise<Readonly<Record<string, unknown>>> =>
      await importFile(pathToFileURL(bundle.file).href);
    const exports = await (guarded ? guardLoading({ entry, root, load }) : load());
    return { entry, exports };
  } catch (thrown) {
    const publicNames = Object.keys(await importFile(RUNNING_COPY));
    return { entry, errors: [errorOfEvaluation(thrown, { root, entry, inputs: bundle.inputs, publicNames })] };
  }
}
