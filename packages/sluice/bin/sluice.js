#!/usr/bin/env node
import { readFileSync, statSync } from "node:fs";

/** Whether the bundle is of this very build: `tsc -b` alone leaves it as it was. A tarball has one program, and none aside. */
function isBundled() {
  const own = (path) => new URL(`../${path}`, import.meta.url);
  try {
    const builtFrom = JSON.parse(readFileSync(own("bundle/built-from.json"), "utf8"));
    return Object.entries(builtFrom).every(([build, time]) => statSync(own(build)).mtimeMs === time);
  } catch {
    return false;
  }
}

await import(isBundled() ? "../bundle/cli.js" : "../dist/cli.js");
