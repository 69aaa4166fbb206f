import { expect, test } from "vitest";
import { visibleText } from "./visible-text.ts";

test("what nobody would see in a text is an escape, and the rest stays as it is", () => {
  expect(visibleText("\ufeff2")).toBe('"\\ufeff2"');
  expect(visibleText("1\u00a0000")).toBe('"1\\u00a0000"');
  expect(visibleText('Zoë "€" \u{1f600}\n')).toBe('"Zoë \\"€\\" \u{1f600}\\n"');
});
