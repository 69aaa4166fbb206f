import { spawnSync } from "node:child_process";
import { runKept } from "./kept-command.ts";
import { COMMAND } from "./sluice.ts";

/** What a line of the shell prints, on both of its outputs; `sluice` is the command as it is built. */
export function inShell(folder: string, line: string): string {
  const environment = { ...process.env, NO_COLOR: "1", CI: "", LC_ALL: "C" };
  const [name, ...words] = plainWords(line) ?? [];
  const kept = name === "sluice" ? runKept({ folder, words, environment, together: true }) : undefined;
  if (kept !== undefined) return kept.out;
  const define = `sluice() { "${process.execPath}" "${COMMAND}" "$@"; }`;
  const { stdout } = spawnSync("/bin/sh", ["-c", `${define}\n{ ${line}\n} 2>&1`], {
    cwd: folder,
    encoding: "utf8",
    env: environment,
  });
  return stdout;
}

/** The words of one command without pipes, globs, variables or escapes; undefined for what needs a shell. */
function plainWords(line: string): readonly string[] | undefined {
  const pattern = /(?:[\w@%+=:,./!-]|'[^'\n]*'|"[^"$`\\\n]*")+/g;
  if (line.replaceAll(pattern, "").trim() !== "" || line.includes("\n")) return undefined;
  return (line.match(pattern) ?? []).map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, "$1$2"));
}
