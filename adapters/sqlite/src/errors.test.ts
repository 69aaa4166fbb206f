import { expect, it } from "vitest";
import { toSluiceError } from "./errors.ts";

const failed = (code: string): Error => Object.assign(new Error("disk I/O error"), { code });
const path = "/project/.sluice/state.db";

it.each(["SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_WRITE"])("%s on a full disk says so", (code) => {
  expect(toSluiceError(failed(code), "opening the state", { path, freeBytes: () => 0 })).toMatchObject({
    code: "denied",
    reason: "disk-full",
    message: "opening the state failed: no space left on the disk of /project/.sluice",
  });
});

it("an I/O error of a disk with space left stays one", () => {
  const error = toSluiceError(failed("SQLITE_IOERR_READ"), "opening the state", { path, freeBytes: () => 1e9 });
  expect(error).toMatchObject({ code: "unavailable", message: "opening the state failed: disk I/O error" });
});
