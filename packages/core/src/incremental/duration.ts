const UNITS: Readonly<Record<string, number>> = { day: 86_400, hour: 3_600, minute: 60, second: 1, week: 604_800 };

/**
 * A lag as it stands in a definition: an ISO 8601 duration in its shortest form, or a number as text. Undefined where it is
 * neither; months and years are none, since they have no one length.
 *
 * @example
 * canonicalLag("2 days"); // "P2D"
 * canonicalLag("PT120M"); // "PT2H"
 * canonicalLag(100); // "100"
 */
export function canonicalLag(lag: unknown): string | undefined {
  if (typeof lag === "number") return Number.isFinite(lag) && lag > 0 ? String(lag) : undefined;
  if (typeof lag !== "string") return undefined;
  if (/^\d{1,15}(\.\d{1,9})?$/.test(lag)) return /[1-9]/.test(lag) ? lag : undefined;
  const seconds = lagSeconds(lag) ?? secondsInWords(lag);
  if (seconds === undefined || seconds === 0) return undefined;
  if (seconds % 86_400 === 0) return `P${seconds / 86_400}D`;
  if (seconds % 3_600 === 0) return `PT${seconds / 3_600}H`;
  return seconds % 60 === 0 ? `PT${seconds / 60}M` : `PT${seconds}S`;
}

/** The length of an ISO 8601 duration of weeks, days, hours, minutes and seconds; undefined for any other text. */
export function lagSeconds(text: string): number | undefined {
  const found = /^P(?=.)(?:(\d{1,6})W)?(?:(\d{1,7})D)?(?:T(?=.)(?:(\d{1,8})H)?(?:(\d{1,9})M)?(?:(\d{1,10})S)?)?$/.exec(
    text,
  );
  if (found === null) return undefined;
  const [, weeks, days, hours, minutes, seconds] = found.map((part) => Number(part ?? 0));
  return (weeks ?? 0) * 604_800 + (days ?? 0) * 86_400 + (hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0);
}

function secondsInWords(text: string): number | undefined {
  const found = /^(\d{1,9}) (week|day|hour|minute|second)s?$/.exec(text.trim());
  return found === null ? undefined : Number(found[1]) * (UNITS[found[2] ?? ""] ?? 0);
}
