import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { isSluiceError, placeError, SluiceError, validateDefinition } from "@sluice/core";
import { openExpressionParser } from "@sluice/duckdb";
import { afterAll, describe, expect, test } from "vitest";
import { isMap, isSeq, parseDocument } from "yaml";
import { errorsOf } from "../failures.ts";
import { jsonSchema } from "./json-schema.ts";
import { readYaml } from "./read-yaml.ts";
import { violations } from "./violations.fixture.ts";
import { writeYaml } from "./write-yaml.ts";

const parser = openExpressionParser();
afterAll(() => parser[Symbol.asyncDispose]());

const folder = new URL("fixtures/", import.meta.url);
const fixtures = readdirSync(folder).filter((name) => name.endsWith(".pipeline.yaml"));
const known = { datasets: ["crashes", "people"], connections: ["warehouse"] };
const textOf = (name: string): string => readFileSync(new URL(name, folder), "utf8");

async function problems(yaml: string): Promise<readonly string[]> {
  const thrown = await readYaml(yaml, { file: "p.yaml", parser, known }).then(
    ({ definition }) => new Error(`not refused: ${JSON.stringify(definition)}`),
    (error: unknown) => error,
  );
  return errorsOf(thrown).map((error) => {
    if (!isSluiceError(error) || error.code !== "config") throw error;
    const hint = error.hint === undefined ? "" : ` (${error.hint})`;
    return `${error.at?.line}:${error.at?.column} ${error.message} [${error.offending}]${hint}`;
  });
}

const inStep = (query: string): string =>
  `name: p\nsteps:\n  a:\n    transform:\n      ${query.replaceAll("\n", "\n      ")}\n`;

describe.each(fixtures)("%s", (name) => {
  const golden = name.replace(".pipeline.yaml", ".definition.json");

  test("gives its definition", async () => {
    const { definition } = await readYaml(textOf(name), { file: name, parser, known });
    if (process.env.SLUICE_UPDATE === "1") {
      writeFileSync(new URL(golden, folder), `${JSON.stringify(definition, null, 2)}\n`);
    }
    expect(definition).toEqual(JSON.parse(textOf(golden)));
    expect(Object.isFrozen(definition.steps[0])).toBe(true);
  });

  test("fits the JSON Schema", () => {
    expect(violations(jsonSchema(), textOf(name))).toEqual([]);
  });

  test("means the same when it is written and read again, and whatever the order of keys that have none", async () => {
    const { definition } = await readYaml(textOf(name), { file: name, parser, known });
    const again = await readYaml(writeYaml(definition), { file: name, parser, known });
    expect(again.definition).toEqual(definition);
    const turned = await readYaml(turnedKeys(textOf(name)), { file: name, parser, known });
    expect(turned.definition).toEqual(definition);
  });
});

describe("the constant of a fill", () => {
  const filled = async (value: string) => {
    const { definition } = await readYaml(inStep(`- from: crashes\n- fill: { columns: [day], value: ${value} }`), {
      file: "p.yaml",
      parser,
      known,
    });
    const again = await readYaml(writeYaml(definition), { file: "p.yaml", parser, known });
    expect(again.definition).toEqual(definition);
    const [step] = definition.steps;
    return step?.kind === "transform" && step.query.kind === "fill" ? step.query.value : undefined;
  };

  test.each([
    "2020-02-29",
    "2020-02-29 10:00:00",
    "2020-02-29T10:00",
    "2020-02-29T10:00:00.5+02:00",
    "10:00:00",
    "'2020-02-30'",
  ])("a bare date or time is text, which has to be what the column holds: %s", async (written) => {
    expect(await filled(written)).toEqual({ kind: "literal", type: "string", value: written.replaceAll("'", "") });
  });

  test("everything else is an expression", async () => {
    expect(await filled("1.5")).toEqual({ kind: "literal", type: "number", value: "1.5" });
    expect(await filled("2020 - 2 - 29")).toMatchObject({ kind: "call", name: "minus" });
    expect(await filled("\"date '2020-02-29'\"")).toEqual({ kind: "literal", type: "date", value: "2020-02-29" });
    expect(await problems(inStep("- from: crashes\n- fill: { columns: [day], value: 2020-02 x }"))).toHaveLength(1);
  });
});

/** The document with the keys of every map turned round, but for those whose order means something. */
function turnedKeys(text: string): string {
  const document = parseDocument(text);
  const turn = (node: unknown, key: string): void => {
    if (isSeq(node)) for (const item of node.items) turn(item, "");
    if (!isMap(node)) return;
    if (!["select", "derive", "columns", "schema"].includes(key)) node.items.reverse();
    for (const pair of node.items) turn(pair.value, String(pair.key));
  };
  turn(document.contents, "");
  return document.toString();
}

test("a written pipeline reads as a person would write it", async () => {
  const { definition } = await readYaml(textOf("chicago.pipeline.yaml"), { file: "p.yaml", parser });
  expect(writeYaml(definition)).toBe(`name: chicago
schedule: { cron: 0 3 * * *, zone: America/Chicago }
steps:
  crash:
    transform:
      from: crashes
      filter: crash_date_est_i is distinct from 'Y' and latitude is not null and longitude is not null
      select: { crash_id: crash_record_id, crash_date: crash_date, total_injuries: injuries_total }
    checks: [ { notNull: crash_id }, { unique: crash_id } ]
  load_crash: { load: { from: crash, into: sqlite.warehouse.crash, mode: merge, key: [ crash_id ] } }
`);
});

test("locations say where steps, operations and columns stand", async () => {
  const { definition, locations } = await readYaml(textOf("chicago.pipeline.yaml"), { file: "c.yaml", parser });
  expect(locations.steps.get("load_crash")).toEqual({ file: "c.yaml", line: 10, column: 3 });
  const at = (path: string): unknown => locations.paths?.get(path);
  expect(at("steps.crash.query.scan")).toEqual({ line: 6, column: 13, text: "crashes" });
  expect(at("steps.crash.query.filter")).toMatchObject({ line: 7, column: 15 });
  expect(at("steps.crash.query.select.crash_date")).toEqual({ line: 8, column: 56, text: "crash_date" });
  expect(at("steps.load_crash.into")).toMatchObject({ line: 10, column: 44, text: "sqlite.warehouse.crash" });
  expect(at("steps.crash.checks[1]")).toMatchObject({ line: 9, column: 37 });
  expect(validateDefinition(definition)).toEqual([]);
  const error = new SluiceError("config", "no", { at: { file: "", path: "steps.crash.query.select.crash_date" } });
  expect(placeError(error, locations)).toMatchObject({
    at: { file: "c.yaml", line: 8, column: 56 },
    offending: "crash_date",
  });
});

test("a load without a mode replaces", async () => {
  const yaml = "name: p\nsteps: { a: { load: { from: crashes, into: sqlite.warehouse.a } } }";
  const { definition } = await readYaml(yaml, { file: "p.yaml", parser });
  expect(definition.steps[0]).toMatchObject({ kind: "load", mode: "replace" });
  const written = await readYaml(writeYaml(definition), { file: "p.yaml", parser });
  expect(written.definition).toEqual(definition);
});

test("without the names of datasets, a name that is no step is a dataset", async () => {
  const { definition } = await readYaml(inStep("from: anything"), { file: "p.yaml", parser });
  expect(definition.steps[0]).toMatchObject({ query: { source: { dataset: "anything" } } });
});

test("an anchor is read where it is named", async () => {
  const yaml = "name: p\nsteps:\n  a: { transform: &q { from: crashes, filter: a > 1 } }\n  b: { transform: *q }\n";
  const { definition } = await readYaml(yaml, { file: "p.yaml", parser });
  expect(definition.steps[1]).toMatchObject({ query: { condition: { kind: "call", name: "gt" } } });
});

describe("what is wrong is said with its place", () => {
  test.each<[what: string, yaml: string, problems: string[]]>([
    ["nothing", "", ["1:1 the document is empty [] (a pipeline has a name and steps)"]],
    ["a list", "- a", ["1:1 a pipeline is a map [- a] (its keys are name, description, schedule, parameters, steps)"]],
    [
      "no steps",
      "name: p",
      [
        '1:1 a pipeline lacks the key "steps" [name: p] (each step by its name; order means nothing, what reads what does)',
      ],
    ],
    ["an unknown key", "name: p\nstesp: {}", ['2:1 a pipeline has no key "stesp" [stesp] (did you mean "steps"?)']],
    [
      "an unknown operation",
      inStep("from: crashes\nfiltr: a"),
      ['6:7 a relation has no key "filtr" [filtr] (did you mean "filter"?)'],
    ],
    [
      "an operation of the list form in a map",
      inStep("from: crashes\nunnest: a"),
      [
        '6:7 a relation has no key "unnest" [unnest] ("unnest" goes into the list form, which is read from top to bottom: [{ from: … }, { unnest: … }])',
      ],
    ],
    [
      "what begins a list in a map, beside a member that addresses have too",
      inStep("sql: select 1 as x\ncolumns: { x: int64 }"),
      ['5:7 "sql" stands in a map [sql] (a relation that begins with it is a list: [{ sql: … }])'],
    ],
    [
      "what begins a list in a map",
      inStep("sql: select 1 as x"),
      ['5:7 "sql" stands in a map [sql] (a relation that begins with it is a list: [{ sql: … }])'],
    ],
    [
      "an unknown member",
      inStep("from: crashes\njoin: { with: people, onn: l.a = r.a }"),
      ['6:29 a join has no key "onn" [onn] (did you mean "on"?)'],
    ],
    [
      "a key twice",
      inStep("from: crashes\nfilter: a\nfilter: b"),
      ["7:7 this key stands twice in its map [filter] (remove one of them)"],
    ],
    [
      "a merge key",
      inStep("from: crashes\n<<: { limit: 1 }"),
      ['6:7 a relation has no key "<<" [<<] (merge keys are not read: use an alias)'],
    ],
    [
      "an unknown name",
      inStep("from: crashs"),
      ['5:13 no step and no dataset is named "crashs" [crashs] (did you mean "crashes"?)'],
    ],
    [
      "a path",
      inStep("from: data/x.csv"),
      ['5:13 no step and no dataset is named "data/x.csv" [data/x.csv] (write { file: data/x.csv })'],
    ],
    [
      "an unknown connection",
      inStep("from: sqlite.warehous.crash"),
      ['5:13 no connection is named "warehous" [warehous] (did you mean "warehouse"?)'],
    ],
    [
      "a step with the name of a dataset",
      "name: p\nsteps: { crashes: { transform: { from: people } } }",
      [
        '2:10 a dataset is named "crashes" too [crashes] (give the step another name: a bare name has to mean one thing)',
      ],
    ],
    [
      "a step that is nothing",
      "name: p\nsteps: { a: { after: a } }",
      ["2:13 a step does not say what it is [{ after: a }] (it has one of the keys transform, load, task, shell)"],
    ],
    [
      "a word",
      "name: p\nsteps: { a: { load: { from: crashes, into: sqlite.warehouse.a, mode: apend } } }",
      [
        '2:70 mode is one of append, replace, merge, insert-only, delete+insert, overwrite [apend] (did you mean "append"?)',
      ],
    ],
    [
      "a duration",
      "name: p\nsteps: { a: { transform: { from: crashes }, timeout: 5 } }",
      ["2:54 timeout is a duration [5] (write it as 5m, 30s, 1h30m or 500ms)"],
    ],
    [
      "a late from",
      inStep("- from: crashes\n- from: people"),
      [
        "6:9 from begins a relation and cannot stand inside it [from] (put it first: it takes its relations itself, as in from: …)",
      ],
    ],
    [
      "no beginning",
      inStep("- filter: a"),
      ["5:9 a relation cannot begin with filter [filter] (it begins with from, values, union, sql)"],
    ],
    [
      "an expression",
      inStep("from: crashes\nfilter: latitude >> 41"),
      ["6:24 the operator >> is not in expressions [>>]"],
    ],
    [
      "an expression in double quotes",
      inStep('from: crashes\nfilter: "\\"a b\\" = \\u0041 and lowr(x)"'),
      ['6:37 there is no function lowr [lowr] (did you mean "lower"?)'],
    ],
    [
      "an expression in single quotes",
      inStep("from: crashes\nfilter: '''x'' = ''y'' and lowr(x)'"),
      ['6:34 there is no function lowr [lowr] (did you mean "lower"?)'],
    ],
    [
      "an expression in a block",
      inStep("from: crashes\nfilter: |\n  a > 1\n    and b\n  or lowr(x)"),
      ['9:12 there is no function lowr [lowr] (did you mean "lower"?)'],
    ],
    [
      "a folded expression",
      inStep("from: crashes\nfilter: >-\n  a > 1\n  and b\n\n  or lowr(x)"),
      ['10:12 there is no function lowr [lowr] (did you mean "lower"?)'],
    ],
    [
      "an expression over two lines",
      inStep("from: crashes\nfilter: a > 1\n  and lowr(x)"),
      ['7:13 there is no function lowr [lowr] (did you mean "lower"?)'],
    ],
    [
      "a comma",
      inStep("from: crashes\nderive: { x: round(a, 2) }"),
      [
        "6:26 the expression ends too early [a] (inside { } a comma ends the text: put it in quotes)",
        '6:30 this ")" closes nothing [)]',
      ],
    ],
    ["an empty expression", inStep("from: crashes\nderive: { x: }"), ["6:20 an expression is missing []"]],
    [
      "a quoted beginning",
      inStep("from: crashes\nfilter: 'Y' = a"),
      [
        '6:19 this is not YAML: unexpected scalar at node end [= a] (text that begins with a quote, or that holds ": ", has to be quoted as a whole: "\'Y\' = status")',
      ],
    ],
    [
      "a type",
      inStep("- values: { columns: { a: int46 }, rows: [] }"),
      ['5:33 "int46" is not a type [int46] (for example int64, string?, decimal(10,2); ? allows null)'],
    ],
    [
      "a type with a mark for null inside of it",
      inStep('- values: { columns: { a: "struct{x: int64?}?" }, rows: [] }'),
      [
        '5:33 "struct{x: int64?}?" is not a type ["struct{x: int64?}?"] (write "struct{x: int64}": what is nested may always be null)',
      ],
    ],
    [
      "names in a list",
      inStep("from: crashes\nselect: [a, b]"),
      ["6:15 select is a map [[a, b]] (its keys are names: { a, b }; or write keep: [a, b])"],
    ],
    [
      "texts in a list",
      inStep("from: crashes\nderive: [a + 1]"),
      ["6:15 derive is a map [[a + 1]] (its keys are names: { twice: a * 2 })"],
    ],
    [
      "a type that a comma of YAML ends",
      inStep("- values: { columns: { a: decimal(10,2) }, rows: [] }"),
      [
        '5:33 "decimal(10" is not a type [decimal(10] (inside { } a comma ends the text: quote the type, "decimal(10,2)")',
        '5:44 "2)" is not a type [2)] (inside { } a comma ends the text: quote the type, "decimal(10,2)")',
      ],
    ],
    [
      "sides",
      inStep("from: crashes\njoin: { with: people, on: id = r.id }"),
      [
        '6:33 "id" does not say which side of the join it is of [id] (write l.id for the left side, r.id for the right one)',
      ],
    ],
    [
      "names of several kinds at once",
      "name: p\nsteps:\n  a: { transform: { from: crashs, limt: 3 } }\n  people: { transform: { from: aa } }\n  b: { load: { from: a, into: sqlite.nope.x }, after: [zz, a] }",
      [
        '3:27 no step and no dataset is named "crashs" [crashs] (did you mean "crashes"?)',
        '3:35 a relation has no key "limt" [limt] (did you mean "limit"?)',
        '4:3 a dataset is named "people" too [people] (give the step another name: a bare name has to mean one thing)',
        expect.stringContaining('4:32 no step and no dataset is named "aa"'),
        expect.stringContaining('5:31 no connection is named "nope"'),
        expect.stringContaining('5:56 no step is named "zz"'),
      ],
    ],
    [
      "several at once, in order",
      inStep("from: crashs\nfilter: lowr(a)\nlimt: 3"),
      [
        '5:13 no step and no dataset is named "crashs" [crashs] (did you mean "crashes"?)',
        '6:15 there is no function lowr [lowr] (did you mean "lower"?)',
        '7:7 a relation has no key "limt" [limt] (did you mean "limit"?)',
      ],
    ],
    [
      "two documents",
      "name: p\n---\nname: q",
      ["2:1 a second document begins here [---] (a file holds one pipeline: give the other a file of its own)"],
    ],
    ["a tag", "name: !secret p\nsteps: {}", ["1:7 this is not YAML: unresolved tag: !secret [!secret]"]],
    [
      "no anchor",
      "name: *n\nsteps: {}",
      ['1:7 there is no anchor "n" above [*n] (text that begins with * has to be quoted)'],
    ],
  ])("%s", async (_, yaml, expected) => {
    expect(await problems(yaml)).toEqual(expected);
  });

  test("a document that aliases make large", async () => {
    const levels = Array.from(
      { length: 30 },
      (_, index) => `  - &l${index} [${`*l${index - 1}`}, ${`*l${index - 1}`}]`,
    );
    const yaml = `name: p\ndescription: x\nsteps:\n  a:\n    load:\n      from: crashes\n      mode: append\n      into:\n        file: x\n        bomb:\n${["  - &l0 [1, 2]", ...levels.slice(1)].map((line) => `        ${line}`).join("\n")}\n`;
    expect(await problems(yaml)).toEqual([
      expect.stringContaining("the document is too large, or its aliases make it so"),
    ]);
  });

  test("a document that is nested without end, and an anchor inside itself", async () => {
    expect((await problems(`name: p\nsteps: ${"[".repeat(50_000)}`)).length).toBeGreaterThan(0);
    const nested = `${"{ from: ".repeat(300)}crashes${" }".repeat(300)}`;
    expect(await problems(inStep(nested))).toEqual([expect.stringContaining("more than 200 levels are nested here")]);
    const self = "name: p\nsteps: { a: { transform: &q [{ union: [*q, crashes] }] } }";
    expect((await problems(self)).length).toBeGreaterThan(0);
  });
});

test("the JSON Schema refuses what the reader refuses by shape", () => {
  const schema = jsonSchema();
  for (const yaml of [
    "name: p",
    "name: p\nstesp: {}",
    inStep("- filtr: a"),
    inStep("from: a\njoin: { how: left }"),
    "name: p\nsteps: { a: { after: a } }",
  ]) {
    expect(violations(schema, yaml), yaml).not.toEqual([]);
  }
});
