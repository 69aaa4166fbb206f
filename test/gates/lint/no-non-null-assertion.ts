// place: packages/runtime/src/canary.ts
// expects: lint/style/noNonNullAssertion
export const first = (values: readonly string[]): string => values[0]!;
