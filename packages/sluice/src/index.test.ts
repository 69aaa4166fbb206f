import { catalogue } from "@sluice/core";
import { expect, test } from "vitest";
import * as publicEntry from "./index.ts";

test("every aggregate and window function of the catalogue is public, so that one more is one entry and one name here", () => {
  const names = Object.entries(catalogue)
    .filter(
      ([, { kind, signatures }]) => kind === "aggregate" || (kind === "window" && !signatures[0]?.includes("self")),
    )
    .map(([name]) => name);
  expect(names).not.toEqual([]);
  expect(names.filter((name) => !Object.hasOwn(publicEntry, name))).toEqual([]);
});
