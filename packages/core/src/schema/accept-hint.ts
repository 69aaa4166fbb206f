/**
 * What to do where a source is not what was frozen: `sync` alone shows the change and leaves the frozen schema as it was.
 *
 * @example
 * acceptHint("orders"); // 'run "sluice sync orders --accept" to freeze what is there now'
 */
export function acceptHint(dataset: string): string {
  return `run "sluice sync ${dataset} --accept" to freeze what is there now`;
}
