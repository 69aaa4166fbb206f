import { scalar } from "./define.ts";
import type { FunctionEntry } from "./entry.ts";

// Each part with its length before it, and a null unlike any text: no two different keys are one text.
const KEY = "md5(array_to_string(list_transform([$*], lambda part: coalesce(strlen(part) || ':' || part, '-')), ''))";

/** Hashes of values: for keys and comparisons, the same in every run. There is no randomness: a run can be repeated. */
export const hashes: Readonly<Record<string, FunctionEntry>> = {
  md5: scalar(
    "md5",
    "(self: text|bytes) -> string",
    "md5($1)",
    "The MD5 hash of the bytes, of text in UTF-8, in hexadecimal: for keys, not for secrets.",
    ["md5('a')", "0cc175b9c0f1b6a831c399e269772661"],
  ),
  sha1: scalar(
    "sha1",
    "(self: text|bytes) -> string",
    "sha1($1)",
    "The SHA-1 hash of the bytes, of text in UTF-8, in hexadecimal. PostgreSQL needs an extension for it.",
    ["sha1('a')", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"],
    { portable: "bounded" },
  ),
  sha256: scalar(
    "sha256",
    "(self: text|bytes) -> string",
    "sha256($1)",
    "The SHA-256 hash of the bytes, of text in UTF-8, in hexadecimal.",
    ["sha256('a')", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"],
  ),
  hashKey: scalar(
    "hash_key",
    "(...values: shown) -> string",
    KEY,
    "A hash of several values together, in hexadecimal: equal for equal values and the same in every run. Nulls count as values of their own; floats and instants have to be made text first.",
    ["hash_key('a', 1)", "5e04e82f051a53cc3ad3cbb279ebaee5"],
    { nulls: "never" },
  ),
  hashUuid: scalar(
    "hash_uuid",
    "(...values: shown) -> uuid",
    KEY,
    "The same hash of several values as a uuid.",
    ["hash_uuid('a', 1)", "5e04e82f-051a-53cc-3ad3-cbb279ebaee5"],
    { nulls: "never" },
  ),
};
