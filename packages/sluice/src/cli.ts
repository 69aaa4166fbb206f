/**
 * The entry of the command line. What can be answered without loading anything is answered here: `--version` and
 * `--help` cost no more than starting Node.
 */
import { readFileSync } from "node:fs";
import { helpOf, wantsVersion } from "./cli/help.ts";

const words = process.argv.slice(2);
const helpText = helpOf(words);

if (wantsVersion(words)) {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  process.stdout.write(words.includes("--json") ? `{"version":"${manifest.version}"}\n` : `${manifest.version}\n`);
} else if (helpText !== undefined) {
  process.stdout.write(helpText);
} else {
  const { main } = await import("./cli/main.ts");
  const code = await main(words);
  // What an author's file left running, a timer or a pool of connections, ends with the command.
  for (const stream of [process.stdout, process.stderr]) await new Promise((done) => stream.write("", done));
  process.exit(code);
}
