import {
  type Column,
  catalogue,
  type Expression,
  type FunctionEntry,
  type FunctionParameter,
  familyOf,
  type LiteralNode,
  type NamedExpression,
  parseSignature,
  parseType,
  type Relation,
  type Signature,
  schemaOf,
} from "@sluice/core";
import { expect } from "vitest";
import type { DeclareCase } from "../suite.ts";
import { type EngineHarness, executed, rowsOf, withEngine } from "./bench.ts";

/** Columns of every family, and values that no function fails over. */
const SAMPLES: readonly (readonly [type: string, values: readonly [string, string]])[] = [
  ["bool", ["true", "false"]],
  ["int64", ["3", "1"]],
  ["int8", ["2", "1"]],
  ["uint32", ["4", "2"]],
  ["decimal(5,2)", ["1.50", "2.25"]],
  ["float64", ["0.5", "-2"]],
  ["float32", ["0.25", "3"]],
  ["string", ["a b", "31"]],
  ["enum('x', 'y')", ["x", "y"]],
  ["bytes", ["00ff", ""]],
  ["date", ["2024-02-29", "2023-12-31"]],
  ["time", ["10:20:30", "00:00:00"]],
  ["timestamp", ["2024-02-29T10:20:30", "2023-12-31T00:00:00"]],
  ["timestamptz", ["2024-02-29T10:20:30Z", "2023-12-31T00:00:00Z"]],
  ["interval", ["P1D", "PT2H"]],
  ["uuid", ["00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"]],
  ["json", ['{"a":[1]}', "[1,2]"]],
];

const call = (name: string, ...operands: Expression[]): Expression => ({ kind: "call", name, arguments: operands });
const literal = (type: LiteralNode["type"], value: string): Expression => ({ kind: "literal", type, value });
const MAP: Expression = { kind: "column", name: "m" };
const NULL: Expression = { kind: "literal", type: "null", value: null };

/** A column for each type, then lists of them, a list of lists, a struct and a map. */
function inputOf(isNullable: boolean): { readonly relation: Relation; readonly columns: readonly Column[] } {
  const simple = SAMPLES.map(([type], index): Column => ({ name: `c${index}`, type, nullable: isNullable }));
  const rows = [0, 1].map((row) =>
    SAMPLES.map(([type, values]) => (type === "bool" ? values[row] === "true" : (values[row] ?? ""))),
  );
  const nulls = SAMPLES.map(() => null);
  const values: Relation = { kind: "values", columns: simple, rows: isNullable ? [...rows, nulls] : rows };
  const of = (type: string): Expression => ({
    kind: "column",
    name: `c${SAMPLES.findIndex(([one]) => one === type)}`,
  });
  const lists = SAMPLES.map(([type], index): readonly [string, Expression] => [
    `l${index}`,
    call("listOf", of(type), NULL),
  ]);
  const nested: readonly (readonly [string, Expression])[] = [
    ["ll", call("listOf", call("listOf", of("int64")))],
    ["s", call("structOf", literal("string", "a"), of("string"), literal("string", "b"), of("int8"))],
    ["m", call("mapOf", call("listOf", literal("string", "k")), call("listOf", of("float64")))],
  ];
  const maybe = ([name, made]: readonly [string, Expression]): readonly [string, Expression] => [
    name,
    isNullable ? call("keepIf", made, call("isNotNull", of("int64"))) : made,
  ];
  const relation: Relation = { kind: "derive", input: values, columns: [...lists, ...nested].map(maybe) };
  const { columns } = schemaOf(relation, { schemaOf: () => ({ columns: [] }), parameters: new Map() });
  return { relation, columns };
}

const CONSTANTS: Readonly<Record<string, Expression>> = {
  unit: literal("string", "day"),
  layout: literal("string", "%Y-%m-%d"),
  path: literal("string", "$.a"),
  zone: literal("string", "Europe/Oslo"),
  name: literal("string", "a"),
  literal: literal("string", ","),
  pattern: literal("string", "([a-z])"),
  digits: literal("number", "1"),
  fraction: literal("number", "0.5"),
  ordinal: literal("number", "1"),
};

/** Numbers in a fixed order that looks like none, so that each run tries the same. */
function createDice(): (sides: number) => number {
  let state = 20_241_131;
  return (sides) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
}

/** Calls of a signature over columns of each family that it takes. */
function callsOf(
  name: string,
  signature: Signature,
  columns: readonly Column[],
  dice: (sides: number) => number,
): readonly Expression[] {
  const fitting = ({ families, items }: FunctionParameter): readonly Column[] =>
    columns.filter(({ type }) => {
      const parsed = parseType(type);
      if (!families.includes(familyOf(parsed))) return false;
      if (items === undefined || parsed.kind !== "list") return items === undefined;
      return items.includes(familyOf(parsed.item));
    });
  const leading = signature.parameters[Math.max(signature.self, 0)];
  const starts = leading === undefined || CONSTANTS[leading.word ?? ""] !== undefined ? [undefined] : fitting(leading);
  return starts.map((self) => {
    const operands: Expression[] = [];
    const operandOf = (parameter: FunctionParameter, index: number): Expression => {
      const constant = CONSTANTS[parameter.word ?? ""];
      if (parameter.word === "fields" && index % 2 === 0) return literal("string", `f${index}`);
      if (constant !== undefined) return constant;
      // A key must not be null, and the lists of the table hold one.
      if (name === "mapOf") return call(parameter.name, MAP);
      if (self !== undefined && (index === Math.max(signature.self, 0) || parameter.word === "self")) {
        return { kind: "column", name: self.name };
      }
      const parsed = parseType(self?.type ?? "bool");
      if (parameter.word === "item" && parsed.kind === "list") {
        const type = (self?.name ?? "").startsWith("ll") ? "list<int64>" : SAMPLES[Number(self?.name.slice(1))]?.[0];
        const item = columns.find((column) => column.type === type && column.name !== self?.name);
        return item === undefined ? NULL : { kind: "column", name: item.name };
      }
      if (parameter.word === "key") return literal("string", "k");
      const choice = fitting(parameter);
      const chosen = choice[dice(choice.length)];
      return chosen === undefined ? NULL : { kind: "column", name: chosen.name };
    };
    for (const [index, parameter] of signature.parameters.entries()) {
      if (parameter.optional && dice(2) === 0) break;
      operands.push(operandOf(parameter, index));
      if (parameter.rest) operands.push(operandOf(parameter, index + 1));
    }
    return call(name, ...operands);
  });
}

/** Calls where they may stand: window functions beside nothing else. */
function relationOf(kind: FunctionEntry["kind"], input: Relation, columns: readonly NamedExpression[]): Relation {
  if (kind === "scalar") return { kind: "select", input, columns };
  if (kind === "aggregate") return { kind: "aggregate", input, by: [], columns };
  return windowOf(input, columns);
}

function windowOf(input: Relation, columns: readonly NamedExpression[]): Relation {
  const by = [{ expression: { kind: "column", name: "c1" } }] as const;
  const window: Relation = { kind: "window", input, partition: [], by, columns };
  return { kind: "keep", input: window, columns: columns.map(([name]) => name) };
}

/** What the planner says of a call is what the engine gives: the type, and that what is never null never is. */
export function typeCases(harness: EngineHarness, declare: DeclareCase): void {
  for (const [name, entry] of Object.entries(catalogue)) {
    declare(`engine.types.${name}`, "of the type that is declared, and null only where that is", () =>
      withEngine(harness, async (given) => {
        for (const isNullable of [false, true]) {
          const dice = createDice();
          const { relation: input, columns } = inputOf(isNullable);
          const calls = entry.signatures
            .filter((signature) => signature !== "() -> int64")
            .map(parseSignature)
            .flatMap((signature) => callsOf(name, signature, columns, dice))
            .map((expression, index) => [`x${index}`, expression] as const);
          if (calls.length === 0) continue;
          const relation = relationOf(entry.kind, input, calls);
          const declared = schemaOf(relation, { schemaOf: () => ({ columns: [] }), parameters: new Map() });
          const { path } = await executed(given, relation, {}, { coarseIntervals: true });
          const written = await given.engine.schemaOfFile(path);
          const plain = (type: string): string => type.replaceAll(/enum\([^)]*\)/g, "string");
          expect(written.columns.map(({ type }) => plain(type))).toEqual(
            declared.columns.map(({ type }) => plain(type)),
          );

          const rows = await rowsOf(given.engine, relation);
          if (entry.kind === "aggregate") await executed(given, windowOf(input, calls));
          const never = declared.columns.flatMap(({ nullable }, index) => (nullable ? [] : [index]));
          const wrong = never.filter((index) => rows.some((row) => row[index] === null));
          expect(wrong.map((index) => calls[index])).toEqual([]);
        }
      }),
    );
  }
}
