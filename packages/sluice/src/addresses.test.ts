import { describe, expect, it } from "vitest";
import { csv, fixed, lines, parquet } from "./addresses.ts";
import { sourceOf } from "./dataset-options.ts";

describe("sources of text", () => {
  it("are addresses as YAML writes them", () => {
    const columns = { id: [1, 4], name: [6, 9] } as const;
    const { node } = fixed("data/x.txt", { columns, short: "pad", nulls: ["-"] });
    expect(node).toEqual({
      kind: "scan",
      source: {
        inline: {
          type: "file",
          path: "data/x.txt",
          format: "fixed",
          columns: [
            ["id", 1, 4],
            ["name", 6, 9],
          ],
          short: "pad",
          nulls: ["-"],
        },
      },
    });
    expect(
      fixed("data/x.txt", {
        columns: [
          ["id", [1, 4]],
          ["name", [6, 9]],
        ],
        short: "pad",
        nulls: ["-"],
      }).node,
    ).toEqual(node);
    expect(lines("x.log", { skip: 1 }).node).toMatchObject({
      source: { inline: { type: "file", path: "x.log", format: "lines", skip: 1 } },
    });
    expect(csv("x.csv", { comment: "#", decimal: ",", hive: false }).node).toMatchObject({
      source: { inline: { comment: "#", decimal: ",", hive: false } },
    });
    expect(parquet("x/*.parquet", { hive: true }).node).toMatchObject({ source: { inline: { hive: true } } });
  });

  it("keep the options of a dataset apart, which an inline source cannot have", () => {
    const source = fixed("x.txt", { columns: { id: [1, 4] }, required: ["id"] });
    expect(sourceOf(source)).toEqual({
      address: { type: "file", path: "x.txt", format: "fixed", columns: [["id", 1, 4]] },
      options: { required: ["id"] },
    });
    expect(() => source.node).toThrow('fixed("x.txt") has "required", which needs a dataset with a name');
  });

  it("refuse options that there are not", () => {
    expect(() => lines("x.log", { delimiter: "," } as never)).toThrow('lines("x.log") has no option "delimiter"');
    expect(() => csv("x.csv", { coment: "#" } as never)).toThrow('csv("x.csv") has no option "coment"');
    expect(() => fixed(" ", { columns: { id: [1, 4] } })).toThrow("names no file");
    expect(() => fixed("x.txt", {} as never)).toThrow('fixed("x.txt") needs its columns');
    expect(() => fixed("x.txt", { columns: { id: 4 } } as never)).toThrow('"id" stands at 4, not at [first, last]');
  });
});
