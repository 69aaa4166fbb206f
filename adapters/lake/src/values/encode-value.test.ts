import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PrimitiveType } from "../format/model.ts";
import { compareValues } from "./compare-values.ts";
import { cutLower, cutUpper, nextBytes, nextText } from "./cut-bounds.ts";
import { decodeValue, encodeValue, fixedBytes } from "./encode-value.ts";
import type { Value } from "./primitive.ts";
import { primitive } from "./short-forms.fixture.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const int = fc.integer();
const text = fc.string({ unit: "grapheme", maxLength: 40 });
const bytes = fc.uint8Array({ maxLength: 40 });

const values: readonly (readonly [string, fc.Arbitrary<Value>])[] = [
  ["boolean", fc.boolean()],
  ["int", int],
  ["date", int],
  ["long", long],
  ["time", long],
  ["timestamp", long],
  ["timestamptz", long],
  ["float", fc.float()],
  ["double", fc.double()],
  ["decimal(38, 5)", fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n })],
  ["string", text],
  ["uuid", fc.uint8Array({ minLength: 16, maxLength: 16 })],
  ["fixed[3]", fc.uint8Array({ minLength: 3, maxLength: 3 })],
  ["binary", bytes],
];

describe("encodeValue", () => {
  it.each(values)("is read back for %s", (name, arbitrary) => {
    const type = primitive(name);
    fc.assert(
      fc.property(arbitrary, (value) => {
        expect(decodeValue(encodeValue(value, type), type)).toEqual(value);
      }),
    );
  });

  it("gives the bytes of the specification", () => {
    const decimal: PrimitiveType = { kind: "decimal", precision: 9, scale: 2 };
    const encoded = [-129n, -128n, 127n, 128n, 0n, -1n].map((value) => hex(encodeValue(value, decimal)));
    expect(encoded).toEqual(["ff7f", "80", "7f", "0080", "00", "ff"]);
    expect(hex(encodeValue(-1, { kind: "int" }))).toBe("ffffffff");
    expect(hex(encodeValue(1n, { kind: "long" }))).toBe("0100000000000000");
    expect(hex(encodeValue(true, { kind: "boolean" }))).toBe("01");
    expect(hex(fixedBytes(-2n, 5))).toBe("fffffffffe");
  });

  it("reads bounds from before a column was widened, and refuses what is no value", () => {
    expect(decodeValue(encodeValue(-7, { kind: "int" }), { kind: "long" })).toBe(-7n);
    expect(decodeValue(encodeValue(0.5, { kind: "float" }), { kind: "double" })).toBe(0.5);
    expect(() => decodeValue(Uint8Array.of(1, 2, 3), { kind: "long" })).toThrow("3 bytes do not hold");
  });
});

describe("bounds", () => {
  it("lie around what they were cut from", () => {
    const any = fc.oneof(text, bytes, fc.string({ unit: "binary", maxLength: 40 }));
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 20 }), (value, length) => {
        expect(compareValues(cutLower(value, length), value)).toBeLessThanOrEqual(0);
        const upper = cutUpper(value, length);
        if (upper !== undefined) expect(compareValues(upper, value)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("go over surrogates and the last character", () => {
    expect(nextText("a\u{D7FF}")).toBe("a\u{E000}");
    expect(nextText("a\u{10FFFF}")).toBe("b");
    expect(nextText("\u{10FFFF}")).toBeUndefined();
    expect(nextBytes(Uint8Array.of(1, 255))).toEqual(Uint8Array.of(2));
    expect(nextBytes(Uint8Array.of(255))).toBeUndefined();
  });

  it("are ordered by code points, as bytes of UTF-8 are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (left, right) => {
        expect(Math.sign(compareValues(left, right))).toBe(
          Math.sign(Buffer.compare(Buffer.from(left), Buffer.from(right))),
        );
      }),
    );
  });
});
