// place: packages/runtime/src/canary.ts
// expects: lint/correctness/noUnusedImports
import { other } from "./other.ts";

export const one = 1;
