import type { Schema, SinkCapabilities } from "@sluice/core";
import { expect } from "vitest";
import type { TextRow } from "../rows.ts";
import type { DeclareCase } from "../suite.ts";
import { expectRows, type Load, openSink, requestOf, runLoad, type SinkHarness } from "./harness.ts";

const NARROW: Schema = {
  columns: [
    { name: "id", type: "int32", nullable: true },
    { name: "amount", type: "decimal(6,2)", nullable: true },
  ],
};
const WIDE: Schema = {
  columns: [
    { name: "id", type: "int64", nullable: true },
    { name: "amount", type: "decimal(12,2)", nullable: true },
  ],
};
const MORE: Schema = { columns: [...NARROW.columns, { name: "note", type: "string", nullable: true }] };
const NARROW_ROWS: readonly TextRow[] = [
  ["1", "1.50"],
  ["2", null],
];
const WIDE_ROWS: readonly TextRow[] = [["9223372036854775807", "9999999999.99"]];
const MORE_ROWS: readonly TextRow[] = [["3", "3.00", "three"]];

/** How far a target changes to take rows, in the first mode that keeps the rows that are there. */
export function declareEvolveCases(declare: DeclareCase, harness: SinkHarness, capabilities: SinkCapabilities): void {
  const { evolve = ["add"] } = capabilities;
  const mode = capabilities.modes.find((one) => one === "append" || one === "merge");
  if (mode === undefined) return;
  const key = mode === "merge" ? { key: ["id"] } : {};
  const narrow: Load = { schema: NARROW, rows: NARROW_ROWS, mode, ...key };
  const more: Load = { schema: MORE, rows: MORE_ROWS, mode, ...key };
  const wide: Load = { schema: WIDE, rows: WIDE_ROWS, mode, ...key };
  const refused = async (load: Load): Promise<void> => {
    const target = await harness.createTarget();
    await runLoad(harness, target, narrow);
    const before = await target.traces();
    await expect(runLoad(harness, target, load)).rejects.toMatchObject({ code: "config" });
    expect(await target.traces()).toEqual(before);
  };

  if (evolve.includes("add")) {
    declare(
      "sink.evolve.add",
      "a column that the target lacks is added, and null in the rows that are there",
      async () => {
        const target = await harness.createTarget();
        await runLoad(harness, target, narrow);
        await runLoad(harness, target, more);
        await expectRows(harness, target, MORE, [...NARROW_ROWS.map((row) => [...row, null]), ...MORE_ROWS]);
      },
    );
    declare("sink.evolve.fewer", "a column that does not arrive stays, and is null in the rows that do", async () => {
      const target = await harness.createTarget();
      await runLoad(harness, target, more);
      await runLoad(harness, target, narrow);
      await expectRows(harness, target, MORE, [...MORE_ROWS, ...NARROW_ROWS.map((row) => [...row, null])]);
    });
  }
  if (evolve.includes("fail")) {
    declare("sink.evolve.fail", "a target that may not change refuses another column, and takes the same", async () => {
      await refused({ ...more, evolve: "fail" });
      const target = await harness.createTarget();
      await runLoad(harness, target, narrow);
      await runLoad(harness, target, { ...narrow, rows: [["3", "3.00"]], evolve: "fail" });
      await expectRows(harness, target, NARROW, [...NARROW_ROWS, ["3", "3.00"]]);
    });
    if (capabilities.modes.includes("replace")) {
      declare("sink.evolve.fail.replace", "a replace that may not change the target keeps its columns", async () => {
        const target = await harness.createTarget();
        await runLoad(harness, target, { schema: NARROW, rows: NARROW_ROWS, mode: "replace" });
        const other: Load = { schema: MORE, rows: MORE_ROWS, mode: "replace", evolve: "fail" };
        await expect(runLoad(harness, target, other)).rejects.toMatchObject({ code: "config" });
        await expectRows(harness, target, NARROW, NARROW_ROWS);
      });
    }
  }
  if (evolve.includes("widen")) {
    declare("sink.evolve.widen", "a type that is too narrow becomes a wider one", async () => {
      const target = await harness.createTarget();
      await runLoad(harness, target, narrow);
      await runLoad(harness, target, { ...wide, evolve: "widen" });
      await expectRows(harness, target, WIDE, [...NARROW_ROWS, ...WIDE_ROWS]);
      await runLoad(harness, target, { ...narrow, rows: [["3", "3.00"]], evolve: "fail" });
      await expectRows(harness, target, WIDE, [...NARROW_ROWS, ...WIDE_ROWS, ["3", "3.00"]]);
    });
  }
  declare("sink.evolve.narrow", "values beyond the type of a column are refused or kept, never changed", async () => {
    const target = await harness.createTarget();
    await runLoad(harness, target, narrow);
    const isKept = await runLoad(harness, target, wide).then(
      () => true,
      () => false,
    );
    await expectRows(harness, target, WIDE, isKept ? [...NARROW_ROWS, ...WIDE_ROWS] : NARROW_ROWS);
  });
  for (const way of (["fail", "add", "widen"] as const).filter((one) => !evolve.includes(one))) {
    declare(`sink.evolve.${way}.refused`, "what is not declared is refused before any row is read", async () => {
      const sink = await openSink(harness, await harness.createTarget(), await harness.openContext());
      const asked = sink.accepts(requestOf({ ...narrow, evolve: way }));
      await expect(asked).rejects.toMatchObject({ code: "unsupported", offending: way });
      await sink[Symbol.asyncDispose]();
    });
  }
}
