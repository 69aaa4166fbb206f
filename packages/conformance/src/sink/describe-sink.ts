import type { LoadMode } from "@sluice/core";
import { expect } from "vitest";
import { PEOPLE, PEOPLE_ROWS, typesTable, WICKED, WICKED_ROWS, wideTable } from "../fixtures.ts";
import { plainRows, sortedRows, type TextRow } from "../rows.ts";
import { describeSuite } from "../suite.ts";
import { declareCommitCases } from "./commit-cases.ts";
import { expectRows, type Load, openSink, requestOf, runLoad, type SinkHarness } from "./harness.ts";
import { declareMergeCases } from "./merge-cases.ts";

/** The cases that every sink passes, for the modes that it declares. */
export function describeSink(harness: SinkHarness): void {
  const { adapter } = harness;
  const modes = adapter.sink?.modes ?? [];
  const people = (mode: LoadMode, rows: readonly TextRow[] = PEOPLE_ROWS): Load => ({
    schema: PEOPLE,
    rows,
    mode,
    ...(mode === "merge" ? { key: ["id"] } : {}),
  });
  const first: LoadMode = modes[0] ?? "replace";

  describeSuite("sink", harness.name, harness.gaps ?? {}, (declare) => {
    declare("sink.capabilities.declared", "the adapter and the open sink declare the same", async () => {
      const sink = await openSink(harness, await harness.createTarget(), await harness.openContext());
      expect(sink.capabilities).toEqual(adapter.sink);
      await sink[Symbol.asyncDispose]();
    });

    declare("sink.check.new", "a target that is not there yet can be checked, and stays absent", async () => {
      const target = await harness.createTarget();
      const before = await target.traces();
      const sink = await openSink(harness, target, await harness.openContext());
      await sink.check(new AbortController().signal);
      await sink[Symbol.asyncDispose]();
      expect(await target.traces()).toEqual(before);
    });

    declare("sink.accepts.mode", "a mode that is not declared is refused before any row is read", async () => {
      const target = await harness.createTarget();
      const sink = await openSink(harness, target, await harness.openContext());
      const absent = (["append", "replace", "merge"] as const).find((mode) => !modes.includes(mode));
      const mode = absent ?? ("upsert" as LoadMode);
      await expect(sink.accepts({ ...requestOf(people(mode)), key: ["id"] })).rejects.toMatchObject({
        code: "unsupported",
      });
      await sink[Symbol.asyncDispose]();
    });

    for (const mode of modes) {
      declare(`sink.${mode}.empty`, "no rows make an empty table", async () => {
        const target = await harness.createTarget();
        await runLoad(harness, target, people(mode, []));
        expect(plainRows(PEOPLE, (await target.rows(PEOPLE)) ?? [["absent"]])).toEqual([]);
      });

      declare(`sink.${mode}.new`, "rows arrive as they are, and are counted", async () => {
        const target = await harness.createTarget();
        const { result } = await runLoad(harness, target, people(mode));
        await expectRows(harness, target, PEOPLE, PEOPLE_ROWS);
        expect(result).toMatchObject({ repeated: false, inserted: PEOPLE_ROWS.length });
      });

      declare(`sink.${mode}.discard`, "leaving without a commit leaves nothing behind", async () => {
        const target = await harness.createTarget();
        const absent = await target.traces();
        await runLoad(harness, target, { ...people(mode), scan: ["id"], discard: true });
        expect(await target.traces()).toEqual(absent);
        await runLoad(harness, target, people(mode));
        const present = await target.traces();
        await runLoad(harness, target, { ...people(mode, [["9", "Nobody", "1.00"]]), scan: ["id"], discard: true });
        expect(await target.traces()).toEqual(present);
        await expectRows(harness, target, PEOPLE, PEOPLE_ROWS);
      });

      declare(`sink.${mode}.failure`, "a failure inside the commit leaves the target as it was", async () => {
        const target = await harness.createTarget();
        const checkpoint = (name: string): void => {
          if (name === "load.committing") throw new Error("killed on purpose");
        };
        const absent = await target.traces();
        await expect(runLoad(harness, target, { ...people(mode), checkpoint })).rejects.toThrow("killed on purpose");
        expect(await target.traces()).toEqual(absent);
        await runLoad(harness, target, people(mode));
        const failing = { ...people(mode, [["9", "Nobody", "1.00"]]), checkpoint };
        await expect(runLoad(harness, target, failing)).rejects.toThrow("killed on purpose");
        await expectRows(harness, target, PEOPLE, PEOPLE_ROWS);
      });

      declare(`sink.${mode}.cancelled`, "told to stop, it stops and leaves the target as it was", async () => {
        const target = await harness.createTarget();
        const before = await target.traces();
        const controller = new AbortController();
        const { local, ...rest } = await harness.openContext();
        const sink = await openSink(harness, target, { ...rest, local });
        const request = { ...requestOf(people(mode)), signal: controller.signal };
        await sink.accepts(request);
        const staging = await sink.stage(request);
        controller.abort();
        await expect(staging.commit()).rejects.toMatchObject({ code: "cancelled" });
        await staging[Symbol.asyncDispose]();
        await sink[Symbol.asyncDispose]();
        expect(await target.traces()).toEqual(before);
      });

      declare(`sink.${mode}.scan`, "before the commit, a scan shows the table as it would be", async () => {
        const target = await harness.createTarget();
        const fresh = await runLoad(harness, target, { ...people(mode), scan: ["id", "name", "amount"] });
        expect(sortedRows(fresh.scanned ?? [])).toEqual(sortedRows(plainRows(PEOPLE, PEOPLE_ROWS)));
        const more: readonly TextRow[] = [["5", "Edsger", "5.00"]];
        const second = await runLoad(harness, target, { ...people(mode, more), scan: ["name"] });
        const wanted = mode === "replace" ? more : [...PEOPLE_ROWS, ...more];
        const names = wanted.map((row) => [row[1] as string | null]);
        expect(sortedRows(second.scanned ?? [])).toEqual(sortedRows(names));
        await expectRows(harness, target, PEOPLE, wanted);
      });

      declare(`sink.${mode}.types`, "every type keeps its values", async () => {
        const { schema, rows } = typesTable(harness.withoutTypes);
        const keyed = { columns: [{ name: "key", type: "int64", nullable: false }, ...schema.columns] };
        const numbered = rows.map((row, index) => [String(index), ...row]);
        const target = await harness.createTarget();
        await runLoad(harness, target, {
          schema: keyed,
          rows: numbered,
          mode,
          ...(mode === "merge" ? { key: ["key"] } : {}),
        });
        await expectRows(harness, target, keyed, numbered);
      });
    }

    if (modes.includes("replace")) {
      declare("sink.replace.changed", "the old rows go, the new ones stay", async () => {
        const target = await harness.createTarget();
        await runLoad(harness, target, people("replace"));
        const rows: readonly TextRow[] = [["7", "Barbara", "7.70"]];
        await runLoad(harness, target, people("replace", rows));
        await expectRows(harness, target, PEOPLE, rows);
      });

      declare("sink.replace.other-schema", "other columns take the place of the old", async () => {
        const target = await harness.createTarget();
        await runLoad(harness, target, people("replace"));
        const schema = { columns: [{ name: "title", type: "string", nullable: true }, ...PEOPLE.columns.slice(0, 1)] };
        const rows: readonly TextRow[] = [["Countess", "1"]];
        await runLoad(harness, target, { schema, rows, mode: "replace" });
        await expectRows(harness, target, schema, rows);
      });
    }

    if (modes.includes("append")) {
      declare("sink.append.twice", "rows come behind those that are there", async () => {
        const target = await harness.createTarget();
        await runLoad(harness, target, people("append"));
        const rows: readonly TextRow[] = [["1", "Ada", "12.30"]];
        await runLoad(harness, target, people("append", rows));
        await expectRows(harness, target, PEOPLE, [...PEOPLE_ROWS, ...rows]);
      });

      if (modes.includes("replace")) {
        declare("sink.append.after-replace", "an append goes to what a replace made", async () => {
          const target = await harness.createTarget();
          await runLoad(harness, target, people("replace"));
          const rows: readonly TextRow[] = [["5", "Edsger", "5.00"]];
          await runLoad(harness, target, { ...people("append", rows), epoch: 2 });
          await expectRows(harness, target, PEOPLE, [...PEOPLE_ROWS, ...rows]);
        });
      }
    }

    declare("sink.names.wicked", "columns may be called anything", async () => {
      const target = await harness.createTarget();
      const key = first === "merge" ? { key: [WICKED.columns[1]?.name ?? ""] } : {};
      const rows = first === "merge" ? WICKED_ROWS.slice(0, 1) : WICKED_ROWS;
      await runLoad(harness, target, { schema: WICKED, rows, mode: first, ...key });
      await expectRows(harness, target, WICKED, rows);
    });

    declare("sink.columns.many", "a table may be wide", async () => {
      const { schema, rows } = wideTable(Math.min(500, harness.mostColumns ?? 500));
      const target = await harness.createTarget();
      const key = first === "merge" ? { key: ["column_1"] } : {};
      await runLoad(harness, target, {
        schema,
        rows: first === "merge" ? rows.slice(0, 1) : rows,
        mode: first,
        ...key,
      });
      await expectRows(harness, target, schema, first === "merge" ? rows.slice(0, 1) : rows);
    });

    declare("sink.rows.many", "more rows than fit one batch arrive, in order where the sink keeps it", async () => {
      const target = await harness.createTarget();
      const rows = Array.from({ length: 5_003 }, (_, index) => [String((index * 7919) % 5_003), `n${index}`, "1.00"]);
      await runLoad(harness, target, people(first, rows));
      await expectRows(harness, target, PEOPLE, rows);
    });

    declareCommitCases(declare, harness, modes, people);
    if (modes.includes("merge")) declareMergeCases(declare, harness);
  });
}
