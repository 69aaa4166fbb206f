import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { CsvDialect, FrozenColumn } from "@sluice/core";
import { describe, expect, it } from "vitest";
import { convertText } from "./convert.ts";
import { column, convert, converting, expectedRows, inputOf, root, rowsBy } from "./converted-text.fixture.ts";

describe("a conversion of text", () => {
  it("refuses bytes that are no UTF-8 wherever they stand, also at the edge of what is looked at", async () => {
    const two = [column("a", "string"), column("b", "string")];
    for (let at = 0; at < 40; at += 1) {
      const bytes = Buffer.from("é,aaaaaaa\n".repeat(5));
      expect(await convert(inputOf({ text: bytes, columns: two }), ["a"], { textBytes: 16 })).toBe(5);
      if (bytes[at] === 10 || bytes[at] === 44) continue;
      bytes[at] = 0xff;
      expect(await convert(inputOf({ text: bytes, columns: two }), ["b"], { textBytes: 16 })).toBe(undefined);
    }
  });

  it("leaves what it has no rule for to the strict read", async () => {
    const text = "1,x\n2,y\n";
    const [one, other] = [column("a", "int64"), column("b", "string")];
    expect(await convert(inputOf({ text, columns: [one, other] }), ["a"])).toBe(2);
    const more: readonly Partial<FrozenColumn>[] = [
      { trim: true },
      { nulls: ["NA"] },
      { decimal: "," },
      { thousands: "." },
      { partition: true },
    ];
    for (const change of more) {
      const changed = [one, other].map((each) => ({ ...each, ...change }));
      expect([change, await convert(inputOf({ text, columns: changed }), ["a"])]).toEqual([change, undefined]);
    }
    for (const type of ["json", "bytes", "enum('x', 'y')", "timestamptz"]) {
      const changed = [one, column("b", type)];
      expect([type, await convert(inputOf({ text, columns: changed }), ["a"])]).toEqual([type, undefined]);
    }
    const dialects: readonly Partial<CsvDialect>[] = [
      { delimiter: "||" },
      { quote: "" },
      { quote: " " },
      { escape: "\\" },
      { newline: "mixed" },
      { newline: "cr" },
      { comment: "#" },
      { skip: 1 },
      { ragged: "pad" },
    ];
    for (const dialect of dialects) {
      const input = inputOf({ text, columns: [one, other], dialect });
      expect([dialect, await convert(input, ["a"])]).toEqual([dialect, undefined]);
    }
    // Of several byte order marks, one is left out when a file is made ready to be read, and DuckDB leaves out another.
    const marked = inputOf({ text: `\u{FEFF}x,y\n\u{FEFF}z,y\n`, columns: [column("a", "string"), other] });
    expect(await convert(marked, ["b"])).toBe(undefined);
    const gone = inputOf({ text, columns: [one, other] });
    await rm(gone.groups[0]?.files[0]?.path ?? "");
    expect(await convert(gone, ["a"])).toBe(undefined);
  });

  it("keeps the order of many records and files, and nothing of them when the query is over", async () => {
    const columns = [column("n", "int64"), column("s", "string")];
    const [first, second] = [0, 150_000].map((from) =>
      inputOf({
        text: Array.from(
          { length: 150_000 },
          (_, n) => `${from + n},${n % 5 === 0 ? "" : `"${"v".repeat(n % 30)}"`}\n`,
        ).join(""),
        columns,
        dialect: { delimiter: "," },
      }),
    );
    if (first === undefined || second === undefined) throw new Error("no input");
    const group = first.groups[0];
    const both = {
      ...first,
      groups: [{ order: group?.order ?? [], files: [first, second].flatMap((one) => one.groups[0]?.files ?? []) }],
    };
    const rows = await rowsBy(converting, both, ["n", "s"]);
    expect(rows).toEqual(await expectedRows(both, ["n", "s"]));
    expect(rows.map(([n]) => Number(n))).toEqual(Array.from({ length: 300_000 }, (_, n) => n));
    const folders = readdirSync(root).filter((name) => name.startsWith("duckdb-"));
    const left = folders.flatMap((folder) => (existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : []));
    expect(left.filter((name) => name.startsWith("text-"))).toEqual([]);
  });

  it("stops when it is told to", async () => {
    const columns = [column("a", "int64"), column("b", "string")];
    const input = inputOf({ text: "1,x\n", columns });
    const stopped = convertText({ input, columns: ["a"], folder: root, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
    expect(readdirSync(root).filter((name) => name.endsWith(".parquet"))).toEqual([]);
  });
});
