// place: packages/runtime/src/canary.ts
// expects: lint/nursery/noFloatingPromises
async function work(): Promise<void> {}

export function start(): void {
  work();
}
