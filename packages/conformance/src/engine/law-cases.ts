import {
  type Cell,
  catalogue,
  type Engine,
  type Expression,
  type FunctionEntry,
  isSluiceError,
  type Relation,
} from "@sluice/core";
import { expect } from "vitest";
import type { DeclareCase } from "../suite.ts";
import { type EngineHarness, rowsOf, withEngine } from "./bench.ts";
import { nullAt, ODD_ROWS, type OddCall, oddCallsOf, oddRows, openArguments } from "./odd-calls.ts";

/** What a call gives where one argument is null and none of the others is; `maybe` where it depends on them. */
type Law = "null" | "value" | "maybe";

const LAWS: Readonly<Record<FunctionEntry["nulls"], Law>> = {
  propagate: "null",
  always: "null",
  undecided: "maybe",
  never: "value",
  last: "value",
  // Of aggregates and windows.
  empty: "maybe",
  outside: "maybe",
};

/** What an entry says beyond its rule: which argument may be null, and what there is then. */
const SAID: Readonly<Record<string, readonly [argument: number, law: Law]>> = {
  // "Null where it equals the other, else the value": a null equals nothing.
  nullIf: [1, "value"],
  // "With one more item at the end, which may be null."
  append: [1, "value"],
};

function lawOf(name: string, entry: FunctionEntry, argument: number): Law {
  const said = SAID[name];
  return said?.[0] === argument ? said[1] : LAWS[entry.nulls];
}

function selected(input: Relation, expression: Expression): Relation {
  return {
    kind: "select",
    input,
    columns: [
      ["x", expression],
      ["row", { kind: "column", name: "row" }],
    ],
  };
}

function isBroken(law: Law, value: Cell): boolean {
  return law === "null" ? value !== null : law === "value" && value === null;
}

const shown = ({ name, types }: OddCall): string => `${name}(${types.map((type) => type ?? "constant").join(", ")})`;

/** A null for each argument in turn. */
async function nullsOf(engine: Engine, call: OddCall, entry: FunctionEntry): Promise<readonly string[]> {
  if (openArguments(call).length === 0) return [];
  try {
    const relation = selected(oddRows(call, "nulls"), call.expression);
    const broken = (await rowsOf(engine, relation)).flatMap(([value = null, row = null]) => {
      const argument = nullAt(call, Number(row));
      const law = lawOf(call.name, entry, argument);
      return isBroken(law, value) ? [`argument ${argument + 1} being null, is ${value} and not ${law}`] : [];
    });
    return [...new Set(broken)].map((one) => `${shown(call)}, ${one}`);
  } catch (thrown) {
    return [`${shown(call)}, an argument being null, fails: ${String(thrown)}`];
  }
}

/** The sentences that are not sluice's: of all rows together, and where one of them fails, of each alone. */
async function rawErrorsOf(engine: Engine, call: OddCall): Promise<readonly string[]> {
  const input = oddRows(call, "values");
  if ((await failureOf(engine, selected(input, call.expression))) === undefined) return [];
  const found: string[] = [];
  for (let row = 0; row < ODD_ROWS; row++) {
    const one: Expression = { kind: "literal", type: "number", value: String(row) };
    const isRow: Expression = { kind: "call", name: "eq", arguments: [{ kind: "column", name: "row" }, one] };
    const alone: Relation = { kind: "filter", input, condition: isRow };
    const thrown = await failureOf(engine, selected(alone, call.expression));
    if (thrown !== undefined && !isSaidBySluice(thrown)) found.push(`${shown(call)}, row ${row}: ${String(thrown)}`);
  }
  return found;
}

async function failureOf(engine: Engine, relation: Relation): Promise<unknown> {
  try {
    await rowsOf(engine, relation);
    return undefined;
  } catch (thrown) {
    return thrown;
  }
}

/** An error of the data, in a sentence that is no part of what the engine said. */
function isSaidBySluice(thrown: unknown): boolean {
  if (!isSluiceError(thrown) || thrown.code !== "data") return false;
  return thrown.message !== "" && !(thrown.cause instanceof Error && isPart(thrown.message, thrown.cause.message));
}

/** A sentence that sluice wrote into the query stands behind its mark. */
function isPart(sentence: string, said: string): boolean {
  return said.includes(sentence) && !said.includes("sluice:");
}

const PARTS = 6;

/** What every function of single values keeps to, whatever its arguments. */
export function lawCases(harness: EngineHarness, declare: DeclareCase): void {
  const scalars = Object.entries(catalogue).filter(([, entry]) => entry.kind === "scalar");

  declare("engine.law.nulls", "a null beside odd values gives what the entry of each function says", () =>
    withEngine(harness, async ({ engine }) => {
      const found: string[] = [];
      for (const [name, entry] of scalars) {
        for (const call of oddCallsOf(name, entry, "sound")) found.push(...(await nullsOf(engine, call, entry)));
      }
      expect(found.join("\n")).toBe("");
    }),
  );

  // In parts, since each failing row is a query of its own and a busy machine is slow.
  for (let part = 0; part < PARTS; part++) {
    declare(
      `engine.law.errors.${part + 1}`,
      "odd values give values, or an error of the data in a sentence of sluice",
      () =>
        withEngine(harness, async ({ engine }) => {
          const found: string[] = [];
          for (const [name, entry] of scalars.filter((_, index) => index % PARTS === part)) {
            for (const call of oddCallsOf(name, entry, "any")) found.push(...(await rawErrorsOf(engine, call)));
          }
          expect(found.join("\n")).toBe("");
        }),
    );
  }

  declare("engine.law.aggregates", "an aggregate of nulls only is null, unless it is never", () =>
    withEngine(harness, async ({ engine }) => {
      const found: string[] = [];
      for (const [name, entry] of Object.entries(catalogue).filter(([, one]) => one.kind === "aggregate")) {
        for (const call of oddCallsOf(name, entry, "sound")) {
          const [first] = openArguments(call);
          if (first === undefined) continue;
          const isNull: Expression = {
            kind: "call",
            name: "isNull",
            arguments: [{ kind: "column", name: `a${first}` }],
          };
          const input: Relation = { kind: "filter", input: oddRows(call, "nulls"), condition: isNull };
          const relation: Relation = { kind: "aggregate", input, by: [], columns: [["x", call.expression]] };
          const [[value = null] = []] = await rowsOf(engine, relation);
          if (isBroken(entry.nulls === "empty" ? "null" : "value", value)) found.push(`${shown(call)} is ${value}`);
        }
      }
      expect(found.join("\n")).toBe("");
    }),
  );
}
