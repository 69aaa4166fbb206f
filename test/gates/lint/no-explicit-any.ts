// place: packages/runtime/src/canary.ts
// expects: lint/suspicious/noExplicitAny
export const identity = (value: any): unknown => value;
