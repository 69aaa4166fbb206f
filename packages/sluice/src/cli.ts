/**
 * The entry of the command line. What can be answered without loading anything is answered here: `--version` and
 * `--help` cost no more than starting Node.
 */
import { readFileSync } from "node:fs";
import { helpOf } from "./cli/help.ts";

const words = process.argv.slice(2);
const helpText = helpOf(words);

if (words[0] === "--version" || words[0] === "-v") {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  process.stdout.write(words.includes("--json") ? `{"version":"${manifest.version}"}\n` : `${manifest.version}\n`);
} else if (helpText !== undefined) {
  process.stdout.write(helpText);
} else {
  const { main } = await import("./cli/main.ts");
  process.exitCode = await main(words);
}
