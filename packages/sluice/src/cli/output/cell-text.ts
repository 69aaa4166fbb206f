import type { Cell, TypeText } from "@sluice/core";

/** A value as the text that stands for it in SQL: nothing is lost. Null is for who asks. */
export function cellText(cell: Exclude<Cell, null>, type: TypeText): string {
  if (typeof cell !== "number" || !type.startsWith("float")) return String(cell);
  if (Number.isNaN(cell)) return "nan";
  if (!Number.isFinite(cell)) return cell > 0 ? "inf" : "-inf";
  if (Object.is(cell, -0)) return "-0";
  return type === "float32" ? shortest(cell) : String(cell);
}

/** The fewest digits that are the same value among floats of 32 bits. */
function shortest(value: number): string {
  for (let digits = 6; digits < 10; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}
