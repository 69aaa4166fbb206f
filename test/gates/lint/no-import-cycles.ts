// place: packages/runtime/src/other.ts
// expects: lint/suspicious/noImportCycles
import { one } from "./canary.ts";

export const other = (): number => one + 1;
