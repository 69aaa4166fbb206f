import { adapter } from "@sluice/sqlite";
import { describe, expect, it } from "vitest";

describe("addresses", () => {
  it.each([
    [{ type: "sqlite", connection: "warehouse", table: "crash" }, "sqlite.warehouse.crash"],
    [{ type: "sqlite", path: "out/chicago.db", table: "crash" }, "sqlite:out/chicago.db#crash"],
    [{ type: "sqlite", connection: "warehouse" }, "sqlite.warehouse"],
  ])("%j is called %s", (address, name) => {
    expect(adapter.parseAddress(address)).toEqual(address);
    expect(adapter.nameOf(address)).toBe(name);
  });

  it.each([
    [{ type: "sqlite", table: "crash" }, "needs either `connection` or `path`"],
    [{ type: "sqlite", connection: "a", path: "b", table: "crash" }, "needs either `connection` or `path`"],
    [{ type: "sqlite", path: "a.db", tabel: "crash" }, "tabel"],
    [{ type: "sqlite", path: "a.db", table: "" }, '"table" is ""; expected some text'],
    [{ type: "sqlite", path: "a.db", table: "_sluice_commits" }, '"_sluice_commits" is a reserved table name'],
    [{ type: "sqlite", connection: "warehouse", table: "SQLITE_master" }, '"SQLITE_master" is a reserved table name'],
  ])("%j is refused", (address, message) => {
    expect(() => adapter.parseAddress(address)).toThrow(
      expect.objectContaining({
        code: "config",
        message: expect.stringContaining(message),
        hint: expect.stringMatching(/./),
      }),
    );
  });

  it("a connection names its file", () => {
    expect(adapter.parseConnection?.({ type: "sqlite", path: "chicago.db" })).toEqual({
      type: "sqlite",
      path: "chicago.db",
    });
    expect(() => adapter.parseConnection?.({ type: "sqlite" })).toThrow(
      'sqlite connection: "path" is missing; expected text',
    );
    expect(() => adapter.parseConnection?.({ type: "sqlite", path: "a.db", mode: "ro" })).toThrow("mode");
  });
});
