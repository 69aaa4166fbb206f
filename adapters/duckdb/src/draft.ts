import { quoteName } from "./sql-text.ts";

/** A SELECT that grows as long as the next node can say what it means inside it. The source has the alias `t`. */
export interface Draft {
  readonly from: string;
  readonly where: readonly string[];
  readonly order: readonly string[];
  /** The output as terms over `t`; absent where it is the source's columns as they are. */
  readonly columns?: readonly (readonly [name: string, term: string])[];
  readonly isDistinct?: true;
  readonly limit?: string;
}

/** A draft of a source as it is. */
export function source(from: string): Draft {
  return { from, where: [], order: [] };
}

/** Whether it is its source and nothing more. */
export function isPlain(draft: Draft): boolean {
  const { where, order, columns, isDistinct, limit } = draft;
  return where.length + order.length === 0 && columns === undefined && isDistinct !== true && limit === undefined;
}

/** A draft whose source is all of the one that is given. */
export function wrap(draft: Draft): Draft {
  return source(`(${write(draft)})`);
}

/** The SELECT of a draft; with `output` that list in place of its columns. */
export function write(draft: Draft, output?: string): string {
  const { from, where, order, columns, isDistinct, limit } = draft;
  if (output === undefined && isPlain(draft) && from.startsWith("(")) return from.slice(1, -1);
  const list = output ?? columns?.map(([name, term]) => named(name, term)).join(", ") ?? "*";
  return [
    `select ${isDistinct === true ? "distinct " : ""}${list} from ${from} as t`,
    ...(where.length === 0 ? [] : [`where ${where.join(" and ")}`]),
    ...(order.length === 0 ? [] : [`order by ${order.join(", ")}`]),
    ...(limit === undefined ? [] : [limit]),
  ].join(" ");
}

function named(name: string, term: string): string {
  return term === `t.${quoteName(name)}` ? term : `${term} as ${quoteName(name)}`;
}
