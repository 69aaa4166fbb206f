// place: packages/runtime/src/canary.ts
// expects: lint/style/noRestrictedImports
export { SluiceError } from "@sluice/core/src/errors.ts";
