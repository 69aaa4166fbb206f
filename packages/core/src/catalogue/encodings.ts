import { scalar } from "./define.ts";
import type { FunctionEntry } from "./entry.ts";

/** Bytes and the texts that stand for them. What is no such text is null. */
export const encodings: Readonly<Record<string, FunctionEntry>> = {
  byteLength: scalar(
    "octet_length",
    ["(self: text) -> int64", "(self: bytes) -> int64"],
    ["strlen($1)", "octet_length($1)"],
    "The number of bytes, of text in UTF-8.",
    ["octet_length('Åse')", 4],
  ),
  toHex: scalar(
    "hex",
    "(self: text|bytes) -> string",
    "hex($1)",
    "The bytes, of text in UTF-8, as hexadecimal digits in upper case.",
    ["hex('Å')", "C385"],
  ),
  fromHex: scalar(
    "unhex",
    "(self: text) -> bytes",
    "case when regexp_full_match($1, '([0-9a-fA-F][0-9a-fA-F])*') then unhex($1) end",
    "The bytes that hexadecimal digits in pairs say; null for any other text.",
    ["unhex('c385')", "c385"],
    { nulls: "always" },
  ),
  toBase64: scalar(
    "to_base64",
    "(self: bytes) -> string",
    "to_base64($1)",
    "The bytes in Base64, without line breaks.",
    ["to_base64(bytes '00ff')", "AP8="],
  ),
  fromBase64: scalar(
    "from_base64",
    "(self: text) -> bytes",
    "case when regexp_full_match($1, '([A-Za-z0-9+/][A-Za-z0-9+/][A-Za-z0-9+/][A-Za-z0-9+/])*([A-Za-z0-9+/][A-Za-z0-9+/]==|[A-Za-z0-9+/][A-Za-z0-9+/][A-Za-z0-9+/]=)?') then from_base64($1) end",
    "The bytes that Base64 says; null for any other text, line breaks and missing padding among them.",
    ["from_base64('AP8=')", "00ff"],
    { nulls: "always" },
  ),
  toBytes: scalar("encode", "(self: text) -> bytes", "encode($1)", "The bytes of the text in UTF-8.", [
    "encode('Å')",
    "c385",
  ]),
  fromBytes: scalar(
    "decode",
    "(self: bytes) -> string",
    "try(decode($1))",
    "The text that the bytes are in UTF-8; null where they are none.",
    ["decode(bytes 'c385')", "Å"],
    { nulls: "always" },
  ),
  codePoint: scalar(
    "unicode",
    "(self: text) -> int64",
    "case when $1 <> '' then unicode($1) end",
    "The Unicode number of the first character; null for empty text.",
    ["unicode('Åse')", 197],
    { nulls: "always", portable: "bounded" },
  ),
  fromCodePoint: scalar(
    "chr",
    "(self: int) -> string",
    "case when $1 between 1 and 1114111 then try(chr(cast($1 as integer))) end",
    "The character with a Unicode number; null where there is none, and for 0. Spark knows those below 256.",
    ["chr(197)", "Å"],
    { nulls: "always", portable: "bounded" },
  ),
};
