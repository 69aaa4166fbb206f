// The function catalogue as its sources are now, whatever is built.
import { join } from "node:path";
import { build } from "esbuild";

/** `{ catalogue, parseSignature }` and each of the groups, under the name of its file in camel case. */
export async function loadCatalogue(root, groups) {
  const bundle = await build({
    stdin: {
      contents: ["index", ...groups].map((group) => `export * from "./${fileOf(group)}.ts";`).join("\n"),
      resolveDir: join(root, "packages/core/src/catalogue"),
      loader: "ts",
    },
    bundle: true,
    write: false,
    format: "esm",
  });
  const source = Buffer.from(bundle.outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${source}`);
}

function fileOf(group) {
  return group.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
