/** A value with every text in it changed: the one place where secrets are taken out of what leaves a run. */
export function redacted<T>(value: T, redact: ((text: string) => string) | undefined): T {
  return redact === undefined ? value : (change(value, redact) as T);
}

function change(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((item) => change(item, redact));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, change(member, redact)]));
}
