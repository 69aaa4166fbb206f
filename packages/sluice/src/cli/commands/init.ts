import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { SluiceError } from "@sluice/core";
import { ownFile } from "../../own-files.ts";
import { makeFolder } from "../../project/own-folder.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";

const TEMPLATE = fileURLToPath(ownFile("../template"));
/** A packed package may not hold these under their own name. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: ".gitignore", "package.template.json": "package.json" };

/** Writes a project that runs as it is: `sluice run` reads its data and writes a result. Nothing is overwritten. */
export async function init(context: CommandContext): Promise<ExitCode> {
  const { terminal, parsed, folder } = context;
  const target = resolve(folder, parsed.words[0] ?? parsed.value("project") ?? ".");
  const files = templateFiles(TEMPLATE).map((source) => {
    const path = relative(TEMPLATE, source);
    const name = basename(path);
    return { source, path: join(dirname(path), RENAMED[name] ?? name) };
  });
  refuseToOverwrite(
    target,
    files.map(({ path }) => path),
  );
  const project = projectName(target);
  for (const { source, path } of files) {
    const text = readFileSync(source, "utf8").replaceAll("__PROJECT__", project).replaceAll("__VERSION__", version());
    makeFolder(dirname(join(target, path)));
    // wx: another process may have made the file since.
    writeFileSync(join(target, path), text, { flag: "wx" });
  }
  const place = relative(folder, target);
  const paths = files.map(({ path }) => path).toSorted();
  if (terminal.json) {
    terminal.print(JSON.stringify({ project, folder: target, files: paths }));
    return 0;
  }
  for (const path of paths) terminal.print(`  ${terminal.paint("green", "+")} ${join(place, path)}`);
  terminal.print(["", "next:", ...nextCommands(place).map((command) => `  ${command}`)].join("\n"));
  return 0;
}

function nextCommands(place: string): readonly [string, string] {
  if (place === "") return ["npx sluice run", "npx sluice plan"];
  return [`cd ${/[^\w./-]/.test(place) ? `"${place}"` : place}`, "npx sluice run"];
}

function templateFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    // What a command left behind in the template itself is no part of it.
    if (entry.name.startsWith(".")) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? templateFiles(path) : [path];
  });
}

function refuseToOverwrite(target: string, paths: readonly string[]): void {
  const found = firstThere(target);
  if (!statSync(found).isDirectory()) {
    throw new SluiceError("config", `${found} is a file`, { hint: "name a folder that is empty or not there yet" });
  }
  const [taken] = paths.filter((path) => existsSync(join(target, path)));
  if (taken === undefined) return;
  throw new SluiceError("config", `${join(target, taken)} is there already`, {
    offending: taken,
    hint: "nothing was written; name a folder that is empty or not there yet",
  });
}

/** The path, or the first above it that there is. */
function firstThere(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : firstThere(dirname(path));
}

function projectName(target: string): string {
  const name = basename(target)
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "")
    .slice(0, 60);
  return name === "" ? "my-project" : name;
}

function version(): string {
  const manifest = readFileSync(ownFile("../package.json"), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
