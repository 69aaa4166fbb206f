import { createLayoutCheck, type LayoutCandidate, layoutsOf, optionalFraction } from "@sluice/core";

/**
 * What a text looks like; `coded`: digits that are no number, such as `007`; `special`: `nan` and `inf`, which are floats
 * among numbers and words else.
 */
export type ValueKind = "int" | "wide" | "float" | "special" | "bool" | "uuid" | "coded" | "other";

const MAX_INT64 = 9223372036854775807n;
const ZERO = 48;
const POINT = 46;
const SPECIAL = /^[+-]?(?:nan|inf(?:inity)?)$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * What a text looks like, exactly and without trying times. Only `true` and `false` are taken for a bool: `Y` and `N` are
 * text until their author says otherwise.
 *
 * @example
 * kindOf("17"); // "int"
 * kindOf("007"); // "coded"
 * kindOf("-Inf"); // "special"
 */
export function kindOf(text: string): ValueKind {
  const first = text.charCodeAt(0);
  // A digit, a minus, a point.
  if ((first >= 48 && first <= 57) || first === 45 || first === 46) {
    if (isDigits(text, first === 45 ? 1 : 0)) return kindOfDigits(text, first === 45 ? 1 : 0);
    if (isFraction(text, first === 45 ? 1 : 0)) return Number.isFinite(Number(text)) ? "float" : "other";
    if (text.length === 36 && UUID.test(text)) return "uuid";
    return first === 45 && isSpecial(text) ? "special" : "other";
  }
  if (text.length === 36) return UUID.test(text) ? "uuid" : "other";
  if (text.length <= 5 && /^(?:true|false)$/i.test(text)) return "bool";
  return isSpecial(text) ? "special" : "other";
}

function isSpecial(text: string): boolean {
  return text.length <= 9 && SPECIAL.test(text);
}

function isDigits(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return text.length > from;
}

/** `1.5`, `.5`, `5.`, `1e5`; no leading zeros. By hand, since it is the most of a pass over a table of measurements. */
function isFraction(text: string, from: number): boolean {
  let at = from;
  while (isDigitAt(text, at)) at += 1;
  let digits = at - from;
  if (digits > 1 && text.charCodeAt(from) === ZERO) return false;
  if (text.charCodeAt(at) === POINT) {
    const start = at + 1;
    at = start;
    while (isDigitAt(text, at)) at += 1;
    digits += at - start;
  }
  if (digits === 0) return false;
  if (at === text.length) return true;
  return /^[eE][+-]?[0-9]+$/.test(text.slice(at));
}

function isDigitAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function kindOfDigits(text: string, from: number): ValueKind {
  const digits = text.length - from;
  if (digits > 1 && text.charCodeAt(from) === 48) return "coded";
  if (digits < 19) return "int";
  if (digits > 38) return "other";
  const value = BigInt(text);
  return value <= MAX_INT64 && value >= -MAX_INT64 - 1n ? "int" : "wide";
}

/** A layout of times, with the number of values that fit it. */
export interface LayoutTally {
  readonly candidate: LayoutCandidate;
  readonly count: number;
}

interface Tried {
  readonly candidate: LayoutCandidate;
  readonly check: (text: string) => unknown;
  count: number;
}

/**
 * Counts which layouts the values of one column fit. Exact: a layout is added with the first value that fits it; one with
 * `%.f` once there are values with a fraction and values without, and its count is the sum of both.
 */
export class LayoutCounter {
  readonly tallies: LayoutTally[] = [];
  private readonly tried: Tried[] = [];
  private readonly known = new Set<string>();
  /** The first half seen of each layout with `%.f`. */
  private readonly halves = new Map<string, Tried>();
  private readonly accepts: (candidate: LayoutCandidate) => boolean;
  private readonly extra: readonly LayoutCandidate[];

  constructor(accepts: (candidate: LayoutCandidate) => boolean = () => true, extra: readonly LayoutCandidate[] = []) {
    this.accepts = accepts;
    this.extra = extra;
  }

  /** Whether the text fits any layout. */
  add(text: string): boolean {
    let fits = false;
    for (const one of this.tried) {
      if (one.check(text) !== undefined) continue;
      one.count += 1;
      fits = true;
    }
    return fits || this.learn(text);
  }

  private learn(text: string): boolean {
    let fits = false;
    for (const candidate of [...layoutsOf(text), ...this.extra]) {
      if (!this.accepts(candidate) || this.known.has(candidate.layout)) continue;
      const check = createLayoutCheck(candidate.layout);
      if (check(text) !== undefined) continue;
      this.known.add(candidate.layout);
      const one: Tried = { candidate, check, count: 1 };
      this.tried.push(one);
      this.tallies.push(one);
      this.join(one);
      fits = true;
    }
    return fits;
  }

  /** Adds the layout with `%.f` whose other half was seen before. */
  private join(half: Tried): void {
    const layout = optionalFraction(half.candidate.layout);
    if (layout === undefined) return;
    const other = this.halves.get(layout);
    if (other === undefined) {
      this.halves.set(layout, half);
      return;
    }
    this.tallies.push({
      candidate: { type: half.candidate.type, layout },
      get count() {
        return half.count + other.count;
      },
    });
  }
}
