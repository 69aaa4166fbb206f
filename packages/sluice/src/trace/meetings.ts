import {
  type Cell,
  createTrace,
  type Expression,
  familyOf,
  type JoinedPair,
  type JoinNode,
  joinedPairs,
  literalOf,
  type Meeting,
  type Prefix,
  parseType,
  type Relation,
  type Trace,
  type TracedOperation,
  type TraceRequest,
} from "@sluice/core";
import { attempt } from "./attempt.ts";
import { columnsOf, type Questions, where } from "./questions.ts";

/** More keys than these make a condition that nobody reads. */
const MOST_KEYS = 100;

/**
 * A trace in which a condition on one side of a join narrows the other side too: by the keys that the asked-for rows of the
 * one have, which are looked up, from the last join down to the first.
 */
export async function traceWithMeetings(request: TraceRequest, questions: Questions): Promise<Trace> {
  const meetings = new Map<string, Meeting>();
  const seen = new Set<string>();
  for (;;) {
    const trace = createTrace({ ...request, meetings });
    const operations = trace.steps.flatMap((step) => step.operations).toReversed();
    const next = operations.find((operation) => !seen.has(operation.path) && isHalfNarrowed(operation));
    if (next === undefined) return trace;
    seen.add(next.path);
    const meeting = await attempt(
      () => meetingOf(questions, next),
      () => undefined,
    );
    if (meeting !== undefined) meetings.set(next.path, meeting);
  }
}

function isHalfNarrowed({ node, inputs }: TracedOperation): boolean {
  return node.kind === "join" && inputs.filter(({ demand }) => demand.condition !== undefined).length === 1;
}

async function meetingOf(questions: Questions, operation: TracedOperation): Promise<Meeting | undefined> {
  const { node, inputs } = operation;
  const [left, right] = inputs;
  if (node.kind !== "join" || left === undefined || right === undefined) return undefined;
  const [known, side] =
    left.demand.condition === undefined ? (["right", "left"] as const) : (["left", "right"] as const);
  const pairs = usablePairs(node, left, right);
  if (pairs.length === 0) return undefined;
  const asked = known === "left" ? left : right;
  const keys: Relation = {
    kind: "distinct",
    input: {
      kind: "keep",
      input: where(asked.relation, asked.demand.condition),
      columns: [...new Set(pairs.map((pair) => pair[known]))],
    },
  };
  const names = pairs.map((pair) => pair[known]);
  const rows = await questions.rows(keys, columnsOf(names), MOST_KEYS + 1);
  const types = new Map((known === "left" ? left : right).schema.columns.map(({ name, type }) => [name, type]));
  const whole = rows.filter((row) => row.every((cell) => cell !== null));
  if (rows.length > MOST_KEYS || whole.length === 0) return undefined;
  const columns = pairs.map((pair) => ({ name: pair[side], type: types.get(pair[known]) ?? "string" }));
  return { input: side === "left" ? 0 : 1, condition: oneOf(columns, whole) };
}

/** Of types whose values are written as they are read. */
function usablePairs(node: JoinNode, left: Prefix, right: Prefix): readonly JoinedPair[] {
  const types = new Map(left.schema.columns.map(({ name, type }) => [name, type]));
  return joinedPairs(node, left.schema.columns, right.schema.columns).filter((pair) =>
    ["text", "int", "decimal", "date", "uuid"].includes(familyOf(parseType(types.get(pair.left) ?? "string"))),
  );
}

interface Key {
  readonly name: string;
  readonly type: string;
}

function oneOf(columns: readonly Key[], rows: readonly (readonly Cell[])[]): Expression {
  const [only] = columns;
  const call = (name: string, ...args: readonly Expression[]): Expression => ({ kind: "call", name, arguments: args });
  const literal = ({ type }: Key, cell: Cell | undefined): Expression => literalOf(String(cell), type);
  const column = ({ name }: Key): Expression => ({ kind: "column", name });
  if (only !== undefined && columns.length === 1 && rows.length > 1) {
    return call("in", column(only), ...rows.map(([cell]) => literal(only, cell)));
  }
  const each = rows.map((row) => {
    const equal = columns.map((key, index) => call("eq", column(key), literal(key, row[index])));
    const [first] = equal;
    return first !== undefined && equal.length === 1 ? first : call("and", ...equal);
  });
  const [first] = each;
  return first !== undefined && each.length === 1 ? first : call("or", ...each);
}
