import type { LoadMode } from "@sluice/core";
import { expect } from "vitest";
import { PEOPLE, PEOPLE_ROWS } from "../fixtures.ts";
import type { TextRow } from "../rows.ts";
import type { DeclareCase } from "../suite.ts";
import { expectRows, type Load, openSink, requestOf, runLoad, type SinkHarness } from "./harness.ts";

/** Exactly once: what a commit id and an epoch promise. */
export function declareCommitCases(
  declare: DeclareCase,
  harness: SinkHarness,
  modes: readonly LoadMode[],
  people: (mode: LoadMode, rows?: readonly TextRow[]) => Load,
): void {
  const more: readonly TextRow[] = [["5", "Edsger", "5.00"]];

  for (const mode of modes) {
    declare(`sink.commit.idempotent.${mode}`, "the same commit id again does nothing", async () => {
      const target = await harness.createTarget(people(mode).partitions);
      const once = await runLoad(harness, target, { ...people(mode), commitId: "a" });
      // A resumed run has a later lease, and would write the same rows.
      const again = await runLoad(harness, target, { ...people(mode), commitId: "a", epoch: 2 });
      expect(once.result?.repeated).toBe(false);
      expect(again.result).toEqual({ ...once.result, repeated: true });
      await expectRows(harness, target, PEOPLE, PEOPLE_ROWS);
      const next = await runLoad(harness, target, { ...people(mode, more), commitId: "b", epoch: 2 });
      expect(next.result?.repeated).toBe(false);
    });

    declare(`sink.commit.lower-epoch.${mode}`, "who lost the lease cannot write", async () => {
      const target = await harness.createTarget(people(mode).partitions);
      await runLoad(harness, target, { ...people(mode), epoch: 5 });
      const before = await target.traces();
      const late = runLoad(harness, target, { ...people(mode, more), epoch: 4 });
      await expect(late).rejects.toMatchObject({ code: "conflict" });
      expect(await target.traces()).toEqual(before);
      await runLoad(harness, target, { ...people(mode, more), epoch: 5 });
      await expectRows(harness, target, PEOPLE, mode === "replace" ? more : [...PEOPLE_ROWS, ...more]);
    });
  }

  const [mode] = modes;
  if (mode === undefined) return;

  declare("sink.committed.absent", "nothing was committed to a new target, and asking leaves no trace", async () => {
    const target = await harness.createTarget(people(mode).partitions);
    const before = await target.traces();
    const sink = await openSink(harness, target, await harness.openContext());
    expect(await sink.committed(requestOf(people(mode)))).toBeUndefined();
    await sink[Symbol.asyncDispose]();
    expect(await target.traces()).toEqual(before);
  });

  declare("sink.committed.present", "the target knows what was committed last, by step and slice", async () => {
    const target = await harness.createTarget(people(mode).partitions);
    const load = { ...people(mode), commitId: "a", epoch: 3, position: { offset: 42 } };
    const { result } = await runLoad(harness, target, load);
    const sink = await openSink(harness, target, await harness.openContext());
    expect(await sink.committed(requestOf(load))).toEqual({
      commitId: "a",
      epoch: 3,
      result,
      position: { offset: 42 },
    });
    expect(await sink.committed(requestOf({ ...load, step: "other" }))).toBeUndefined();
    expect(await sink.committed(requestOf({ ...load, slice: "2024-01-01" }))).toBeUndefined();
    await sink[Symbol.asyncDispose]();
  });

  declare("sink.commit.follows", "rows that begin where another commit ended than the last are refused", async () => {
    const target = await harness.createTarget(people(mode).partitions);
    await runLoad(harness, target, { ...people(mode), commitId: "a", follows: null });
    const before = await target.traces();
    for (const follows of [null, "other"]) {
      const late = runLoad(harness, target, { ...people(mode, more), commitId: "b", epoch: 2, follows });
      await expect(late).rejects.toMatchObject({ code: "conflict", reason: "position" });
    }
    expect(await target.traces()).toEqual(before);
    const again = await runLoad(harness, target, { ...people(mode), commitId: "a", epoch: 2, follows: null });
    expect(again.result?.repeated).toBe(true);
    await runLoad(harness, target, { ...people(mode, more), commitId: "b", epoch: 2, follows: "a" });
    await expectRows(harness, target, PEOPLE, mode === "replace" ? more : [...PEOPLE_ROWS, ...more]);
  });

  declare("sink.reposition", "a position is moved beside what was committed, by no lower epoch", async () => {
    const target = await harness.createTarget();
    const load = { ...people(mode), commitId: "a", epoch: 3, position: { offset: 42 } };
    const { result } = await runLoad(harness, target, load);
    const sink = await openSink(harness, target, await harness.openContext());
    const reposition = sink.reposition?.bind(sink);
    if (reposition !== undefined) {
      await reposition(requestOf({ ...load, epoch: 5 }), { offset: 7 });
      const moved = { commitId: "a", epoch: 5, result, position: { offset: 7 } };
      expect(await sink.committed(requestOf(load))).toEqual(moved);
      await expect(reposition(requestOf({ ...load, epoch: 4 }), { offset: 8 })).rejects.toMatchObject({
        code: "conflict",
        reason: "epoch",
      });
      expect(await sink.committed(requestOf(load))).toEqual(moved);
      await expectRows(harness, target, PEOPLE, PEOPLE_ROWS);
    }
    await sink[Symbol.asyncDispose]();
  });

  const { takeAway } = harness;
  if (takeAway !== undefined) {
    declare("sink.committed.gone", "rows that go on are refused where those before them were taken away", async () => {
      const target = await harness.createTarget();
      const load = { ...people(mode), commitId: "a", position: { offset: 42 } };
      await runLoad(harness, target, load);
      await takeAway(target);
      const before = await target.traces();
      const sink = await openSink(harness, target, await harness.openContext());
      const stored = await sink.committed(requestOf(load));
      if (stored !== undefined) expect(stored).toMatchObject({ commitId: "a", isGone: true });
      const next: Load = { ...people(mode, more), commitId: "b", follows: "a", goesOn: true };
      await expect(runLoad(harness, target, next)).rejects.toMatchObject({ code: "conflict", reason: "position" });
      expect(await target.traces()).toEqual(before);
      // Somebody says from where it goes on all the same.
      if (stored !== undefined) await sink.reposition?.(requestOf(load), { offset: 0 });
      await sink[Symbol.asyncDispose]();
      await runLoad(harness, target, { ...next, follows: stored?.commitId ?? null });
      await expectRows(harness, target, PEOPLE, more);
    });
  }

  declare("sink.commit.discarded-id", "a load that was left may commit later under the same id", async () => {
    const target = await harness.createTarget(people(mode).partitions);
    await runLoad(harness, target, { ...people(mode), commitId: "a", discard: true });
    const { result } = await runLoad(harness, target, { ...people(mode), commitId: "a" });
    expect(result?.repeated).toBe(false);
    await expectRows(harness, target, PEOPLE, PEOPLE_ROWS);
  });
}
