import { SluiceError } from "@sluice/core";
import { isJsonObject } from "./lossless-json.ts";
import type { JsonObject, JsonValue } from "./model.ts";

/** Reads the members of one object of a document; `path` says in errors where it stands. */
export class Members {
  readonly object: JsonObject;
  readonly path: string;

  constructor(value: JsonValue | undefined, path: string) {
    if (!isJsonObject(value)) throw misfit(path, value, "an object");
    this.object = value;
    this.path = path;
  }

  has(key: string): boolean {
    return this.object[key] !== undefined && this.object[key] !== null;
  }

  #at(key: string): string {
    return this.path === "" ? key : `${this.path}.${key}`;
  }

  text(key: string): string {
    const value = this.object[key];
    if (typeof value !== "string") throw misfit(this.#at(key), value, "a text");
    return value;
  }

  flag(key: string): boolean {
    const value = this.object[key];
    if (typeof value !== "boolean") throw misfit(this.#at(key), value, "true or false");
    return value;
  }

  whole(key: string): number {
    const value = this.object[key];
    if (typeof value !== "number" || !Number.isSafeInteger(value)) {
      throw misfit(this.#at(key), value, "a whole number below 2^53");
    }
    return value;
  }

  /** A whole number of 64 bits. */
  long(key: string): bigint {
    const value = this.object[key];
    if (typeof value === "bigint") return value;
    return BigInt(this.whole(key));
  }

  optional<T>(key: string, read: (key: string) => T): T | undefined {
    return this.has(key) ? read.call(this, key) : undefined;
  }

  member(key: string): Members {
    return new Members(this.object[key], this.#at(key));
  }

  list(key: string): readonly JsonValue[] {
    const value = this.object[key];
    if (!Array.isArray(value)) throw misfit(this.#at(key), value, "a list");
    return value as readonly JsonValue[];
  }

  members(key: string): readonly Members[] {
    return this.list(key).map((value, index) => new Members(value, `${this.#at(key)}[${index}]`));
  }

  wholes(key: string): readonly number[] {
    return this.list(key).map((value, index) => {
      if (typeof value !== "number" || !Number.isSafeInteger(value)) {
        throw misfit(`${this.#at(key)}[${index}]`, value, "a whole number");
      }
      return value;
    });
  }

  texts(key: string): Readonly<Record<string, string>> {
    const { object } = this.member(key);
    return Object.fromEntries(
      Object.entries(object).map(([name, value]) => {
        if (typeof value !== "string") throw misfit(`${this.#at(key)}.${name}`, value, "a text");
        return [name, value];
      }),
    );
  }

  /** The members that are none of these. */
  without(known: ReadonlySet<string>): JsonObject {
    return Object.fromEntries(Object.entries(this.object).filter(([key]) => !known.has(key)));
  }
}

/** The error for a value that is not what the format has at its place. */
export function misfit(path: string, value: unknown, expected: string): SluiceError {
  const shown = typeof value === "bigint" ? String(value) : (JSON.stringify(value) ?? "missing");
  const short = shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
  return new SluiceError(
    "data",
    `the table's metadata has ${short} at ${path === "" ? "its top" : path}, not ${expected}`,
    {
      offending: short,
      hint: "it is damaged, or written by a program that does not keep to the Iceberg format",
    },
  );
}
