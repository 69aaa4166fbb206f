import { expect, test } from "vitest";
import { inlineName } from "./used-sources.ts";

test.each([
  [{ type: "file", path: "data/orders.csv.gz" }, "orders"],
  [{ type: "file", path: "data/{day}.csv" }, "data"],
  [{ type: "file", path: "data/2024 *.csv" }, "source_2024"],
  [{ type: "sqlite", connection: "w", table: "crash" }, "crash"],
  [{ type: "file", path: "{day}.csv" }, "source"],
])("an address without a name is called after its file, folder or table: %j", (address, name) => {
  expect(inlineName(address, new Set())).toBe(name);
});

test("names that are taken are told apart", () => {
  expect(inlineName({ type: "file", path: "a.csv" }, new Set(["a", "a_2"]))).toBe("a_3");
});
