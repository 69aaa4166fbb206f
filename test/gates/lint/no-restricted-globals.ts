// place: packages/core/src/canary.ts
// expects: lint/style/noRestrictedGlobals
export const now = (): number => Date.now();
