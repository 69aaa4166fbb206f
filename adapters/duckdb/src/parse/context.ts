import { type Expression, SluiceError } from "@sluice/core";
import type { Statement } from "./statement.ts";
import type { Token } from "./tokens.ts";
import { firstLocationOf, locationOf, type Tree } from "./tree.ts";

/** What the translation of one text needs to know wherever it is in the tree. */
export interface Context {
  readonly statement: Statement;
  /** Whether columns are those of a join: `l.name` and `r.name`. */
  readonly sides: boolean;
  translate(tree: Tree): Expression;
}

/** Refuses a part of the text, by name and position. */
export function refuse(
  context: Context,
  tree: Tree,
  message: string,
  hint?: string,
  offending?: string | Token,
): never {
  const { statement } = context;
  const location = locationOf(tree) ?? firstLocationOf(tree);
  const parameter = tree.class === "PARAMETER" ? statement.parameter(String(tree.identifier)) : undefined;
  const given = typeof offending === "object" ? offending : undefined;
  const token =
    given ?? parameter ?? (location === undefined ? undefined : statement.tokenAt(location)) ?? statement.tokens[0];
  throw new SluiceError("config", message, {
    at: { file: "", column: (token?.start ?? 0) + 1 },
    offending: typeof offending === "string" ? offending : (token?.text ?? statement.text),
    ...(hint === undefined ? {} : { hint }),
  });
}
