import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isUtf8 } from "./utf8.ts";

describe("isUtf8", () => {
  it("agrees with TextDecoder", () => {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const decodes = (bytes: Uint8Array): boolean => {
      try {
        decoder.decode(bytes);
        return true;
      } catch {
        return false;
      }
    };
    const interesting = fc.constantFrom(
      0x41,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xed,
      0xef,
      0xf0,
      0xf4,
      0xf5,
    );
    fc.assert(
      fc.property(fc.array(interesting, { maxLength: 5 }), (list) => {
        const bytes = Uint8Array.from(list);
        expect(isUtf8(bytes)).toBe(decodes(bytes));
      }),
      { numRuns: 5000 },
    );
  });
});
