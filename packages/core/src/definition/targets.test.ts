import { expect, it } from "vitest";
import type { Address } from "../schema/frozen.ts";
import { mayRead } from "./targets.ts";

it.each<[Address, Address, boolean]>([
  [{ type: "csv", path: "a/b.csv" }, { type: "file", path: "./a//b.csv" }, true],
  [{ type: "file", path: "a/*.csv" }, { type: "file", path: "a/b/c.csv" }, false],
  [{ type: "file", path: "a/**/*.csv" }, { type: "file", path: "a/b/c.csv" }, true],
  [{ type: "file", path: "{day}.csv" }, { type: "file", path: "2024.csv" }, true],
  [{ type: "file", path: "a[1].csv" }, { type: "file", path: "a1.csv" }, false],
  [{ type: "sqlite", connection: "w", table: "a" }, { type: "sqlite", connection: "v", table: "a" }, false],
])("a target is what a source reads: %j, %j, %s", (source, target, same) => {
  expect(mayRead(source, target)).toBe(same);
});
