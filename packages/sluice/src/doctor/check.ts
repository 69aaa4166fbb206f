/** What one look of the doctor found. */
export interface Finding {
  /** What was looked at: `node`, `engine`, `dataset orders`. */
  readonly name: string;
  /** `fail`: something that should work does not. `warn`: it works, and deserves a look. */
  readonly status: "ok" | "warn" | "fail";
  readonly message: string;
  /** What to do; absent where there is nothing to do. */
  readonly hint?: string;
}

export function ok(name: string, message: string): Finding {
  return { name, status: "ok", message };
}

export function warn(name: string, message: string, hint: string): Finding {
  return { name, status: "warn", message, hint };
}

export function fail(name: string, message: string, hint: string): Finding {
  return { name, status: "fail", message, hint };
}

const UNITS = ["B", "KB", "MB", "GB", "TB"];

/** Bytes for people: `1.5 GB`. */
export function sizeText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}
