import { type LiteralNode, parseType, type TypeText } from "@sluice/core";
import type { Condition } from "../pruning/condition.ts";
import { type Asked, from, quoted, sql, texts } from "./ask-engine.ts";
import { endsOf, type KeyColumn, type KeyEnds } from "./key-range.ts";

/** So many keys are looked for one by one, which buckets can answer; more by their least and their greatest. */
const MOST_KEYS = 200;

/** What is known of the keys that arrive. */
export interface KnownKeys {
  /** What a stored row meets whose key is among them: the files that may hold such rows. */
  readonly condition: Condition;
  /** Where they are not looked for one by one: the ends of those that are whole numbers. */
  readonly ends: readonly KeyEnds[];
}

/** What is known of the keys of an input. Where it is known how many there are, too many are not looked for one by one. */
export async function keyCondition(
  asked: Asked,
  batch: string,
  keys: readonly KeyColumn[],
  known?: number,
): Promise<KnownKeys> {
  const literal = keys.map(({ type }) => literalType(type));
  const printedKeys = keys.map(({ name, type }) => `${textTerm(name, type)} as ${quoted(name)}`);
  const list = keys.map(({ name }) => quoted(name)).join(", ");
  const some =
    known !== undefined && known > MOST_KEYS
      ? undefined
      : await asked.rows({
          ...sql`select distinct ${printedKeys.join(", ")} from (select distinct ${list} from ${from(batch)} limit ${String(MOST_KEYS + 1)})`,
          columns: texts(...keys.map(({ name }) => name)),
        });
  if (some?.length === 0) return { condition: { kind: "never" }, ends: [] };
  const place = (index: number): { readonly stored: string; readonly type: LiteralNode["type"] | undefined } => ({
    stored: keys[index]?.stored ?? "",
    type: literal[index],
  });
  if (some !== undefined && some.length <= MOST_KEYS) {
    const parts = some.map((row): Condition => {
      return { kind: "all", parts: row.map((value, index) => equal(place(index), value as string | null)) };
    });
    return { condition: { kind: "any", parts }, ends: [] };
  }
  const ends = keys.flatMap(({ name }) => [
    `min(${quoted(name)}) as ${quoted(`${name} min`)}`,
    `max(${quoted(name)}) as ${quoted(`${name} max`)}`,
    `cast(count(*) filter (${quoted(name)} is null) as varchar) as ${quoted(`${name} nulls`)}`,
  ]);
  const printed = keys.flatMap(({ name, type }) => [
    textTerm(`${name} min`, type),
    textTerm(`${name} max`, type),
    quoted(`${name} nulls`),
  ]);
  const ended = sql`select ${printed.map((term, index) => `${term} as c${index}`).join(", ")} from (select ${ends.join(", ")} from ${from(batch)})`;
  const [row = []] = await asked.rows({ ...ended, columns: texts(...printed.map((_, index) => `c${index}`)) });
  const found = keys.map((key, index) => {
    const [low = null, high = null, nulls = "0"] = row.slice(index * 3, index * 3 + 3) as (string | null)[];
    const { stored, type } = place(index);
    return { stored, type, low, high, nulls, ends: endsOf(key, low, high, nulls ?? "") };
  });
  const parts = found.map(({ stored, type, low, high, nulls }): Condition => {
    if (type === undefined || type === "bool" || low === null || high === null) return { kind: "maybe" };
    const within: Condition = {
      kind: "all",
      parts: [
        { kind: "column", column: stored, question: { ask: "gte", literal: { kind: "literal", type, value: low } } },
        { kind: "column", column: stored, question: { ask: "lte", literal: { kind: "literal", type, value: high } } },
      ],
    };
    if (nulls === "0") return within;
    return { kind: "any", parts: [within, { kind: "column", column: stored, question: { ask: "isNull" } }] };
  });
  return { condition: { kind: "all", parts }, ends: found.flatMap(({ ends }) => (ends === undefined ? [] : [ends])) };
}

function equal(
  { stored, type }: { readonly stored: string; readonly type: LiteralNode["type"] | undefined },
  value: string | null,
): Condition {
  if (value === null) return { kind: "column", column: stored, question: { ask: "isNull" } };
  if (type === undefined) return { kind: "maybe" };
  const literal: LiteralNode = { kind: "literal", type, value: type === "bool" ? value === "true" : value };
  return { kind: "column", column: stored, question: { ask: "eq", literal } };
}

/** How a value of a type is written as a literal; undefined where no bound is known of it. */
function literalType(type: TypeText): LiteralNode["type"] | undefined {
  const { kind } = parseType(type);
  switch (kind) {
    case "bool":
    case "string":
    case "date":
    case "time":
    case "timestamp":
    case "timestamptz":
    case "uuid":
    case "bytes":
      return kind;
    case "decimal":
      return "number";
    default:
      return /^u?int/.test(kind) ? "number" : undefined;
  }
}

function textTerm(name: string, type: TypeText): string {
  return parseType(type).kind === "bytes" ? `lower(hex(${quoted(name)}))` : `cast(${quoted(name)} as varchar)`;
}
