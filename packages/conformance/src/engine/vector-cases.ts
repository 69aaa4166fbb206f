import {
  type Column,
  catalogue,
  type Expression,
  type NamedExpression,
  type Relation,
  walkExpression,
} from "@sluice/core";
import { expect } from "vitest";
import type { DeclareCase } from "../suite.ts";
import { type EngineHarness, rowsOf, withEngine } from "./bench.ts";
import { aggregateVectors, jsonVectors, listVectors, nestedVectors } from "./nested-vectors.ts";
import { hashVectors, numberVectors, patternVectors, textVectors, timeVectors, type Vector } from "./scalar-vectors.ts";
import { windowVectors } from "./window-vectors.ts";

const GROUPS: Readonly<Record<string, readonly Vector[]>> = {
  text: textVectors,
  patterns: patternVectors,
  hashes: hashVectors,
  numbers: numberVectors,
  times: timeVectors,
  json: jsonVectors,
  lists: listVectors,
  nested: nestedVectors,
  aggregates: aggregateVectors,
  windows: windowVectors,
};

const columnsOf: readonly Column[] = [
  { name: "n", type: "int64", nullable: true },
  { name: "x", type: "float64", nullable: true },
  { name: "d", type: "decimal(10,2)", nullable: true },
  { name: "s", type: "string", nullable: true },
  { name: "ok", type: "bool", nullable: true },
  { name: "day", type: "date", nullable: true },
];

/** Two equal values, a null in each column, and nothing in the last row. */
const aggregateRows: Relation = {
  kind: "values",
  columns: columnsOf,
  rows: [
    ["1", "1", "1.50", "b", true, "2024-01-01"],
    ["3", "2", "1.50", "a", false, "2024-01-02"],
    ["3", "3", "1.50", "a", true, "2024-01-03"],
    ["3", "4", null, "å", null, "2024-01-04"],
    [null, null, null, null, null, null],
  ],
};

const ONE_ROW: Relation = {
  kind: "values",
  columns: [{ name: "one", type: "int64", nullable: true }],
  rows: [["1"]],
};

function relationOf(group: string, columns: readonly NamedExpression[]): Relation {
  if (group === "aggregates") return { kind: "aggregate", input: aggregateRows, by: [], columns };
  if (group !== "windows") return { kind: "select", input: ONE_ROW, columns };
  const by = [{ expression: { kind: "column", name: "day" } }] as const;
  const window: Relation = { kind: "window", input: aggregateRows, partition: [], by, columns };
  // The second row of five, the last of which is null.
  const second: Relation = { kind: "limit", input: { kind: "sort", input: window, by }, count: 1, offset: 1 };
  return { kind: "keep", input: second, columns: columns.map(([name]) => name) };
}

/** The functions in ordinary and in edge cases, a table of them at a time. */
export function vectorCases(harness: EngineHarness, declare: DeclareCase): void {
  for (const [group, vectors] of Object.entries(GROUPS)) {
    declare(`engine.vectors.${group}`, `${vectors.length} calls give the values that every engine gives`, () =>
      withEngine(harness, async ({ engine }) => {
        const columns = await Promise.all(
          vectors.map(async ([text], index) => [`c${index}`, await harness.parser.parse(text)] as const),
        );
        const relation = relationOf(group, columns);
        const [row = []] = await rowsOf(engine, relation);
        const found = vectors.map(([text, result], index) => [text, comparable(row[index] ?? null, result)]);
        expect(found).toEqual(vectors.map(([text, result]) => [text, result]));
      }),
    );
  }

  declare("engine.vectors.complete", "every function has a case besides its example", async () => {
    const seen = new Set<string>();
    for (const [text] of Object.values(GROUPS).flat()) {
      walkExpression(await harness.parser.parse(text), (node: Expression) => {
        if (node.kind === "call") seen.add(node.name);
      });
    }
    const functions = Object.entries(catalogue).filter(([, entry]) => "function" in entry.text);
    expect(functions.map(([name]) => name).filter((name) => !seen.has(name))).toEqual([]);
  });
}

/** Texts of what has no value in JavaScript, and floats that are as near as computing them lets them be. */
function comparable(found: unknown, result: Vector[1]): unknown {
  if (typeof result === "string") return String(found);
  const isNear = typeof result === "number" && typeof found === "number" && Math.abs(found - result) < 1e-9;
  return isNear ? result : found;
}
