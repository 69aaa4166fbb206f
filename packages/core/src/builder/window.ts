import { entryOf, isAggregate } from "../catalogue/catalogue.ts";
import { SluiceError } from "../errors.ts";
import { type Expression, operandsOf } from "../ir/expression.ts";
import type { Frame, FrameBound, Relation as RelationNode, WindowNode } from "../ir/relation.ts";
import { createColumns, namedFrom, sortKeysFrom } from "./callback.ts";
import { columnNames, optionsOf, refuseRest, some } from "./options.ts";
import { describe } from "./value.ts";

/** A bound of a frame: so many rows, groups, or such a distance, before or behind the row; the row; the partition's end. */
export type FrameLimit =
  | "unbounded"
  | "current"
  | { readonly preceding: number | bigint | `P${string}` }
  | { readonly following: number | bigint | `P${string}` };

/**
 * The rows around each row, counted: `rowsBetween({ preceding: 6 }, "current")` is the row and the six before it.
 *
 * @example
 * days.window({ by: (d) => d.day, frame: rowsBetween({ preceding: 6 }, "current") }, (d) => ({ week: avg(d.crashes) }));
 * // avg(crashes) over (order by day rows between 6 preceding and current row)
 */
export function rowsBetween(from: FrameLimit, to: FrameLimit): Frame {
  return frameOf("rowsBetween", "rows", from, to);
}

/**
 * The rows whose value in the order lies so near to the row's: `rangeBetween({ preceding: "P7D" }, "current")` is a week. It
 * needs an order by one number or time.
 */
export function rangeBetween(from: FrameLimit, to: FrameLimit): Frame {
  return frameOf("rangeBetween", "range", from, to);
}

/** The rows around each row, those that are equal in the order counted as one. */
export function groupsBetween(from: FrameLimit, to: FrameLimit): Frame {
  return frameOf("groupsBetween", "groups", from, to);
}

const frames = new WeakSet<object>();

function frameOf(operation: string, unit: Frame["unit"], from: unknown, to: unknown): Frame {
  const frame = Object.freeze({ unit, from: boundOf(operation, from), to: boundOf(operation, to) });
  frames.add(frame);
  return frame;
}

function boundOf(operation: string, bound: unknown): FrameBound {
  if (bound === "unbounded" || bound === "current") return bound;
  if (typeof bound === "object" && bound !== null) {
    const [[direction, distance] = [], ...others] = Object.entries(bound);
    const isDirection = direction === "preceding" || direction === "following";
    const isDistance =
      (typeof distance === "number" && Number.isFinite(distance) && distance >= 0) ||
      (typeof distance === "bigint" && distance >= 0n) ||
      (typeof distance === "string" && /^P.*\d[A-Z]$/.test(distance));
    if (isDirection && isDistance && others.length === 0) {
      return Object.freeze({ [direction]: String(distance) }) as unknown as FrameBound;
    }
  }
  throw new SluiceError("config", `${operation} was given ${said(bound)}, which is no bound of a frame`, {
    hint: 'a bound is "unbounded", "current", { preceding: 3 } or { following: 3 }; in rangeBetween also { preceding: "P7D" }',
  });
}

function said(bound: unknown): string {
  return typeof bound === "object" && bound !== null
    ? JSON.stringify(bound, (_, one) => (typeof one === "bigint" ? String(one) : one))
    : describe(bound);
}

/** The node of `window`. */
export function windowNode(input: RelationNode, options: unknown, columns: unknown): WindowNode {
  const { partition, by, frame, ...rest } = optionsOf("window", options);
  refuseRest("window", rest, ["partition", "by", "frame"]);
  if (frame !== undefined && !(typeof frame === "object" && frame !== null && frames.has(frame))) {
    throw new SluiceError("config", `frame of window is ${describe(frame)}, which is no frame`, {
      hint: 'write rowsBetween({ preceding: 3 }, "current"), rangeBetween(…) or groupsBetween(…)',
    });
  }
  if (frame !== undefined && by === undefined) {
    throw new SluiceError("config", "window has a frame and no order, in which a frame is counted", {
      hint: "give by: (c) => c.created_at",
    });
  }
  const named = some("window", namedFrom("window", columns, [createColumns()], { aggregates: true, windows: true }));
  for (const [column, expression] of named) refuseMisplaced(column, expression, by !== undefined);
  return {
    kind: "window",
    input,
    partition:
      partition === undefined ? Object.freeze([]) : columnNames("partition", partition, (list) => `partition: ${list}`),
    by: by === undefined ? Object.freeze([]) : sortKeysFrom("by", by, [createColumns()]),
    ...(frame === undefined ? {} : { frame: frame as Frame }),
    columns: named,
  };
}

/** Functions that need an order where there is none, and those inside others. */
function refuseMisplaced(column: string, expression: Expression, isOrdered: boolean, within?: string): void {
  const name = expression.kind === "call" ? expression.name : "";
  const isWindow = entryOf(name)?.kind === "window";
  const isOverRows = isWindow || isAggregate(name);
  if (isOverRows && within !== undefined) {
    throw new SluiceError("config", `${name} stands inside ${within} (in "${column}" of window)`, {
      hint: "compute the inner one in a window of its own, then the outer one over its column",
      offending: name,
    });
  }
  if (isWindow && !isOrdered) {
    throw new SluiceError("config", `${name} needs an order (in "${column}" of window)`, {
      hint: "give by: (c) => c.created_at",
      offending: name,
    });
  }
  for (const operand of operandsOf(expression)) refuseMisplaced(column, operand, isOrdered, isOverRows ? name : within);
}
