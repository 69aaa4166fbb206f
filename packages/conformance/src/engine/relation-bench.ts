import type { Cell, Column, Expression, Relation, SortKey } from "@sluice/core";
import { column, scan } from "./bench.ts";

/** Two small tables that every case reads, and short words to write relations over them. */
export const CRASHES: readonly Column[] = [
  column("id", "int64"),
  column("kind", "string"),
  column("cost", "decimal(10,2)"),
  column("day", "date"),
];
export const CRASHES_TEXT: string = `id,kind,cost,day
1,CAR,10.50,2024-01-01
2,BUS,,2024-01-02
3,CAR,0.10,2024-01-03
4,,7.00,
2,BUS,,2024-01-02
`;
export const KINDS: readonly Column[] = [column("kind", "string"), column("wheels", "int32"), column("id", "int32")];
export const KINDS_TEXT: string = "kind,wheels,id\nCAR,4,1\nBIKE,2,9\nCAR,3,3\n";

export const name = (text: string): Expression => ({ kind: "column", name: text });
export const left = (text: string): Expression => ({ kind: "column", name: text, side: "left" });
export const right = (text: string): Expression => ({ kind: "column", name: text, side: "right" });
export const number = (value: string): Expression => ({ kind: "literal", type: "number", value });
export const text = (value: string): Expression => ({ kind: "literal", type: "string", value });
export const call = (fn: string, ...args: readonly Expression[]): Expression => ({
  kind: "call",
  name: fn,
  arguments: args,
});
export const by = (expression: Expression, rest: Partial<SortKey> = {}): SortKey => ({ expression, ...rest });

export const crashes: Relation = scan("crashes");
export const kinds: Relation = scan("kinds");
export const keep = (input: Relation, ...columns: readonly string[]): Relation => ({ kind: "keep", input, columns });
export const sorted = (input: Relation, ...columns: readonly string[]): Relation => ({
  kind: "sort",
  input,
  by: columns.map((one) => by(name(one))),
});

/** A relation over `crashes` and `kinds`, and the rows that it gives. */
export interface RelationCase {
  readonly id: string;
  readonly title: string;
  readonly relation: Relation;
  readonly rows: readonly (readonly Cell[])[];
  /** Whether the rows stand in this order; else they are compared as a set. */
  readonly isOrdered?: true;
}
