// place: packages/runtime/src/canary.ts
// expects: lint/style/noDefaultExport
export default 1;
