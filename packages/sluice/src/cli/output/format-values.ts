/** A count with its thousands set apart; nothing is known inside a stage. */
export function formatCount(count: number | null | undefined): string {
  return count === null || count === undefined ? "-" : String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * A duration for people.
 *
 * @example
 * formatDuration(83_500); // "1m 24s"
 */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}h ${minutes}m` : `${minutes}m ${whole % 60}s`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
