import { canonicalJson } from "@sluice/core";

export interface Difference {
  /** Where in the definition, steps by their name: `steps.crash.query.condition`. */
  readonly path: string;
  readonly left: string;
  readonly right: string;
}

/**
 * The first place at which two definitions differ, or undefined where they are equal.
 *
 * @example
 * firstDifference({ name: "a" }, { name: "b" }); // { path: "name", left: '"a"', right: '"b"' }
 */
export function firstDifference(left: unknown, right: unknown, path = ""): Difference | undefined {
  if (canonicalJson(left ?? null) === canonicalJson(right ?? null)) return undefined;
  if (isObject(left) && isObject(right)) {
    const isList = Array.isArray(left) && Array.isArray(right);
    const [a, b] = isList && isNamed(left) && isNamed(right) ? [byName(left), byName(right)] : [left, right];
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const found = firstDifference(member(a, key), member(b, key), path === "" ? key : `${path}.${key}`);
      if (found !== undefined) return found;
    }
  }
  return { path, left: shown(left), right: shown(right) };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isNamed(list: readonly unknown[]): boolean {
  return list.every((item) => isObject(item) && typeof (item as { readonly name?: unknown }).name === "string");
}

function byName(list: readonly unknown[]): object {
  return Object.fromEntries(list.map((item) => [(item as { readonly name: string }).name, item]));
}

const member = (value: object, key: string): unknown => (value as Readonly<Record<string, unknown>>)[key];

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = canonicalJson(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
