import { isNumberText } from "../catalogue/literal.ts";
import { numberFamilies } from "../catalogue/signature.ts";
import { SluiceError } from "../errors.ts";
import type { FrameBound, WindowNode } from "../ir/relation.ts";
import type { Column } from "../schema/schema.ts";
import { familyOf, parseType } from "../schema/types.ts";
import { attempt, checkKeys, computed, type NodeRequest, replaced, required } from "./node-columns.ts";
import { typeOf } from "./type-of.ts";

/** The columns of a window: those of its input, and the computed ones in place of those of their name or behind. */
export function windowColumns(node: WindowNode, columns: readonly Column[], request: NodeRequest): readonly Column[] {
  attempt(
    request,
    node.partition.map((name) => () => required(name, columns)),
  );
  checkKeys(node.by, columns, request);
  attempt(request, [() => checkDistances(node, columns, request)]);
  return replaced(columns, computed(node.columns, columns, request));
}

/** The distance of a bound: `{ preceding: "3" }` is `"3"`. */
export function distanceOf(bound: FrameBound): string | undefined {
  if (typeof bound === "string") return undefined;
  return "preceding" in bound ? bound.preceding : bound.following;
}

/** Distances between values: numbers from numbers, durations from times. */
function checkDistances({ frame, by }: WindowNode, columns: readonly Column[], { parameters }: NodeRequest): void {
  const [key] = by;
  if (frame?.unit !== "range" || key === undefined) return;
  const distances = [frame.from, frame.to].flatMap((bound) => distanceOf(bound) ?? []);
  const [first] = distances;
  if (first === undefined) return;
  const { type } = typeOf(key.expression, { columns, parameters });
  const family = familyOf(parseType(type));
  const isTime = ["date", "time", "timestamp", "timestamptz"].includes(family);
  if (!isTime && !numberFamilies.includes(family)) {
    throw new SluiceError("config", `a range frame measures distances, and ${type} has none`, {
      offending: first,
      hint: "order by a number or a time, or count rows: unit rows",
    });
  }
  for (const distance of distances) {
    if (isNumberText(distance) !== isTime) continue;
    throw new SluiceError("config", `"${distance}" is no distance between values of type ${type}`, {
      offending: distance,
      hint: isTime ? "write a duration: P7D, PT1H" : "write a number: 7, 0.5",
    });
  }
}
