import { expect } from "vitest";
import { PEOPLE, PEOPLE_ROWS } from "../fixtures.ts";
import type { TextRow } from "../rows.ts";
import type { DeclareCase } from "../suite.ts";
import { expectRows, type Load, openSink, requestOf, runLoad, type SinkHarness } from "./harness.ts";

/** Merge: what a key promises. */
export function declareMergeCases(declare: DeclareCase, harness: SinkHarness): void {
  const people = (rows: readonly TextRow[], key: readonly string[] = ["id"]): Load => ({
    schema: PEOPLE,
    rows,
    mode: "merge",
    key,
  });

  declare("sink.merge.changed", "equal keys are updated, new ones inserted, equal rows left alone", async () => {
    const target = await harness.createTarget();
    await runLoad(harness, target, people(PEOPLE_ROWS));
    const fresh: readonly TextRow[] = [
      ["2", "Grace", "1.00"],
      ["3", null, null],
      ["4", "Not empty", null],
      ["5", "Edsger", "5.00"],
    ];
    const { result } = await runLoad(harness, target, people(fresh));
    expect(result).toMatchObject({ repeated: false, inserted: 1, updated: 2, unchanged: 1 });
    await expectRows(harness, target, PEOPLE, [PEOPLE_ROWS[0] ?? [], ...fresh]);
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

  declare("sink.merge.other-key", "the key may change from one run to the next", async () => {
    const target = await harness.createTarget();
    await runLoad(harness, target, people([["1", "a", "1.00"]]));
    await runLoad(harness, target, people([["1", "b", "2.00"]], ["id", "name"]));
    await expectRows(harness, target, PEOPLE, [
      ["1", "a", "1.00"],
      ["1", "b", "2.00"],
    ]);
  });

  const refused = (id: string, title: string, rows: readonly TextRow[], example: string): void => {
    declare(id, title, async () => {
      const target = await harness.createTarget();
      const absent = await target.traces();
      const attempt = runLoad(harness, target, people(rows));
      await expect(attempt).rejects.toMatchObject({ code: "data", message: expect.stringContaining(example) });
      expect(await target.traces()).toEqual(absent);
      await runLoad(harness, target, people(PEOPLE_ROWS));
      await expect(runLoad(harness, target, people(rows))).rejects.toMatchObject({ code: "data" });
      await expectRows(harness, target, PEOPLE, PEOPLE_ROWS);
    });
  };
  const nullKey: readonly TextRow[] = [
    ["7", "Barbara", "7.00"],
    [null, "Nobody", "1.00"],
  ];
  refused("sink.merge.null-key", "a null key is refused by name", nullKey, "null");
  const twice: readonly TextRow[] = [
    ["77", "Barbara", "7.00"],
    ["77", "Liskov", "7.00"],
  ];
  refused("sink.merge.duplicate-key", "a key that comes twice is refused with an example", twice, "77");

  declare(
    "sink.merge.no-key",
    "a merge without a key, or with an unknown one, is refused before any row is read",
    async () => {
      const sink = await openSink(harness, await harness.createTarget(), await harness.openContext());
      await expect(sink.accepts(requestOf(people([], [])))).rejects.toMatchObject({ code: "config" });
      const unknown = sink.accepts(requestOf(people([], ["ids"])));
      await expect(unknown).rejects.toMatchObject({ code: "config", offending: "ids" });
      await sink[Symbol.asyncDispose]();
    },
  );
}
