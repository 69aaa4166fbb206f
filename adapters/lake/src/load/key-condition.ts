import { type LiteralNode, parseType, type TypeText } from "@sluice/core";
import type { Condition } from "../pruning/condition.ts";
import { type Asked, from, quoted, sql } from "./ask-engine.ts";

/** So many keys are looked for one by one, which buckets can answer; more by their least and their greatest. */
const MOST_KEYS = 200;

/**
 * What a stored row meets whose key is among those of an input: the files that may hold such rows. Where it is known how many
 * keys there are, too many are not looked for.
 */
export async function keyCondition(
  asked: Asked,
  batch: string,
  keys: readonly { readonly name: string; readonly stored: string; readonly type: TypeText }[],
  known?: number,
): Promise<Condition> {
  const literal = keys.map(({ type }) => literalType(type));
  const texts = keys.map(({ name, type }) => `${textTerm(name, type)} as ${quoted(name)}`);
  const list = keys.map(({ name }) => quoted(name)).join(", ");
  const some =
    known !== undefined && known > MOST_KEYS
      ? undefined
      : await asked.rows(
          sql`select distinct ${texts.join(", ")} from (select distinct ${list} from ${from(batch)} limit ${String(MOST_KEYS + 1)})`,
        );
  if (some?.length === 0) return { kind: "never" };
  const place = (index: number): { readonly stored: string; readonly type: LiteralNode["type"] | undefined } => ({
    stored: keys[index]?.stored ?? "",
    type: literal[index],
  });
  if (some !== undefined && some.length <= MOST_KEYS) {
    return {
      kind: "any",
      parts: some.map((row) => ({
        kind: "all",
        parts: row.map((value, index) => equal(place(index), value as string | null)),
      })),
    };
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
  const [row = []] = await asked.rows(
    sql`select ${printed.map((term, index) => `${term} as c${index}`).join(", ")} from (select ${ends.join(", ")} from ${from(batch)})`,
  );
  return {
    kind: "all",
    parts: keys.map((_, index) => {
      const { stored, type } = place(index);
      const [low = null, high = null, nulls = "0"] = row.slice(index * 3, index * 3 + 3) as (string | null)[];
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
    }),
  };
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
