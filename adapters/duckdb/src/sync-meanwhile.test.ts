import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { syncingMeanwhile } from "./sync-meanwhile.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());

/** A sync with this outcome, and a write that goes on until it was asked for. */
function syncAndWrite(outcome: () => Promise<void>) {
  const folders: string[] = [];
  const sync = async (folder: string): Promise<void> => {
    folders.push(folder);
    await outcome();
  };
  const write = async (): Promise<number> => {
    vi.advanceTimersByTime(1000);
    expect(folders.length).toBeGreaterThan(0);
    return 7;
  };
  return { folders, sync, write };
}

const broken = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

it("syncs what is written so far, never twice at once, and gives what the write gives", async () => {
  const { folders, sync, write } = syncAndWrite(() => Promise.resolve());
  expect(await syncingMeanwhile("/out", write, sync)).toBe(7);
  // The timer came several times before the first sync ended.
  expect(folders).toEqual(["/out"]);
  vi.advanceTimersByTime(1000);
  expect(folders).toEqual(["/out"]);
});

it("says that the disk did not take it: a later sync would not be told", async () => {
  const { sync, write } = syncAndWrite(broken("EIO"));
  const message = "/out cannot be read or written: the device failed to answer";
  await expect(syncingMeanwhile("/out", write, sync)).rejects.toMatchObject({ code: "unavailable", message });
  const full = syncAndWrite(broken("ENOSPC"));
  await expect(syncingMeanwhile("/out", full.write, full.sync)).rejects.toMatchObject({ reason: "disk-full" });
});

it("says first what the write says", async () => {
  const { sync, write } = syncAndWrite(broken("EIO"));
  const fails = async (): Promise<never> => {
    await write();
    throw new Error("the query failed");
  };
  await expect(syncingMeanwhile("/out", fails, sync)).rejects.toThrow("the query failed");
});
