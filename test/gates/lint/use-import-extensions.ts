// place: packages/runtime/src/canary.ts
// expects: lint/correctness/useImportExtensions
export { other } from "./other";
