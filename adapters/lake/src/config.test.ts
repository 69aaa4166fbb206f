import { describe, expect, it } from "vitest";
import { nameOf, parseAddress, tableOf } from "./config.ts";
import { parsePartition } from "./partition-text.ts";

describe("addresses of the lake", () => {
  it("name a table with its namespace", () => {
    const address = parseAddress({ type: "lake", table: "chicago.crash", partitions: ["day(at)"] });
    expect(address).toEqual({ type: "lake", connection: "lake", table: "chicago.crash", partitions: ["day(at)"] });
    expect(nameOf(address)).toBe("lake.chicago.crash");
    expect(nameOf({ type: "lake", path: "other", table: "a.b" })).toBe("lake:other#a.b");
    expect(parseAddress(address)).toEqual(address);
  });

  it.each([
    [{ table: "crash" }, "crash"],
    [{ table: "a..b" }, "a..b"],
    [{ table: "../x.y" }, "../x.y"],
    [{ table: "a.b@yesterday" }, "yesterday"],
    [{ table: "a.b", partitions: ["week(at)"] }, "week(at)"],
    [{ table: "a.b", partitions: ["bucket(id)"] }, "bucket(id)"],
    [{ table: "a.b", targetSize: "big" }, "big"],
    [{ table: "a.b", path: "x", connection: "y" }, "x"],
  ])("refuse %j by what is wrong", (members, offending) => {
    expect(() => parseAddress({ type: "lake", ...members })).toThrow(
      expect.objectContaining({ code: "config", offending }),
    );
  });

  it("name a version behind an @", () => {
    expect(tableOf("a.b@4871234000000000001").version).toEqual({ snapshot: 4871234000000000001n });
    expect(tableOf("a.b@2024-01-31").version).toEqual({ at: Date.UTC(2024, 0, 31) });
    expect(tableOf("a.b@2024-01-31 12:00:00").version).toEqual({ at: Date.UTC(2024, 0, 31, 12) });
    expect(tableOf("a.b@2024-01-31T12:00:00+02:00").version).toEqual({ at: Date.UTC(2024, 0, 31, 10) });
  });
});

describe("parsePartition", () => {
  it.each([
    ["region", "region", { kind: "identity" }],
    ["day(at)", "at", { kind: "day" }],
    ["bucket( 16 , id )", "id", { kind: "bucket", buckets: 16 }],
    ['truncate(4, "a ""b""")', 'a "b"', { kind: "truncate", width: 4 }],
  ])("reads %s", (text, column, transform) => {
    expect(parsePartition(text)).toEqual({ column, transform });
  });
});
