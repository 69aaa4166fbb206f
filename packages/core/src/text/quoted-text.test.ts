import { expect, test } from "vitest";
import { quotedText } from "./quoted-text.ts";

test("what nobody would see in a text is an escape, and the rest stays as it is", () => {
  expect(quotedText("\ufeff2")).toBe('"\\ufeff2"');
  expect(quotedText("1\u00a0000")).toBe('"1\\u00a0000"');
  expect(quotedText('Zoë "€" \u{1f600}\n')).toBe('"Zoë \\"€\\" \u{1f600}\\n"');
});
