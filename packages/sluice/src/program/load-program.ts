import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { codeFolders, readCode, writeCode } from "./kept-code.ts";

/** What a program is called with: it is CommonJS in the parentheses of one function. */
type ProgramFunction = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  /** The address that the program takes for its own. */
  url: string,
  /** Imports files of the author's: a script that was not compiled here cannot. */
  importOutside: (address: string) => Promise<unknown>,
  /** Told the name of each module that is evaluated; gives it back. */
  evaluated: (name: string) => string,
) => void;

export interface LoadedProgram<Exports extends object> {
  readonly exports: Exports;
  /** Whether what was compiled for an earlier process was taken. */
  readonly tookKept: boolean;
  /** Keeps what V8 compiled, where this process evaluated modules that no process did before whose code is kept. */
  keep(): void;
}

/** After so long V8 has thrown away what it compiled for the start. */
const LONG_S = 30;

/**
 * Evaluates a program of one file with the code that V8 compiled for an earlier process: without it, 30 % of the processor
 * time of a small run goes into 4 MB of text (2026-11). What Node keeps by itself from 22.1 on is not there in Node 20, and
 * holds of each module only what the first command called.
 *
 * @param file the program, whose name has the hash of its text
 * @param url the address that the program takes for its own
 */
export function loadProgram<Exports extends object>(
  file: URL,
  {
    url,
    folders = codeFolders(fileURLToPath(file)),
    uptime = process.uptime,
  }: {
    readonly url: string;
    readonly folders?: readonly string[] | undefined;
    /** Seconds since this process began. */
    readonly uptime?: () => number;
  },
): LoadedProgram<Exports> {
  const path = fileURLToPath(file);
  const kept = readCode(path, folders);
  const script = new Script(readFileSync(path, "utf8"), { filename: file.href, cachedData: kept?.code });
  const tookKept = kept !== undefined && script.cachedDataRejected === false;
  const evaluated: string[] = [];
  const module = { exports: {} };
  (script.runInThisContext() as ProgramFunction)(
    module.exports,
    createRequire(url),
    module,
    url,
    (address) => import(address),
    (name) => {
      evaluated.push(name);
      return name;
    },
  );
  return {
    exports: module.exports as Exports,
    tookKept,
    keep: () => {
      if (folders.length === 0 || uptime() > LONG_S) return;
      const known = new Set(tookKept ? kept.modules() : []);
      if (evaluated.every((name) => known.has(name))) return;
      // What was taken goes on with what was compiled now.
      const modules = [...new Set([...known, ...evaluated])];
      writeCode(path, folders, { modules, code: script.createCachedData() });
    },
  };
}
