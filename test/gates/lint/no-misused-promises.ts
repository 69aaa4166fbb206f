// place: packages/runtime/src/canary.ts
// expects: lint/nursery/noMisusedPromises
async function ready(): Promise<boolean> {
  return true;
}

export function start(): string {
  if (ready()) return "yes";
  return "no";
}
