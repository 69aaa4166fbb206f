import { cron } from "@sluice/core";
import { expect, test } from "vitest";
import { cronProblem } from "./cron-problem.ts";
import { definePipeline, transform, values } from "./index.ts";

test.each([
  "0 3 * * *",
  "*/15 0-6/2 1,15 jan-mar MON-fri",
  "0 0 29 2 *",
  "59 23 31 12 7",
  " 5,10-20/5  *  * * sun",
  "0 0 31 2 1",
])("%j is a schedule", (text) => {
  expect(cronProblem(text)).toBeUndefined();
});

test.each([
  ["99 99 99 99 99", '"99" is no minute', "99"],
  ["foo bar baz qux quux", '"foo" is no minute', "foo"],
  ["*-5 1,,2 // - -", '"*" is no minute', "*-5"],
  ["0 1,,2 * * *", '"" is no hour', "1,,2"],
  ["0 24 * * *", '"24" is no hour', "24"],
  ["0 0 0 * *", '"0" is no day of month', "0"],
  ["0 0 L * *", '"L" is no day of month', "L"],
  ["0 0 * 13 *", '"13" is no month', "13"],
  ["0 0 * mon *", '"mon" is no month', "mon"],
  ["0 0 * * 8", '"8" is no day of week', "8"],
  ["0 0 * * 1#2", '"1#2" is no day of week', "1#2"],
  ["0 0 * * 1-2-3", '"1-2-3" is no day of week', "1-2-3"],
  ["0 22-6 * * *", 'the range "22-6" goes down', "22-6"],
  ["*/0 * * * *", '"0" is no step', "*/0"],
  ["*/-1 * * * *", '"-1" is no step', "*/-1"],
  ["*/1/2 * * * *", '"*/1/2" is no minute', "*/1/2"],
  ["5/15 * * * *", '"5/15" is a step without a range', "5/15"],
  ["0 0 31 feb,apr *", "never comes", "31 feb,apr"],
  ["daily", '"daily" is not a schedule', "daily"],
])("%j is none", (text, message, offending) => {
  expect(cronProblem(text)).toMatchObject({ message: expect.stringContaining(message), offending });
});

test("a pipeline refuses a schedule that is none", () => {
  const step = transform({ name: "a", query: values({ x: "int64" }, [{ x: 1 }]) });
  const define = (schedule: { cron: string }): unknown => definePipeline({ name: "p", schedule, steps: [step] });
  expect(() => define(cron("0 99 * * *"))).toThrow('"0 99 * * *" is not a schedule: "99" is no hour');
  expect(() => define({ cron: "0 0 * * 9" })).toThrow('"9" is no day of week');
  expect(define(cron("0 3 * * 1-5"))).toMatchObject({ definition: { schedule: { cron: "0 3 * * 1-5" } } });
});
