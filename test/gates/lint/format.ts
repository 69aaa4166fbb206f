// place: packages/runtime/src/canary.ts
// expects: format
export const   one=1
