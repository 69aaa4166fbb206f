import type { LoadMode, Schema, SinkCapabilities } from "@sluice/core";
import { isSluiceError, storedSchema } from "@sluice/core";
import { expect } from "vitest";
import type { TextRow } from "../rows.ts";
import type { DeclareCase } from "../suite.ts";
import { expectCounts, expectRows, type Load, openSink, requestOf, runLoad, type SinkHarness } from "./harness.ts";
import { type LoadedTable, referenceLoad } from "./reference-load.ts";

/** Rows with a key, a column to part them by, one to compare, and one that says which is newer. */
export const SALES: Schema = {
  columns: [
    { name: "id", type: "int64", nullable: true },
    { name: "region", type: "string", nullable: true },
    { name: "amount", type: "decimal(10,2)", nullable: true },
    { name: "seen", type: "timestamp", nullable: true },
  ],
};

export const SALES_ROWS: readonly TextRow[] = [
  ["1", "north", "10.00", "2024-01-01 00:00:00"],
  ["2", "north", "20.00", "2024-01-02 00:00:00"],
  ["3", "south", null, "2024-01-03 00:00:00"],
  ["4", null, "40.00", null],
];

/** What arrives at a table that holds `SALES_ROWS`, by the name of the case. */
export const ARRIVALS: Readonly<Record<string, readonly [title: string, rows: readonly TextRow[]]>> = {
  "empty-batch": ["nothing arrives", []],
  added: [
    "rows with other keys arrive",
    [
      ["5", "west", "50.00", "2024-02-01 00:00:00"],
      ["6", "east", null, null],
    ],
  ],
  changed: [
    "all rows arrive again, some of them changed",
    [
      ["1", "north", "10.00", "2024-01-01 00:00:00"],
      ["2", "north", "25.00", "2024-01-02 00:00:00"],
      ["3", "south", null, "2024-01-03 00:00:00"],
      ["4", null, null, "2024-01-04 00:00:00"],
    ],
  ],
  deleted: [
    "only some of the rows arrive again",
    [
      ["2", "north", "20.00", "2024-01-02 00:00:00"],
      ["4", null, "40.00", null],
    ],
  ],
  mixed: [
    "an equal row, a changed one and a new one arrive",
    [
      ["7", "north", "70.00", "2024-02-01 00:00:00"],
      ["1", "north", "10.00", "2024-01-01 00:00:00"],
      ["3", "south", "30.00", "2024-02-03 00:00:00"],
    ],
  ],
  "duplicate-key": [
    "a key arrives twice",
    [
      ["77", "north", "1.00", "2024-03-01 00:00:00"],
      ["2", "south", "2.00", "2024-03-01 00:00:00"],
      ["77", "north", "3.00", "2024-03-02 00:00:00"],
    ],
  ],
  "null-key": [
    "a null key arrives",
    [
      ["8", "west", "80.00", "2024-03-01 00:00:00"],
      [null, null, "90.00", "2024-03-01 00:00:00"],
    ],
  ],
};

const FLAGGED: Schema = { columns: [...SALES.columns, { name: "gone", type: "bool", nullable: true }] };

/** For merge: settings and what arrives with them, by the name of the case and what a sink has to declare for it. */
const MERGES: Readonly<Record<string, readonly [title: string, load: Omit<Load, "mode">]>> = {
  deleteFlag: [
    "rows with the flag are deleted; null is no flag, and a key that is not there is nothing",
    {
      schema: FLAGGED,
      key: ["id"],
      deleteFlag: "gone",
      rows: [
        ["1", null, null, null, true],
        ["2", "north", "20.00", "2024-01-02 00:00:00", false],
        ["3", "south", "31.00", "2024-01-03 00:00:00", null],
        ["5", "west", "50.00", null, null],
        ["6", "west", "60.00", null, true],
      ],
    },
  ],
  newerBy: [
    "a row replaces the stored one only where it is newer; a null never does, and is always replaced",
    {
      schema: SALES,
      key: ["id"],
      newerBy: "seen",
      rows: [
        ["1", "north", "11.00", "2024-01-01 00:00:00"],
        ["2", "south", "22.00", "2024-01-01 23:59:59.999999"],
        ["3", "south", "33.00", "2024-01-03 00:00:00.000001"],
        ["4", "west", "44.00", "1999-01-01 00:00:00"],
        ["5", "west", "55.00", null],
      ],
    },
  ],
  missing: [
    "rows that did not arrive are deleted",
    {
      schema: SALES,
      key: ["id"],
      missing: "delete",
      rows: [
        ["2", "north", "20.00", "2024-01-02 00:00:00"],
        ["3", "south", "33.00", "2024-01-03 00:00:00"],
        ["9", "west", "90.00", null],
      ],
    },
  ],
};

const COMBINED: Readonly<Record<string, readonly [title: string, load: Omit<Load, "mode">]>> = {
  "newerBy.null": [
    "a null does not replace a value",
    {
      schema: SALES,
      key: ["id"],
      newerBy: "seen",
      rows: [
        ["1", "west", "1.00", null],
        ["4", "west", "4.00", null],
      ],
    },
  ],
  "missing.empty": [
    "where nothing arrives, everything is deleted",
    { schema: SALES, key: ["id"], missing: "delete", rows: [] },
  ],
  "deleteFlag+newerBy": [
    "an old deletion does not delete",
    {
      schema: FLAGGED,
      key: ["id"],
      deleteFlag: "gone",
      newerBy: "seen",
      rows: [
        ["1", null, null, "2024-01-01 00:00:00", true],
        ["2", null, null, "2024-01-03 00:00:00", true],
        ["3", null, null, null, true],
        ["4", null, null, "2024-01-01 00:00:00", true],
        ["5", null, null, "2024-01-01 00:00:00", false],
      ],
    },
  ],
  "deleteFlag+missing": [
    "both rows with the flag and rows that did not arrive are deleted",
    {
      schema: FLAGGED,
      key: ["id"],
      deleteFlag: "gone",
      missing: "delete",
      rows: [
        ["1", null, null, null, true],
        ["2", "north", "22.00", "2024-01-02 00:00:00", false],
        ["6", "west", "60.00", null, true],
      ],
    },
  ],
};

/** What a mode has to be told of `SALES`. */
export function salesSettings(mode: LoadMode): Pick<Load, "key" | "partitions"> {
  if (mode === "overwrite") return { partitions: ["region"] };
  return mode === "append" || mode === "replace" ? {} : { key: ["id"] };
}

/** The matrix: each mode, with each kind of batch that may arrive, gives what the reference computes. */
export function declareModeCases(declare: DeclareCase, harness: SinkHarness, capabilities: SinkCapabilities): void {
  const { modes, merge = [] } = capabilities;
  for (const mode of modes) {
    const sales = (rows: readonly TextRow[]): Load => ({ schema: SALES, rows, mode, ...salesSettings(mode) });
    for (const [name, [title, rows]] of Object.entries(ARRIVALS)) {
      declare(`sink.${mode}.${name}`, title, () => expectLoad(harness, sales(SALES_ROWS), sales(rows)));
    }
    declare(`sink.${mode}.repeated`, "the same commit again does nothing, whatever came between", async () => {
      const target = await harness.createTarget(salesSettings(mode).partitions);
      const [, changed = []] = ARRIVALS.mixed ?? [];
      await runLoad(harness, target, sales(SALES_ROWS));
      const once = await runLoad(harness, target, { ...sales(changed), commitId: "mixed" });
      const again = await runLoad(harness, target, { ...sales(changed), commitId: "mixed", epoch: 2 });
      expect(again.result).toEqual({ ...once.result, repeated: true });
      const first = referenceLoad(undefined, sales(SALES_ROWS));
      await expectRows(harness, target, SALES, referenceLoad(first.table, sales(changed)).table.rows);
    });
  }
  if (modes.includes("delete+insert")) {
    declare("sink.delete+insert.many", "a key may stand for many rows, there and among those that arrive", () => {
      const load = { schema: SALES, mode: "delete+insert", key: ["region"] } as const;
      const known = SALES_ROWS.filter((row) => row[1] !== null);
      const rows = (ARRIVALS.mixed?.[1] ?? []).filter((row) => row[1] === "north");
      return expectLoad(harness, { ...load, rows: known }, { ...load, rows });
    });
  }
  if (modes.includes("overwrite")) {
    declare("sink.overwrite.several", "partitions may be told by several columns", () => {
      const load = { schema: SALES, mode: "overwrite", partitions: ["region", "id"] } as const;
      const rows: readonly TextRow[] = [
        ["1", "north", "11.00", null],
        ["1", "south", "12.00", null],
        ["4", null, "13.00", null],
      ];
      return expectLoad(harness, { ...load, rows: SALES_ROWS }, { ...load, rows });
    });
  }
  if (modes.includes("merge")) declareMerges(declare, harness, merge);
  declareRefusals(declare, harness, capabilities);
}

function declareMerges(declare: DeclareCase, harness: SinkHarness, able: NonNullable<SinkCapabilities["merge"]>): void {
  const stored: Load = { schema: SALES, rows: SALES_ROWS, mode: "merge", key: ["id"] };
  for (const [name, [title, load]] of Object.entries({ ...MERGES, ...COMBINED })) {
    const needed = (["deleteFlag", "newerBy", "missing"] as const).filter((one) => load[one] !== undefined);
    if (!needed.every((one) => able.includes(one))) continue;
    declare(`sink.merge.${name}`, title, () => expectLoad(harness, stored, { ...load, mode: "merge" }));
    declare(`sink.merge.${name}.new`, `${title}; into nothing`, () =>
      expectLoad(harness, undefined, { ...load, mode: "merge" }),
    );
  }
  if (able.includes("deleteFlag")) {
    declare("sink.merge.deleteFlag.scan", "the flag is not among the columns of the table", async () => {
      const [, load] = MERGES.deleteFlag ?? [];
      if (load === undefined) throw new Error("no such case");
      const target = await harness.createTarget();
      await runLoad(harness, target, stored);
      const names = SALES.columns.map((column) => column.name);
      const { scanned } = await runLoad(harness, target, { ...load, mode: "merge", scan: names });
      const first = referenceLoad(undefined, stored);
      expect(scanned).toHaveLength(referenceLoad(first.table, { ...load, mode: "merge" }).table.rows.length);
    });
  }
}

/** Loads `stored`, then what arrives; or sees it refused, with the target as it was. */
async function expectLoad(harness: SinkHarness, stored: Load | undefined, load: Load): Promise<void> {
  const target = await harness.createTarget(load.partitions);
  let table: LoadedTable | undefined;
  if (stored !== undefined) {
    await runLoad(harness, target, stored);
    table = referenceLoad(undefined, stored).table;
  }
  let wanted: ReturnType<typeof referenceLoad>;
  try {
    wanted = referenceLoad(table, load);
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    const { code, reason } = error;
    const example = reason === "null-key" ? "null" : "77";
    const before = await target.traces();
    const attempt = runLoad(harness, target, load);
    await expect(attempt).rejects.toMatchObject({ code, reason, message: expect.stringContaining(example) });
    if (stored === undefined) expect(await target.traces()).toEqual(before);
    else await expectRows(harness, target, SALES, table?.rows ?? []);
    // Into nothing it is refused as well, and nothing is left there.
    if (stored !== undefined) await expectLoad(harness, undefined, load);
    return;
  }
  const { result } = await runLoad(harness, target, load);
  await expectRows(harness, target, storedSchema(wanted.table.schema, load), wanted.table.rows);
  expect(result?.repeated).toBe(false);
  expectCounts(result, wanted.counts);
}

function declareRefusals(declare: DeclareCase, harness: SinkHarness, { modes, merge = [] }: SinkCapabilities): void {
  const refused = async (load: Load, error: object): Promise<void> => {
    const target = await harness.createTarget(load.partitions);
    const before = await target.traces();
    const sink = await openSink(harness, target, await harness.openContext());
    await expect(sink.accepts(requestOf(load))).rejects.toMatchObject(error);
    await sink[Symbol.asyncDispose]();
    expect(await target.traces()).toEqual(before);
  };
  const all: readonly LoadMode[] = ["append", "replace", "merge", "insert-only", "delete+insert", "overwrite"];
  for (const mode of all.filter((one) => !modes.includes(one))) {
    declare(`sink.${mode}.refused`, "a mode that is not declared is refused before any row is read", () =>
      refused({ schema: SALES, rows: [], mode, ...salesSettings(mode) }, { code: "unsupported", offending: mode }),
    );
  }
  for (const mode of modes.filter((one) => one === "insert-only" || one === "delete+insert" || one === "merge")) {
    declare(
      `sink.${mode}.no-key`,
      "without a key, or with an unknown one, it is refused before any row is read",
      async () => {
        await refused({ schema: SALES, rows: [], mode }, { code: "config" });
        await refused({ schema: SALES, rows: [], mode, key: ["ids"] }, { code: "config", offending: "ids" });
      },
    );
  }
  if (!modes.includes("merge")) return;
  for (const [name, [, load]] of Object.entries(MERGES)) {
    if (merge.some((one) => one === name)) continue;
    declare(`sink.merge.${name}.refused`, "a merge that is not declared is refused before any row is read", () =>
      refused({ ...load, mode: "merge" }, { code: "unsupported", offending: name }),
    );
  }
}
