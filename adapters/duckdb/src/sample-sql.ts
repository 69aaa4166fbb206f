import type { SampleNode } from "@sluice/core";
import { type Draft, source, write } from "./draft.ts";
import type { RelationCompiler } from "./relation-compiler.ts";
import { quoteName, quoteText } from "./sql-text.ts";

/** The rows whose hash is among the least; the engine's own sampling is another in each run. */
export function sampleDraft(compiler: RelationCompiler, node: SampleNode): Draft {
  const draft = { ...compiler.open(node.input), order: [] };
  const all = compiler.columnsOf(node.input).map(({ name }) => name);
  const key = hashOf(node.key.length === 0 ? all : node.key, node.seed ?? 0);
  if (node.share !== undefined) {
    return node.share === 1 ? draft : { ...draft, where: [...draft.where, `${key} < '${threshold(node.share)}'`] };
  }
  const order = node.key.length === 0 ? [eachOf(key)] : [key, hashOf(all, node.seed ?? 0)];
  return source(`(${write({ ...draft, order, limit: `limit ${node.count}` })})`);
}

/** Of equal rows, which one is which is no matter: each has a hash of its own by its number among them. */
function eachOf(hash: string): string {
  const number = `row_number() over (partition by ${hash})`;
  return `case when ${number} = 1 then ${hash} else md5(concat(${hash}, ';', ${number})) end`;
}

/** Values are told apart by their lengths: "ab", "c" and "a", "bc" are two keys; null is no text. */
function hashOf(names: readonly string[], seed: number): string {
  const parts = names.map((name) => {
    const text = `cast(t.${quoteName(name)} as varchar)`;
    return `coalesce(concat(length(${text}), ':', ${text}), '-')`;
  });
  return `md5(concat(${[quoteText(`${seed};`), ...parts].join(", ")}))`;
}

/** The share of all hashes that lie below it, as their first 13 digits. */
function threshold(share: number): string {
  return BigInt(Math.floor(share * 2 ** 52))
    .toString(16)
    .padStart(13, "0");
}
