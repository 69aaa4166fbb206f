import type { NumberForms } from "@sluice/core";

/** From one digit before the point and sixteen behind it to fifteen and two: of more before it, a float64 may keep others. */
const WHOLE = Array.from({ length: 15 }, (_, more) => `[1-9][0-9]{${more}}(?:\\.[0-9]{0,${16 - more}})?`).join("|");
// No more digits than any float64 is written with: of longer ones a look says that they are rounded.
const FLOAT = `-?(?:${WHOLE}|0(?:\\.0{0,4}[0-9]{0,17})?|\\.[0-9]{1,17})(?:[eE][+-]?[0-9]{1,2})?`;
const INTEGER = "-?(?:0|[1-9][0-9]{0,17})";

/** Numbers of a text that a look at it takes for no less than an int64 (which `007` is not), and no less than a float64. */
export const TEXT_FORMS: NumberForms = {
  int64: INTEGER,
  float64: `${FLOAT}|[+-]?[iI][nN][fF](?:[iI][nN][iI][tT][yY])?`,
};

/** The same for JSON, which has no infinity. */
export const JSON_FORMS: NumberForms = { int64: INTEGER, float64: FLOAT };
