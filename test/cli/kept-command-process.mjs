// The command as it is built, in a process that answers one call after the other: see kept-command.ts.
import { once } from "node:events";

const { main } = await import("../../packages/sluice/dist/cli/main.js");
const { helpOf, wantsVersion } = await import("../../packages/sluice/dist/cli/help.js");

const console = globalThis.console;

process.on("disconnect", () => process.exit());
process.on("message", (call) => {
  // As long as a command runs, nothing else may keep the process: a file that never finishes loading ends it.
  process.channel?.unref();
  void answer(call).finally(() => process.channel?.ref());
});
process.send?.("ready");

const writeError = process.stderr.write;

async function answer({ folder, words, environment, together, end }) {
  if (wantsVersion(words) || helpOf(words) !== undefined) return void process.send?.("of its own");
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  process.stderr.write = together ? process.stdout.write.bind(process.stdout) : writeError;
  process.chdir(folder);
  const code = await main(words);
  process.chdir("/");
  globalThis.console = console;
  process.stderr.write = writeError;
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners("error");
    if (!stream.write(end)) await once(stream, "drain");
  }
  process.send?.({ status: code });
}
