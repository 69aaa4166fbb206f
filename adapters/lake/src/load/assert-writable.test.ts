import { join } from "node:path";
import { createPlaces, type Load, runLoad, type TextRow } from "@sluice/conformance";
import type { Expression, Schema } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { adapter, compactTable, deleteRows, existingLake } from "@sluice/lake";
import { afterAll, expect, it } from "vitest";

const places = createPlaces("sluice-lake-writable-");
afterAll(places.remove);
const engine = createDuckDbEngine({ threads: 2 });
afterAll(() => engine[Symbol.asyncDispose]());

const COLUMNS = { id: "int64", h: "bytes", in: "struct{h: bytes}" } as const;

it("a table of others with bytes of a fixed length is added to without them, and nothing of it is written anew", async () => {
  const path = join(await places.newFolder(), "lake");
  const openContext = () => places.newContext(engine);
  const harness = { name: "lake", adapter, openContext, createTarget: () => Promise.reject(new Error("has one")) };
  const load = (
    table: string,
    names: readonly (keyof typeof COLUMNS)[],
    row: TextRow,
    settings: Partial<Load> = {},
  ) => {
    const schema: Schema = { columns: names.map((name) => ({ name, type: COLUMNS[name], nullable: true })) };
    const target = {
      address: { type: "lake", path, table },
      rows: () => Promise.resolve(undefined),
      traces: () => Promise.resolve(null),
    };
    return runLoad(harness, target, { schema, rows: [row], mode: "append", ...settings });
  };
  await load("n.other", ["id"], ["0"]);
  const context = await openContext();
  const lake = await existingLake({ type: "lake", path }, path);
  const fixed = { kind: "fixed", length: 3 } as const;
  await lake?.createTable(
    { namespace: ["n"], name: "t" },
    {
      schema: [
        { name: "id", type: { kind: "long" } },
        { name: "h", type: fixed },
        { name: "in", type: { kind: "struct", fields: [{ id: 0, name: "h", required: false, type: fixed }] } },
      ],
    },
  );
  const refused = (name: string) => ({
    code: "unsupported",
    offending: name,
    message: expect.stringContaining("fixed[3]"),
  });
  await load("n.t", ["id"], ["1"]);
  await load("n.t", ["id"], ["2"]);
  await expect(load("n.t", ["id", "h"], ["3", "616263"])).rejects.toMatchObject(refused("h"));
  await expect(load("n.t", ["id", "in"], ["3", "{'h': 616263}"])).rejects.toMatchObject(refused("in"));
  await expect(load("n.t", ["id"], ["1"], { mode: "merge", key: ["id"] })).rejects.toMatchObject(refused("h"));
  const table = await lake?.loadTable({ namespace: ["n"], name: "t" });
  if (table === undefined) throw new Error("no table");
  const first: Expression = {
    ...{ kind: "call", name: "eq" },
    arguments: [
      { kind: "column", name: "id" },
      { kind: "literal", type: "number", value: "1" },
    ],
  };
  await expect(deleteRows(table, context, first)).rejects.toMatchObject(refused("h"));
  await expect(compactTable(table, context)).rejects.toMatchObject(refused("h"));
});
