import { readInput } from "@sluice/conformance";
import type { StreamInfo } from "@sluice/core";
import { createDuckDbEngine } from "@sluice/duckdb";
import { afterAll, describe, expect, it } from "vitest";
import { createProject, removeFolders } from "./files.fixture.ts";

const engine = createDuckDbEngine({ threads: 2 });
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await removeFolders();
});

const HEADER = "id,day,at,name,size,ok,note";
const line = (id: number): string =>
  `${id},2024-02-${String(10 + (id % 19))},2024-02-10T10:20:30,${"name ".repeat(60)}${id},${id}.5,${id % 2 === 0},n`;
/** Above the size from which a text is glanced at. */
const BODY = Array.from({ length: 25_000 }, (_, id) => line(id));

/** Both looks at a text, without what only people read. */
async function looks(content: string): Promise<readonly [glanced: StreamInfo, whole: StreamInfo]> {
  const project = await createProject({ engine, readInput });
  await project.write("x.csv", content);
  const bare = ({ rows: _, ...found }: StreamInfo): StreamInfo => ({
    ...found,
    columns: found.columns.map(({ comment: _comment, ...column }) => column),
  });
  return [bare(await project.discover("x.csv", {}, { isForOnce: true })), bare(await project.discover("x.csv"))];
}

const text = (...more: readonly string[]): string => `${[HEADER, ...BODY, ...more].join("\n")}\n`;
const last = (changes: Readonly<Record<number, string>>): string =>
  line(7)
    .split(",")
    .map((field, index) => changes[index] ?? field)
    .join(",");

describe("a look that is used once", () => {
  it.each([
    ["regular to its end", text()],
    ["with a code in a column of numbers", text(last({ 0: "007" }))],
    ["with a fraction in a column of whole numbers", text(last({ 0: "1.5" }))],
    ["with a number of 25 digits", text(last({ 0: "1234567890123456789012345" }))],
    ["with a whole number that no float is", text(last({ 4: "9007199254740993" }))],
    ["with a float of 21 digits", text(last({ 4: "1234567.89012345678901" }))],
    ["with a word in a column of floats", text(last({ 4: "inf" }))],
    ["with one in a column of whole numbers", text(last({ 0: "-Infinity" }))],
    ["with NaN in a column of floats", text(last({ 4: "NaN" }))],
    ["with the first number of a column at its end", text(last({ 6: "12" })).replaceAll(/,n$/gm, ",inf")],
    ["with a day that is none", text(last({ 1: "2024-02-30" }))],
    ["with another layout", text(last({ 1: "10/02/2024" }))],
    ["with the first fraction of a second at its end", text(last({ 2: "2024-02-10T10:20:30.5" }))],
    ["with the first time without one at its end", `${text().replaceAll("T10:20:30,", "T10:20:30.25,")}${line(7)}\n`],
    ["with blanks around a number", text(last({ 4: " 1.5 " }))],
    ["with a word in a column of truths", text(last({ 5: "yes" }))],
    ["with the first value of a column at its end", text(last({ 6: "12" })).replaceAll(/,n$/gm, ",")],
    ["with a record that is too short", text("1,2")],
    ["with a record that is too long", text(`${line(1)},more`)],
    ["with a line that ends otherwise", `${text()}${line(1)}\r\n`],
    ["with lines that end in CR LF", text().replaceAll("\n", "\r\n")],
    ["with one that does not", `${text().replaceAll("\n", "\r\n")}${line(1)}\n`],
    ["with quoted empty fields only at its end", text(last({ 6: '""' }))],
    ["with an open quote", text(`1,"2024-02-10`)],
    ["with a NUL", text(last({ 3: "a\0b" }))],
  ])("finds in a text %s what a look at all of it finds", async (_what, content) => {
    const [glanced, whole] = await looks(content);
    expect(glanced).toEqual(whole);
  });

  it("knows of fractions that may be absent, and reads on by them", async () => {
    const project = await createProject({ engine, readInput });
    await project.write("x.csv", text().replaceAll(/(?<=T10:20:30)(?=.*[05],\d+\.5,)/g, ".25"));
    const glanced = await project.discover("x.csv", {}, { isForOnce: true });
    expect([glanced.rows, glanced.warnings]).toEqual([undefined, []]);
    expect(glanced.columns[2]).toMatchObject({ type: "timestamp", format: "%Y-%m-%dT%H:%M:%S%.f" });
  });

  it("takes another way than the look at all", async () => {
    const project = await createProject({ engine, readInput });
    await project.write("x.csv", text());
    expect((await project.discover("x.csv", {}, { isForOnce: true })).rows).toBeUndefined();
    expect((await project.discover("x.csv")).rows).toBe(BODY.length);
  });
});
