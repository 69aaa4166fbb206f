import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { closest, type Json, SluiceError } from "@sluice/core";
import { Secret } from "../secret.ts";

/** Finds secrets when a connection opens, and takes their texts out of whatever is shown or kept. */
export interface Secrets {
  resolve(value: unknown): Json;
  /** A secret whose text is known already, such as the password in a URL that was typed; it is shown as `[secret]`. */
  remember(name: string, text: string): Secret;
  /** Shows one text in the place of another from now on: a URL without the password that was typed in it. */
  hide(text: string, shown: string): void;
  redact(text: string): string;
  /** Any JSON value with every secret taken out. */
  redactValue<T>(value: T): T;
}

/** Shorter texts would be found by chance in ordinary words and numbers. */
const SHORTEST_REDACTED = 4;

export function createSecrets({
  file,
  environment,
}: {
  readonly file: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): Secrets {
  const known = new Map<string, string>();
  const remembered = new Map<string, string>();
  let entries: Readonly<Record<string, string | undefined>> | undefined;

  const find = (name: string): string => {
    const told = remembered.get(name);
    if (told !== undefined) return told;
    entries ??= entriesOf(file);
    const text = environment[name] ?? entries[name];
    if (text !== undefined) return text;
    const near = closest(name, [...Object.keys(entries), ...Object.keys(environment)]);
    throw new SluiceError("config", `the secret "${name}" is neither in the environment nor in ${file}`, {
      offending: name,
      hint: near === undefined ? `set ${name} in the environment` : `did you mean "${near}"?`,
    });
  };
  const know = (text: string, shown: string): void => {
    for (const form of new Set([text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)])) {
      if (form.length >= SHORTEST_REDACTED) known.set(form, shown);
    }
  };
  const resolve = (value: unknown): Json => {
    if (value instanceof Secret) {
      const text = find(value.name);
      if (!remembered.has(value.name)) know(text, `[secret ${value.name}]`);
      return text;
    }
    if (Array.isArray(value)) return value.map(resolve);
    if (value !== null && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolve(member)]));
    }
    return value as Json;
  };
  const redact = (text: string): string => {
    let clean = text;
    const longestFirst = [...known].sort(([a], [b]) => b.length - a.length);
    for (const [form, shown] of longestFirst) clean = clean.replaceAll(form, shown);
    return clean;
  };
  const redactValue = <T>(value: T): T => {
    if (known.size === 0) return value;
    if (typeof value === "string") return redact(value) as T;
    if (Array.isArray(value)) return value.map(redactValue) as T;
    if (value !== null && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, redactValue(member)])) as T;
    }
    return value;
  };
  const remember = (name: string, text: string): Secret => {
    remembered.set(name, text);
    know(text, "[secret]");
    return new Secret(name);
  };
  const hide = (text: string, shown: string): void => {
    known.set(text, shown);
  };
  return { resolve, remember, hide, redact, redactValue };
}

function entriesOf(file: string): Readonly<Record<string, string | undefined>> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new SluiceError("config", `the secrets in ${file} cannot be read: ${(thrown as Error).message}`, {
      cause: thrown,
    });
  }
  return parseEnv(text) as Record<string, string | undefined>;
}

/** The same value with the name of each secret in its place, to be shown or checked. */
export function maskSecrets(value: unknown): unknown {
  if (value instanceof Secret) return `secret(${value.name})`;
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, maskSecrets(member)]));
}

/** Where a value holds a secret, as a path, or undefined. */
export function findSecret(value: unknown, path = ""): { readonly name: string; readonly path: string } | undefined {
  if (value instanceof Secret) return { name: value.name, path };
  if (value === null || typeof value !== "object") return undefined;
  for (const [key, member] of Object.entries(value)) {
    const found = findSecret(member, path === "" ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
