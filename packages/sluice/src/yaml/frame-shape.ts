import type { Frame, FrameBound } from "@sluice/core";
import { isScalar } from "yaml";
import { list, map, optional, type Shape, variant } from "./shape.ts";
import { textOf } from "./yaml-reader.ts";

/** A bound of a frame: `unbounded`, `current`, `3 preceding`, `P7D following`. */
const bound: Shape<FrameBound> = {
  read(node, reader) {
    const scalar = reader.resolve(node);
    const written = isScalar(scalar) ? textOf(scalar) : "";
    if (written === "unbounded" || written === "current") return written;
    const [, distance, direction] = /^(\S+) (preceding|following)$/.exec(written) ?? [];
    if (distance !== undefined) {
      return direction === "preceding" ? { preceding: distance } : { following: distance };
    }
    return reader.problem(node, "a bound of a frame is unbounded, current, 3 preceding or 3 following", {
      hint: "of a range over times also P7D preceding",
    });
  },
  schema: () => ({ type: "string", pattern: "^(unbounded|current|\\S+ (preceding|following))$" }),
};

const bounds: Shape<readonly [FrameBound, FrameBound]> = map(list("a frame", bound), (both, node, reader) => {
  const [from, to, ...more] = both;
  if (from !== undefined && to !== undefined && more.length === 0) return [from, to];
  return reader.problem(node, "a frame has two bounds, where it begins and where it ends", {
    hint: "for example rows: [6 preceding, current]",
  });
});

/** The frame of a window: `{ rows: [6 preceding, current] }`. */
export const frameShape: Shape<Frame> = map(
  variant(
    "a frame",
    {
      rows: optional(bounds, "counts rows"),
      range: optional(bounds, "goes by the distance of values in the order"),
      groups: optional(bounds, "counts rows that are equal in the order as one"),
    },
    {},
  ),
  ({ kind, value }): Frame => {
    const [from, to] = value as readonly [FrameBound, FrameBound];
    return { unit: kind, from, to };
  },
);

/** A bound as it is written. */
export function boundText(bound: FrameBound): string {
  if (typeof bound === "string") return bound;
  return "preceding" in bound ? `${bound.preceding} preceding` : `${bound.following} following`;
}
