import { cron, definePipeline, literal, load, notNull, param, pattern, range, transform } from "@sluice/core";
import { describe, expect, it } from "vitest";
import { type Crashes, crashes, vehicles } from "./tables.ts";

const into = { type: "sqlite", connection: "warehouse", table: "crash" };
const crash = transform({ name: "crash", query: crashes.dropNulls(["latitude"]), checks: [notNull("id")] });
const both = crash.join(vehicles, { using: ["id"] });
const loadBoth = load({ name: "load_both", from: both.filter((c) => c.hour.gt(1)), into, mode: "merge", key: ["id"] });

describe("refused with a sentence", () => {
  const twin = transform({ name: "crash", query: vehicles });
  // biome-ignore lint/suspicious/noExplicitAny: mistakes that types would find
  const wrong = (value: unknown): any => value;
  it.each<[string, () => unknown, string, string]>([
    [
      "two steps of one name",
      () => definePipeline({ name: "p", steps: [loadBoth, twin] }),
      'two steps of the pipeline "p" are named "crash"',
      "another name",
    ],
    [
      "a parameter that is not declared",
      () =>
        definePipeline({
          name: "p",
          parameters: { day: { type: "date" } },
          steps: [transform({ name: "t", query: crashes.filter((c) => c.at.gt(param("dai", "timestamp"))) })],
        }),
      'the step "t" uses the parameter "dai", which is not declared',
      'did you mean "day"?',
    ],
    [
      "a parameter of another type",
      () =>
        definePipeline({
          name: "p",
          parameters: { day: { type: "date" } },
          steps: [transform({ name: "t", query: crashes.filter((c) => c.at.gt(param("day", "timestamp"))) })],
        }),
      'the step "t" takes the parameter "day" as timestamp, but it is date',
      'param("day", "date")',
    ],
    [
      "a parameter that may be null",
      () =>
        definePipeline({
          name: "p",
          parameters: { on: { type: "bool", default: null } },
          steps: [transform({ name: "t", query: crashes, when: () => param("on", "bool") })],
        }),
      'the step "t" takes the parameter "on" as bool, but it is bool?',
      'param("on", "bool?")',
    ],
    [
      "a cycle",
      () => {
        const a = transform({ name: "a", query: crashes, after: ["b"] });
        return definePipeline({ name: "p", steps: [transform({ name: "b", query: a })] });
      },
      'steps of the pipeline "p" wait for each other: a needs b needs a',
      "after",
    ],
    [
      "a relation as a step",
      () => definePipeline({ name: "p", steps: [wrong(crashes)] }),
      'the pipeline "p" holds an object as a step',
      "transform(…)",
    ],
    [
      "undefined as a step",
      () => definePipeline({ name: "p", steps: [wrong(undefined)] }),
      'the pipeline "p" holds undefined as a step',
      "",
    ],
    [
      "no steps",
      () => definePipeline({ name: "p", steps: [] }),
      'the steps of the pipeline "p" are an empty array, not an array of steps',
      "",
    ],
    ["no name", () => definePipeline(wrong({ steps: [crash] })), "a pipeline has the name undefined", ""],
    [
      "a default that does not fit",
      () => definePipeline({ name: "p", parameters: { day: { type: "date", default: "1.1.2024" } }, steps: [crash] }),
      'the default the text "1.1.2024" of the parameter "day" is not a date (write it as 2024-01-31)',
      "",
    ],
    ["four fields", () => cron("0 3 * *"), 'the text "0 3 * *" is not a schedule of five fields', "0 3 * * *"],
    [
      "merge without key",
      () => load(wrong({ name: "l", from: crash, into, mode: "merge" })),
      'the step "l": merge needs a key',
      'key: ["id"]',
    ],
    [
      "a key without merge",
      () => load(wrong({ name: "l", from: crash, into, key: ["id"] })),
      "only merge, insert-only and delete+insert compare keys",
      "merge",
    ],
    [
      "a condition without overwrite",
      () => load(wrong({ name: "l", from: crash, into, mode: "append", where: (c: Crashes) => c.hour.gt(1) })),
      'the step "l": the mode is append, and only overwrite replaces rows by a condition',
      'mode: "overwrite"',
    ],
    [
      "partitions and a condition",
      () => load({ name: "l", from: crash, into, mode: "overwrite", partitions: ["hour"], where: (c) => c.hour.gt(1) }),
      'the step "l": both partitions and where say which rows go',
      "leave one of them out",
    ],
    [
      "no such mode",
      () => load(wrong({ name: "l", from: crash, into, mode: "upsert" })),
      'the step "l" has the mode the text "upsert"',
      "",
    ],
    [
      "no target",
      () => load(wrong({ name: "l", from: crash, into: "out.csv" })),
      'the step "l" loads into the text "out.csv", which is no target',
      "file(",
    ],
    [
      "no query",
      () => transform(wrong({ name: "t" })),
      'the query of the step "t" takes a relation, not undefined',
      "",
    ],
    [
      "an unknown option",
      () => transform(wrong({ name: "t", query: crash, check: [] })),
      'transform has no option "check"',
      'did you mean "checks"?',
    ],
    [
      "a callback as a check",
      () => transform(wrong({ name: "t", query: crash, checks: [() => true] })),
      'a check of the step "t" is a function',
      "rules",
    ],
    [
      "no such figure",
      () => transform({ name: "t", query: crash, when: (x) => x.steps.crash.rowOut.gt(0) }),
      'a step has no figure "rowOut" (steps.crash.rowOut)',
      'did you mean "rowsOut"?',
    ],
    [
      "when that is no condition",
      () => transform({ name: "t", query: crash, when: wrong(() => true) }),
      "the callback of when is true, not an expression",
      "",
    ],
    [
      "&& in when",
      () => transform({ name: "t", query: crash, when: (x) => x.steps.a.rowsOut.gt(0) && literal(true) }),
      "steps.a.rowsOut",
      "",
    ],
    ["a share above 1", () => notNull("a", { mostly: 95 }), "mostly of notNull is a share above 0 up to 1, not 95", ""],
    ["no bound", () => range("a", {}), "range has neither min nor max", ""],
    ["flags", () => pattern("a", /x/i), "the flags of /x/i have no meaning here", "(?i)"],
  ])("%s", (_name, build, message, hint) => {
    expect(build).toThrow(
      expect.objectContaining({
        code: "config",
        message: expect.stringContaining(message.startsWith("steps.") ? "made in the callback of when" : message),
      }),
    );
    if (hint !== "") expect(build).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
  });
});
