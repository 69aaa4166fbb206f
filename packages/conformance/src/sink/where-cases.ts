import type { Expression, SinkCapabilities } from "@sluice/core";
import { expect } from "vitest";
import type { TextRow } from "../rows.ts";
import type { DeclareCase } from "../suite.ts";
import { expectCounts, expectRows, type Load, openSink, requestOf, runLoad, type SinkHarness } from "./harness.ts";
import { SALES, SALES_ROWS } from "./mode-cases.ts";

const column = (name: string): Expression => ({ kind: "column", name });
const number = (value: string): Expression => ({ kind: "literal", type: "number", value });
const text = (value: string): Expression => ({ kind: "literal", type: "string", value });
const call = (name: string, ...operands: readonly Expression[]): Expression => ({
  kind: "call",
  name,
  arguments: operands,
});

/** Rows of `SALES` that meet a condition, told by hand. */
interface WhereCase {
  readonly title: string;
  readonly where: Expression;
  readonly meets: (row: TextRow) => boolean;
  readonly rows: readonly TextRow[];
}

const CASES: Readonly<Record<string, WhereCase>> = {
  number: {
    title: "the rows that meet a condition go, and what arrives comes; a null meets nothing",
    where: call("gte", column("amount"), number("15")),
    meets: (row) => row[2] !== null && Number(row[2]) >= 15,
    rows: [
      ["7", "north", "15.00", null],
      ["2", "south", "99.50", "2024-02-03 00:00:00"],
    ],
  },
  text: {
    title: "texts are compared by their bytes",
    where: call("lt", column("region"), text("s")),
    meets: (row) => row[1] !== null && String(row[1]) < "s",
    rows: [["9", "Z", "1.00", null]],
  },
  time: {
    title: "a condition may be about times",
    where: call("lt", column("seen"), text("2024-01-02 12:00:00")),
    meets: (row) => row[3] !== null && String(row[3]) < "2024-01-02 12:00:00",
    rows: [["9", "west", null, "1969-12-31 00:00:00"]],
  },
  several: {
    title: "of several conditions, each and any",
    where: call(
      "or",
      call("and", call("eq", column("region"), text("north")), call("lte", column("id"), number("1"))),
      call("isNull", column("region")),
    ),
    meets: (row) => (row[1] === "north" && Number(row[0]) <= 1) || row[1] === null,
    rows: [
      ["1", "north", "11.00", null],
      ["8", null, null, null],
    ],
  },
  empty: {
    title: "the rows that meet it go where nothing arrives, too",
    where: call("not", call("eq", column("region"), text("north"))),
    meets: (row) => row[1] !== null && row[1] !== "north",
    rows: [],
  },
  none: {
    title: "where no row meets it, none goes",
    where: call("gt", column("id"), number("1000")),
    meets: (row) => Number(row[0]) > 1000,
    rows: [["1001", "west", "1.00", null]],
  },
  all: {
    title: "where every row meets it, all go",
    where: call("gt", column("id"), number("0")),
    meets: () => true,
    rows: [["5", "west", "1.00", null]],
  },
};

const STORED: Load = { schema: SALES, rows: SALES_ROWS, mode: "append" };
const overwrite = ({ where, rows }: Pick<WhereCase, "where" | "rows">): Load => ({
  schema: SALES,
  rows,
  mode: "overwrite",
  where,
});

/** An overwrite by a condition, for sinks that declare it; the others refuse it. */
export function declareWhereCases(declare: DeclareCase, harness: SinkHarness, capabilities: SinkCapabilities): void {
  if (!capabilities.modes.includes("overwrite")) return;
  const [some] = Object.values(CASES);
  if (some === undefined) return;
  if (capabilities.overwrite?.includes("where") !== true) {
    declare("sink.overwrite.where.refused", "a condition is refused before any row is read", async () => {
      const target = await harness.createTarget(["region"]);
      const sink = await openSink(harness, target, await harness.openContext());
      const asked = sink.accepts(requestOf(overwrite(some)));
      await expect(asked).rejects.toMatchObject({ code: "unsupported", offending: "where" });
      await sink[Symbol.asyncDispose]();
    });
    return;
  }
  for (const [name, { title, where, meets, rows }] of Object.entries(CASES)) {
    declare(`sink.overwrite.where.${name}`, title, async () => {
      const target = await harness.createTarget();
      await runLoad(harness, target, STORED);
      const { result } = await runLoad(harness, target, overwrite({ where, rows }));
      const kept = SALES_ROWS.filter((row) => !meets(row));
      await expectRows(harness, target, SALES, [...kept, ...rows]);
      const deleted = SALES_ROWS.length - kept.length;
      expectCounts(result, { inserted: rows.length, updated: 0, deleted, unchanged: 0 });
    });
  }
  declare("sink.overwrite.where.new", "into nothing, what arrives comes", async () => {
    const target = await harness.createTarget();
    const { result } = await runLoad(harness, target, overwrite(some));
    await expectRows(harness, target, SALES, some.rows);
    expectCounts(result, { inserted: some.rows.length, updated: 0, deleted: 0, unchanged: 0 });
  });
  declare("sink.overwrite.where.outside", "a row that does not meet it is refused, and nothing changes", async () => {
    const target = await harness.createTarget();
    await runLoad(harness, target, STORED);
    const rows: readonly TextRow[] = [...some.rows, ["10", "west", "14.99", null], ["11", "west", null, null]];
    const attempt = runLoad(harness, target, overwrite({ ...some, rows }));
    const message = expect.stringContaining("2 of 4 rows");
    await expect(attempt).rejects.toMatchObject({ code: "data", reason: "outside", message });
    await expectRows(harness, target, SALES, SALES_ROWS);
  });
  declare("sink.overwrite.where.repeated", "the same commit again does nothing, whatever came between", async () => {
    const target = await harness.createTarget();
    await runLoad(harness, target, STORED);
    const once = await runLoad(harness, target, { ...overwrite(some), commitId: "once" });
    const later: TextRow = ["12", "west", "70.00", null];
    await runLoad(harness, target, { ...STORED, rows: [later], step: "other" });
    const again = await runLoad(harness, target, { ...overwrite(some), commitId: "once", epoch: 2 });
    expect(again.result).toEqual({ ...once.result, repeated: true });
    await expectRows(harness, target, SALES, [...SALES_ROWS.filter((row) => !some.meets(row)), ...some.rows, later]);
  });
  declare("sink.overwrite.where.scan", "checks see the table as it will be", async () => {
    const target = await harness.createTarget();
    await runLoad(harness, target, STORED);
    const { scanned } = await runLoad(harness, target, { ...overwrite(some), scan: ["id"], discard: true });
    const kept = SALES_ROWS.filter((row) => !some.meets(row));
    expect(scanned?.map(([id]) => Number(id)).toSorted((a, b) => a - b)).toEqual(
      [...kept, ...some.rows].map(([id]) => Number(id)).toSorted((a, b) => a - b),
    );
    await expectRows(harness, target, SALES, SALES_ROWS);
  });
}
