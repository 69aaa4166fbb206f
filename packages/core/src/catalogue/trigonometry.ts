import { scalar } from "./define.ts";
import type { FunctionEntry } from "./entry.ts";

function ofAngle(word: string, doc: string, example: readonly [string, number]): FunctionEntry {
  const finite = `case when isfinite($1) then ${word}($1) end`;
  return scalar(
    word,
    "(self: real) -> float64",
    finite,
    `${doc}; null for infinity and for what is no number (NaN).`,
    example,
    { nulls: "always" },
  );
}

function inverse(word: string, doc: string, example: readonly [string, number]): FunctionEntry {
  const within = `case when $1 between -1 and 1 then ${word}($1) end`;
  return scalar(word, "(self: real) -> float64", within, `${doc}; null outside of -1 to 1.`, example, {
    nulls: "always",
  });
}

/** Angles are in radians. */
export const trigonometry: Readonly<Record<string, FunctionEntry>> = {
  sin: ofAngle("sin", "The sine", ["sin(0)", 0]),
  cos: ofAngle("cos", "The cosine", ["cos(0)", 1]),
  tan: ofAngle("tan", "The tangent", ["tan(0)", 0]),
  asin: inverse("asin", "The angle of a sine", ["asin(0)", 0]),
  acos: inverse("acos", "The angle of a cosine", ["acos(1)", 0]),
  atan: scalar("atan", "(self: real) -> float64", "atan($1)", "The angle of a tangent.", ["atan(0)", 0]),
  atan2: scalar(
    "atan2",
    "(self: real, x: real) -> float64",
    "atan2($1, $2)",
    "The angle of the point that lies `x` to the right and the value above.",
    ["atan2(0, 1)", 0],
  ),
  degrees: scalar("degrees", "(self: real) -> float64", "degrees($1)", "An angle in radians as degrees.", [
    "degrees(pi())",
    180,
  ]),
  radians: scalar("radians", "(self: real) -> float64", "radians($1)", "An angle in degrees as radians.", [
    "radians(0)",
    0,
  ]),
  pi: scalar("pi", "() -> float64", "pi()", "The number π.", ["pi()", Math.PI], { nulls: "never" }),
};
