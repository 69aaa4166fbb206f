import { isNumberText, literalProblem } from "../catalogue/literal.ts";
import { distanceOf } from "../infer/window-columns.ts";
import type { Frame, FrameBound, SortKey } from "../ir/relation.ts";
import type { Problems } from "./problems.ts";

/** Reports what is wrong with the frame of a window whatever the types of its order are. */
export function validateFrame(frame: Frame, by: readonly SortKey[], path: string, problems: Problems): void {
  const { unit, from, to } = frame;
  if (by.length === 0) {
    problems.add(path, "a window has a frame and no order, in which a frame is counted", { hint: "give by" });
    return;
  }
  const before = problems.found.length;
  for (const bound of [from, to]) validateBound(bound, unit, path, problems);
  if (problems.found.length > before) return;
  if (unit === "range" && by.length > 1 && [from, to].some((bound) => distanceOf(bound) !== undefined)) {
    problems.add(path, `a range frame with a distance is ordered by one key, not by ${by.length}`, {
      hint: "count rows instead: unit rows",
    });
  }
  if (placeOf(from, "from") > placeOf(to, "to")) {
    problems.add(path, `the frame begins at ${said(from, "from")} and ends before that, at ${said(to, "to")}`, {
      hint: "its first bound comes first",
    });
  }
}

function validateBound(bound: FrameBound, unit: Frame["unit"], path: string, problems: Problems): void {
  const distance = distanceOf(bound);
  if (distance === undefined) return;
  if (unit !== "range") {
    if (/^\d{1,15}$/.test(distance)) return;
    problems.add(path, `a frame counts ${unit}, and "${distance}" is no whole number from 0 on`, {
      offending: distance,
    });
    return;
  }
  const isNumber = isNumberText(distance);
  const isWrong = isNumber ? distance.startsWith("-") : literalProblem(distance, { kind: "interval" }) !== undefined;
  if (!isWrong && !/^P.*-/.test(distance)) return;
  problems.add(path, `"${distance}" is no distance of a range frame: a number from 0 on, or a duration`, {
    offending: distance,
    hint: "preceding and following say the direction: { preceding: 7 }, { preceding: P7D }",
  });
}

/** Where a bound lies beside the row; durations of one direction are not compared. */
function placeOf(bound: FrameBound, end: "from" | "to"): number {
  if (bound === "current") return 0;
  if (bound === "unbounded") return end === "from" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const distance = distanceOf(bound) ?? "0";
  const size = isNumberText(distance) ? Number(distance) : end === "from" ? 1 : 2;
  return "preceding" in bound ? -(isNumberText(distance) ? size : 3 - size) : size;
}

function said(bound: FrameBound, end: "from" | "to"): string {
  if (bound === "current") return "the row";
  if (bound === "unbounded") return end === "from" ? "the start" : "the end";
  return "preceding" in bound ? `${bound.preceding} preceding` : `${bound.following} following`;
}
