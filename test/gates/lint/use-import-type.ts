// place: packages/runtime/src/canary.ts
// expects: lint/style/useImportType
import { Other } from "./other.ts";

export const take = (value: Other): Other => value;
