import { pathToFileURL } from "node:url";
import type { SluiceError } from "@sluice/core";
import { errorOfEvaluation } from "./author-error.ts";
import { type Bundle, bundleModules, RUNNING_COPY } from "./bundle.ts";

export type Imported =
  | { readonly entry: string; readonly exports: Readonly<Record<string, unknown>> }
  | { readonly entry: string; readonly errors: readonly SluiceError[] };

/** Bundles and evaluates modules of the author's; what is wrong with one does not hide the others. */
export async function importModules(request: {
  readonly root: string;
  readonly buildFolder: string;
  readonly entries: readonly string[];
}): Promise<readonly Imported[]> {
  if (request.entries.length === 0) return [];
  // Call sites in definitions are places in the author's files only with source maps, and only from here on.
  process.setSourceMapsEnabled(true);
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, 30);
  const imported: Imported[] = [];
  for (const bundle of await bundleModules(request)) imported.push(await importBundle(bundle, request.root));
  return imported;
}

async function importBundle(bundle: Bundle, root: string): Promise<Imported> {
  const { entry } = bundle;
  if ("errors" in bundle) return bundle;
  try {
    const exports = (await import(pathToFileURL(bundle.file).href)) as Readonly<Record<string, unknown>>;
    return { entry, exports };
  } catch (thrown) {
    const publicNames = Object.keys(await import(RUNNING_COPY));
    return { entry, errors: [errorOfEvaluation(thrown, { root, entry, inputs: bundle.inputs, publicNames })] };
  }
}
