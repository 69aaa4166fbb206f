import { expect } from "vitest";
import { PEOPLE } from "../fixtures.ts";
import type { TextRow } from "../rows.ts";
import type { DeclareCase } from "../suite.ts";
import { expectRows, type Load, runLoad, type SinkHarness } from "./harness.ts";

/** Merge: what a key promises. */
export function declareMergeCases(declare: DeclareCase, harness: SinkHarness): void {
  const people = (rows: readonly TextRow[], key: readonly string[] = ["id"]): Load => ({
    schema: PEOPLE,
    rows,
    mode: "merge",
    key,
  });

  declare("sink.merge.composite", "several columns may be the key", async () => {
    const target = await harness.createTarget();
    const rows: readonly TextRow[] = [
      ["1", "a", "1.00"],
      ["1", "b", "2.00"],
      ["2", "a", "3.00"],
    ];
    await runLoad(harness, target, people(rows, ["id", "name"]));
    const { result } = await runLoad(harness, target, people([["1", "b", "9.00"]], ["id", "name"]));
    expect(result).toMatchObject({ inserted: 0, updated: 1, unchanged: 0 });
    await expectRows(harness, target, PEOPLE, [rows[0] ?? [], ["1", "b", "9.00"], rows[2] ?? []]);
  });

  declare("sink.merge.key-only", "a table of nothing but its key can be merged", async () => {
    const target = await harness.createTarget();
    const schema = { columns: PEOPLE.columns.slice(0, 1) };
    const load = (rows: readonly TextRow[]): Load => ({ schema, rows, mode: "merge", key: ["id"] });
    await runLoad(harness, target, load([["1"], ["2"]]));
    const { result } = await runLoad(harness, target, load([["2"], ["3"]]));
    expect(result).toMatchObject({ inserted: 1, updated: 0, unchanged: 1 });
    await expectRows(harness, target, schema, [["1"], ["2"], ["3"]]);
  });

  declare("sink.merge.other-key", "the key may change where the load names the table", async () => {
    const target = await harness.createTarget();
    await runLoad(harness, target, people([["1", "a", "1.00"]]));
    // Who keeps the key with the table changes it only when told by name.
    const takeOver = String(target.address.table);
    await runLoad(harness, target, { ...people([["1", "b", "2.00"]], ["id", "name"]), takeOver });
    await expectRows(harness, target, PEOPLE, [
      ["1", "a", "1.00"],
      ["1", "b", "2.00"],
    ]);
  });
}
