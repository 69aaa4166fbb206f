import { readInput } from "@sluice/conformance";
import { accepts, type FrozenDataset, type StreamInfo } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, describe, expect, it } from "vitest";
import { createProject, type Project, removeFolders } from "./files.fixture.ts";
import { readSplit } from "./split.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
const surroundings = { engine, readInput };
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});
const project = (): Promise<Project> => createProject(surroundings);

/** As C, Go, Java, JavaScript, NumPy, R, Rust and databases print them. */
const WORDS = ["nan", "NaN", "NAN", "-nan", "inf", "-inf", "Inf", "+Inf", "-Inf", "INF", "Infinity", "-Infinity"];

async function lookAt(
  values: readonly string[],
  options: Parameters<Project["discover"]>[1] = {},
): Promise<StreamInfo> {
  const at = await project();
  await at.write("a.csv", `k;v\n${values.map((value) => `1;${value}\n`).join("")}`);
  return await at.discover("a.csv", options);
}

const typeOf = ({ columns }: Pick<FrozenDataset, "columns">): string | undefined => columns[1]?.type;

describe("nan and inf", () => {
  it.each(WORDS)("are floats among numbers: %s", async (word) => {
    const at = await project();
    await at.write("a.csv", `id,v\n1,1.5\n2,${word}\n3,\n4,-2\n`);
    const dataset = await at.freeze("a.csv");
    const [, column] = dataset.columns;
    expect(column).toMatchObject({ type: "float64", nullable: true });
    expect(dataset.warnings).toEqual(
      /nan/i.test(word)
        ? [`"v" is NaN in 1 of 3 values: declare nulls: ["${word}"] if "${word}" means that there is none`]
        : [],
    );
    if (column !== undefined) expect(accepts(column, word)).toBeUndefined();
    // The strict read gives the rows, the split the same ones, and neither gives a reject.
    const rows = await at.rows(dataset);
    const { accepted, rejected } = await readSplit(surroundings, await at.scan(dataset));
    expect([rejected, accepted]).toEqual([[], rows]);
    const value = /nan/i.test(word) ? /nan/i : word.startsWith("-") ? /^-inf/i : /^inf/i;
    expect((rows[1] as readonly unknown[])[1]).toEqual(expect.stringMatching(value));
  });

  it("make floats of whole numbers, and of numbers with a comma", async () => {
    expect(typeOf(await lookAt(["1", "2", "inf"]))).toBe("float64");
    const marked = await lookAt(["1,5", "2,5", "-Infinity"]);
    expect(marked.columns[1]).toMatchObject({ type: "float64", decimal: "," });
    const grouped = await lookAt(["1,234,567", "1,234", "inf"]);
    expect(grouped.columns[1]).toMatchObject({ type: "float64", thousands: "," });
    const declared = await lookAt(["1,5", "NaN"], { decimal: "," });
    expect(declared.columns[1]).toMatchObject({ type: "float64", decimal: "," });
  });

  it("are words where no number is among them, or another word", async () => {
    for (const values of [["nan"], ["nan", "nan", "inf"], ["Nan", "Bob", "Inf"], ["nan", "true"], ["007", "nan"]]) {
      expect([typeOf(await lookAt(values)), values]).toEqual(["string", values]);
    }
    expect((await lookAt(["nan", "nan"])).warnings).toEqual([
      '"v" is string because all its values are words such as "nan", with no number among them: declare its type if they are numbers, or nulls: ["nan"] if they mean that there is none',
    ]);
  });

  it("are null where the dataset says so", async () => {
    const { columns, warnings } = await lookAt(["1", "nan", "3"], { nulls: ["nan"] });
    expect([columns[1]?.type, columns[1]?.nulls, warnings]).toEqual(["int64", ["nan"], []]);
  });

  it("are not rounded with what is beside them", async () => {
    const { columns, warnings } = await lookAt(["9007199254740993", "nan"]);
    expect(columns[1]?.type).toBe("string");
    expect(warnings).toEqual([
      '"v" is string because it holds whole numbers of more than 15 digits, which a float64 rounds, and "nan", which no decimal is: declare its type',
    ]);
  });

  it("are no misfits where another word is", async () => {
    const { columns, warnings } = await lookAt(["1", "nan", "inf", "x"]);
    expect(columns[1]?.type).toBe("string");
    expect(warnings).toEqual([
      '"v" is string because 1 of 4 values is no float64, the first "x" in line 5: declare its type to reject them',
    ]);
  });

  it("may be the name of a column, and its first value", async () => {
    const at = await project();
    await at.write("a.csv", "id,inf,sup\n1,2.5,3\n2,-inf,inf\n");
    expect((await at.discover("a.csv")).columns.map(({ name }) => name)).toEqual(["id", "inf", "sup"]);
    await at.write("b.csv", "1,nan,2\n2,2.5,3\n3,nan,inf\n");
    expect((await at.discover("b.csv")).columns.map(({ type }) => type)).toEqual(["int64", "float64", "float64"]);
  });
});
