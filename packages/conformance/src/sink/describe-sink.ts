import type { LoadMode } from "@sluice/core";
import { expect } from "vitest";
import { PEOPLE, PEOPLE_ROWS, typesTable, WICKED, WICKED_ROWS, wideTable } from "../fixtures.ts";
import { plainRows, sortedRows, type TextRow } from "../rows.ts";
import { type DeclareCase, describeSuite } from "../suite.ts";
import { declareCommitCases } from "./commit-cases.ts";
import { declareEvolveCases } from "./evolve-cases.ts";
import { capabilitiesOf, expectRows, type Load, openSink, requestOf, runLoad, type SinkHarness } from "./harness.ts";
import { declareMergeCases } from "./merge-cases.ts";
import { declareModeCases } from "./mode-cases.ts";
import { expectReport, reportOf } from "./report.ts";
import { declareWhereCases } from "./where-cases.ts";

/** The cases that every sink passes, for the modes that it declares. */
export function describeSink(harness: SinkHarness): void {
  const { adapter } = harness;
  const capabilities = capabilitiesOf(harness);
  const { modes } = capabilities;
  const people = (mode: LoadMode, rows: readonly TextRow[] = PEOPLE_ROWS): Load => ({
    schema: PEOPLE,
    rows,
    mode,
    ...keyedBy(mode, "id"),
  });
  const newTarget = (mode: LoadMode, column = "id") => harness.createTarget(keyedBy(mode, column).partitions);
  const first: LoadMode = modes[0] ?? "replace";

  describeSuite("sink", harness.name, harness.gaps ?? {}, (declareCase) => {
    const ids: string[] = [];
    const declare: DeclareCase = (id, title, body) => {
      ids.push(id);
      declareCase(id, title, body);
    };
    declare("sink.capabilities.declared", "the adapter and the open sink declare the same", async () => {
      const target = await harness.createTarget();
      const sink = await openSink(harness, target, await harness.openContext());
      expect(sink.capabilities).toEqual(capabilities);
      expect(adapter.sinkFor?.(adapter.parseAddress(target.address)) ?? adapter.sink).toEqual(capabilities);
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

    declare("sink.accepts.mode", "a mode that there is not is refused before any row is read", async () => {
      const target = await harness.createTarget();
      const sink = await openSink(harness, target, await harness.openContext());
      const request = { ...requestOf(people(first)), mode: "upsert" as LoadMode };
      await expect(sink.accepts(request)).rejects.toMatchObject({ code: "unsupported", offending: "upsert" });
      await sink[Symbol.asyncDispose]();
    });

    for (const mode of modes) {
      declare(`sink.${mode}.empty`, "no rows make an empty table", async () => {
        const target = await newTarget(mode);
        await runLoad(harness, target, people(mode, []));
        expect(plainRows(PEOPLE, (await target.rows(PEOPLE)) ?? [["absent"]])).toEqual([]);
      });

      declare(`sink.${mode}.new`, "rows arrive as they are, and are counted", async () => {
        const target = await newTarget(mode);
        const { result } = await runLoad(harness, target, people(mode));
        await expectRows(harness, target, PEOPLE, PEOPLE_ROWS);
        expect(result).toMatchObject({ repeated: false, inserted: PEOPLE_ROWS.length });
      });

      declare(`sink.${mode}.discard`, "leaving without a commit leaves nothing behind", async () => {
        const target = await newTarget(mode);
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
        const target = await newTarget(mode);
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
        const target = await newTarget(mode);
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
        const target = await newTarget(mode);
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
        const target = await newTarget(mode, "key");
        await runLoad(harness, target, {
          schema: keyed,
          rows: numbered,
          mode,
          ...keyedBy(mode, "key"),
        });
        await expectRows(harness, target, keyed, numbered);
      });
    }

    if (modes.includes("replace")) {
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

    // Rows of one key each: the second row of both tables repeats the first one's.
    const single = first === "append" || first === "replace" ? 2 : 1;
    declare("sink.names.wicked", "columns may be called anything", async () => {
      const key = WICKED.columns[1]?.name ?? "";
      const target = await newTarget(first, key);
      const rows = WICKED_ROWS.slice(0, single);
      await runLoad(harness, target, { schema: WICKED, rows, mode: first, ...keyedBy(first, key) });
      await expectRows(harness, target, WICKED, rows);
    });

    declare("sink.columns.many", "a table may be wide", async () => {
      const { schema, rows } = wideTable(Math.min(500, harness.mostColumns ?? 500));
      const target = await newTarget(first, "column_1");
      const some = rows.slice(0, single);
      await runLoad(harness, target, { schema, rows: some, mode: first, ...keyedBy(first, "column_1") });
      await expectRows(harness, target, schema, some);
    });

    declare("sink.rows.many", "more rows than fit one batch arrive, in order where the sink keeps it", async () => {
      const target = await newTarget(first);
      const rows = Array.from({ length: 5_003 }, (_, index) => [String((index * 7919) % 5_003), `n${index}`, "1.00"]);
      await runLoad(harness, target, people(first, rows));
      await expectRows(harness, target, PEOPLE, rows);
    });

    declareCommitCases(declare, harness, modes, people);
    declareModeCases(declare, harness, capabilities);
    declareWhereCases(declare, harness, capabilities);
    declareEvolveCases(declare, harness, capabilities);
    if (modes.includes("merge")) declareMergeCases(declare, harness);
    const { report } = harness;
    if (report === undefined) return;
    declareCase("sink.report", "the matrix in docs/loads.md says what this suite does", async () =>
      expectReport(report, reportOf(report, ids, harness.gaps ?? {})),
    );
  });
}

/** What a mode has to be told, where one column tells rows apart. */
function keyedBy(mode: LoadMode, column: string): Pick<Load, "key" | "partitions"> {
  if (mode === "overwrite") return { partitions: [column] };
  return mode === "append" || mode === "replace" ? {} : { key: [column] };
}
