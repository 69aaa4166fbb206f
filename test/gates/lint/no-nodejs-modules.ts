// place: packages/core/src/canary.ts
// expects: lint/correctness/noNodejsModules
import { readFileSync } from "node:fs";

export const text: string = readFileSync("x", "utf8");
