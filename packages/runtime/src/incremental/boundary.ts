import {
  type Cell,
  type Column,
  type EngineInput,
  type Expression,
  literalOf,
  type Relation,
  ROW_HASH,
  type ScannableInput,
  type Schema,
} from "@sluice/core";
import { compileOver, queryDefaults, type RunContext } from "../run-context.ts";
import type { BoundRelation } from "./key-slice.ts";
import type { CursorPosition } from "./position.ts";

/** The column with the number of a row among those that equal it. */
export const PLACE = "_sluice_place";

/** A landed extract, and what it is called in queries. */
export interface Landed {
  readonly name: string;
  readonly schema: Schema;
  readonly input: ScannableInput;
}

/** Of the rows that have the very value of a position: which of them were there before. */
export interface Boundary {
  /** True for those that were. */
  readonly seen: Expression;
  /** Whether it asks for `PLACE`, since of equal rows some were there and some were not. */
  readonly needsPlace: boolean;
}

const FALSE: Expression = { kind: "literal", type: "bool", value: false };
const TRUE: Expression = { kind: "literal", type: "bool", value: true };

export const call = (name: string, ...args: readonly Expression[]): Expression => ({
  kind: "call",
  name,
  arguments: args,
});
export const column = (name: string): Expression => ({ kind: "column", name });

/** Finds out which of the landed rows at the value of a position were there when it was taken. */
export async function boundaryOf(
  context: RunContext,
  landed: Landed,
  cursor: Column,
  { cursor: value, seen }: CursorPosition & { readonly seen: NonNullable<CursorPosition["seen"]> },
  signal: AbortSignal,
): Promise<Boundary> {
  const present = await hashesAt(context, landed, cursor, value, signal);
  const before = new Map(seen);
  const whole: string[] = [];
  const partly: [string, number][] = [];
  for (const [hash, count] of present) {
    const known = before.get(hash) ?? 0;
    if (known >= count) whole.push(hash);
    else if (known > 0) partly.push([hash, known]);
  }
  if (whole.length === present.length) return { seen: TRUE, needsPlace: false };
  const text = (hash: string): Expression => ({ kind: "literal", type: "string", value: hash });
  const parts = [
    ...(whole.length === 0 ? [] : [call("in", column(ROW_HASH), ...whole.map(text))]),
    ...partly.map(([hash, known]) =>
      call(
        "and",
        call("eq", column(ROW_HASH), text(hash)),
        call("lte", column(PLACE), { kind: "literal", type: "number", value: String(known) }),
      ),
    ),
  ];
  const [only = FALSE] = parts;
  return { seen: parts.length > 1 ? call("or", ...parts) : only, needsPlace: partly.length > 0 };
}

/** The hashes of the landed rows with a value in the cursor, with how many rows have each; at most so many. */
export async function hashesAt(
  context: RunContext,
  landed: Landed,
  cursor: Column,
  value: string,
  signal: AbortSignal,
  limit?: number,
): Promise<readonly (readonly [hash: string, count: number])[]> {
  const at: Relation = {
    kind: "filter",
    input: { kind: "scan", source: { stage: landed.name } },
    condition: call("eq", column(cursor.name), literalOf(value, cursor.type)),
  };
  const counted: Relation = { kind: "aggregate", input: at, by: [ROW_HASH], columns: [["n", call("count")]] };
  const sorted: Relation = { kind: "sort", input: counted, by: [{ expression: column(ROW_HASH) }] };
  const relation: Relation = limit === undefined ? sorted : { kind: "limit", input: sorted, count: limit };
  const rows = await rowsOver(context, landed, relation, signal);
  return rows.map(([hash, count]) => [String(hash), Number(count)] as const);
}

/** The rows of a small query over a landed extract. */
export async function rowsOver(
  context: RunContext,
  landed: Landed,
  relation: Relation,
  signal: AbortSignal,
  more: Pick<BoundRelation, "inputs" | "schemas"> = { inputs: new Map(), schemas: new Map() },
): Promise<(readonly Cell[])[]> {
  const { name, schema, input } = landed;
  const query = compileOver(context, relation, new Map([[name, schema], ...more.schemas]));
  const own: EngineInput = { input, columns: schema.columns.map((one) => one.name) };
  const inputs = new Map([[name, own], ...more.inputs]);
  const rows: (readonly Cell[])[] = [];
  const asked = { ...queryDefaults(context), inputs, signal };
  for await (const batch of context.request.engine.rows(query, asked)) rows.push(...batch);
  return rows;
}
