import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as sluice from "@sluice/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createProject, type Project } from "./compile.ts";

// The rows that TypeScript infers are those that the planner infers: each expression is built, planned, and compared
// with its own type. All functions on all families, with constants and with columns that may be null; then relations.
const TYPES: Readonly<Record<string, string>> = {
  bool: "bool",
  text: "string",
  int: "int32",
  decimal: "decimal(10,2)",
  float: "float64",
  date: "date",
  time: "time",
  timestamp: "timestamp",
  timestamptz: "timestamptz",
  interval: "interval",
  uuid: "uuid",
  bytes: "bytes",
  json: "json",
  list: "list<string>",
  struct: "struct{a: int64}",
  map: "map<string,int64>",
};
const CONSTANTS: Readonly<Record<string, string>> = {
  bool: "true",
  text: '"a"',
  int: "1",
  decimal: '"1.50"',
  float: "1.5",
  date: '"2024-01-31"',
  time: '"23:59"',
  timestamp: '"2024-01-31T23:59"',
  timestamptz: '"2024-01-31T23:59Z"',
  interval: '"P1D"',
  uuid: '"00000000-0000-0000-0000-000000000000"',
  bytes: "new Uint8Array([1])",
};
const WIDE = { ...TYPES, wide: "int64", numbers: "list<float64>", lists: "list<list<string>>" };
const PARAMETERS = new Map([
  ["who", "string"],
  ["until", "date?"],
]);
const columns: readonly sluice.Column[] = Object.entries(WIDE).flatMap(([name, type]) => [
  { name, type, nullable: false },
  { name: `${name}_null`, type, nullable: true },
]);

type Argument = (parameter: sluice.FunctionParameter, self: string) => string | undefined;

const WORDS: Readonly<Record<string, string>> = {
  unit: '"month"',
  layout: '"%Y"',
  digits: "1",
  ordinal: "1",
  path: '"$.a"',
  zone: '"Europe/Oslo"',
  fraction: "0.5",
  name: '"a"',
  literal: '","',
  item: "c.text",
  key: '"k"',
  shown: '"a"',
};
const constant: Argument = (parameter, self) => {
  const word = WORDS[parameter.word ?? ""];
  if (word !== undefined) return word;
  if (parameter.word === undefined && parameter.families[0] === "bool") return "c.bool";
  const family = parameter.word === "self" ? self : parameter.families[0];
  return family === undefined ? undefined : CONSTANTS[family];
};
const nullableColumn: Argument = (parameter, self) => {
  if (WORDS[parameter.word ?? ""] !== undefined) return constant(parameter, self);
  return `c.${parameter.word === "self" ? self : parameter.families[0]}_null`;
};
const otherNumber: Argument = (parameter, self) => {
  const isNumber = ["int", "decimal", "float"].includes(self) && parameter.word === "self";
  return isNumber ? (self === "int" ? "c.float" : "c.int_null") : undefined;
};

/** What takes more than single values, and stands below. */
const NESTED = new Set(["listOf", "structOf", "mapOf"]);

function callsOf(name: string, entry: sluice.FunctionEntry): readonly string[] {
  const calls = new Set<string>();
  for (const signature of entry.signatures.map(sluice.parseSignature)) {
    const self = signature.parameters[signature.self];
    for (const family of self === undefined ? ["text"] : self.families.filter((one) => one in TYPES)) {
      // The list of the table holds texts; lists of other items stand below.
      if (family === "list" && self?.items?.includes("text") === false) continue;
      for (const argument of [constant, nullableColumn, otherNumber]) {
        for (const suffix of ["", "_null"]) {
          const others = signature.parameters.filter((parameter) => parameter.name !== "self");
          const given = others.map((parameter) => argument(parameter, family));
          if (given.some((text) => text === undefined)) continue;
          const list =
            "special" in entry.text && entry.text.special === "in" ? `[${given.join(", ")}]` : given.join(", ");
          calls.add(self === undefined ? `${name}(${list})` : `c.${family}${suffix}.${name}(${list})`);
        }
      }
    }
  }
  return [...calls];
}

const functions = Object.entries(sluice.catalogue).flatMap(([name, entry]) =>
  entry.kind === "scalar" && !NESTED.has(name) ? callsOf(name, entry) : [],
);

const windows = Object.entries(sluice.catalogue).flatMap(([name, entry]) => {
  if (entry.kind !== "window") return [];
  if (!entry.signatures[0]?.includes("self"))
    return [entry.signatures[0]?.startsWith("()") ? `${name}()` : `${name}(4)`];
  // The offset has a default: so do the calls without it.
  return [...callsOf(name, entry), ...(name.startsWith("l") ? [`c.int.${name}()`] : [])];
});

const expressions = [
  ...functions,
  "c.int.cast('decimal(5,1)')",
  "c.int_null.tryCast('string')",
  "c.int_null.toFloat()",
  "literal(1)",
  "literal(1.5)",
  "literal('a')",
  "literal(true)",
  "literal(null, 'string?')",
  "literal('2024-01-31', 'date')",
  "caseWhen(c.bool, 1).otherwise(c.int_null)",
  "caseWhen(c.bool, c.text).when(c.bool, 'b').orNull()",
  "and(c.bool, c.bool_null)",
  "or(c.bool, literal(true))",
  "not(c.bool_null)",
  "param('who', 'string')",
  "param('until', 'date?')",
  "literal(9223372036854775808n, 'uint64')",
  "c.int.orElse(c.wide)",
  "now()",
  "today()",
  "listOf('a', 'b')",
  "listOf(c.int, c.int_null)",
  "structOf({ a: c.int, b: c.text_null })",
  "mapOf(listOf('a'), c.numbers_null)",
  "c.numbers.sumItems()",
  "c.numbers_null.avgItems()",
  "c.numbers.maxItem().plus(1)",
  "c.lists.flatten()",
  "c.lists.at(1).at(-1)",
  "c.struct_null.field('a').plus(1)",
  "c.map.at('k').plus(c.int)",
];

const aggregates = [
  "count()",
  ...Object.entries(sluice.catalogue).flatMap(([name, entry]) =>
    entry.kind !== "aggregate" || name === "count"
      ? []
      : entry.signatures.map(sluice.parseSignature).flatMap(({ parameters: [self, ...others] }) =>
          (self?.families ?? [])
            .filter((family) => family in TYPES)
            .filter((family) => !TYPES[family]?.includes("<") && family !== "struct")
            .map((family) => {
              const given = others.map(
                (other) => constant({ ...other, families: [] }, family) ?? `c.${other.families[0]}`,
              );
              return `${name}(${[`c.${family}`, ...given].join(", ")})`;
            }),
        ),
  ),
  "arrayAgg(c.list)",
  "arrayAgg(c.text_null, { order: [c.int.desc(), c.text], distinct: false, where: c.bool })",
  "arrayAgg(c.struct)",
  "sum(c.int, { distinct: true })",
  "countDistinct(c.text_null)",
];

const relations = [
  "all.pivot({ by: ['date'], on: 'text', values: ['A', 'b c'], columns: (c) => ({ n: count(), s: sum(c.int) }) })",
  "all.pivot({ on: 'int_null', values: { one: 1, none: null }, columns: (c) => ({ far: max(c.float) }) })",
  "all.pivot({ on: 'int', values: [1, 2], columns: () => ({ n: count() }) })",
  "all.keep(['text', 'int', 'int_null']).unpivot(['int', 'int_null'], { name: 'what', value: 'n' })",
  "all.keep(['text', 'int', 'decimal_null']).unpivot(['int', 'decimal_null'], { name: 'what', value: 'n', nulls: 'keep' })",
  "all.keep(['date', 'int', 'float']).unpivot(['int', 'float'], { name: 'what', value: 'n', nulls: 'keep' })",
  "all.keep(['text', 'text_null']).unpivot(['text_null'], { name: 'what', value: 't' })",
  "all.split((c) => c.bool_null).no",
  "all.keep(['text', 'int']).union(all.keep(['text', 'float']), { missing: 'null' })",
  "all.keep(['text', 'int']).union(all.select((c) => ({ int: c.decimal_null, day: c.date })), { missing: 'null' })",
  ...["intersect", "except"].flatMap((way) => [
    `all.keep(['text', 'int_null']).${way}(all.select((c) => ({ int_null: c.int, text: c.text_null })), { all: true })`,
    `all.select((c) => ({ a: c.int_null, b: c.text_null })).${way}(all.select((c) => ({ a: c.decimal_null, b: c.text_null })))`,
  ]),
  "all.group(['text', 'int'], { sets: 'rollup' }).aggregate((c) => ({ n: count() }))",
  "all.group(['text', 'int'], { sets: 'cube', grouping: { int: 'of_text' } }).aggregate((c) => ({ n: count() }))",
  "all.group(['text', 'int', 'date'], { sets: [['text', 'int'], ['text', 'date']], grouping: { date: 'a', int: 'b' } }).aggregate((c) => ({ n: sum(c.int) }))",
  "all.keep(['text_null', 'int_null', 'int']).fill(['int_null', 'int'], { value: 0 })",
  "all.keep(['text_null', 'int_null', 'int']).fill(['text_null'], { value: param('who', 'string') })",
  "all.keep(['date_null', 'int']).fill(['date_null'], { value: param('until', 'date?') })",
  "all.keep(['text_null', 'int']).fill(['text_null'], { how: 'forward', by: (c) => c.int, limit: 3 })",
  "all.keep(['text_null', 'int']).sample({ share: 0.5, key: ['int'] })",
  "all.keep(['text', 'int']).window({ partition: ['text'] }, (c) => ({ int: sum(c.int), n: count() }))",
  "all.keep(['text', 'int_null'])",
  "all.drop(['text', 'int_null'])",
  "all.dropNulls(['text_null', 'int_null'])",
  "all.rename({ text: 'other', int_null: 'number' })",
  "all.derive((c) => ({ text: c.int_null, more: c.int.plus(1) }))",
  "all.group(['text_null']).aggregate((c) => ({ n: count() }))",
  "all.keep(['text', 'int_null']).union(all.keep(['text', 'int_null']))",
  "all.select((c) => ({ a: c.text, b: c.int })).union(all.select((c) => ({ b: c.float_null, a: c.text_null })))",
  "all.select((c) => ({ a: c.int })).union(all.select((c) => ({ a: c.decimal_null })))",
  ...["inner", "left", "right", "full", "semi", "anti"].flatMap((how) => [
    `all.keep(['text', 'int_null']).join(all.keep(['text', 'int']), { how: '${how}', using: ['text'] })`,
    `all.keep(['text_null', 'int_null']).join(all.keep(['text_null', 'int']), { how: '${how}', using: ['text_null'] })`,
    `all.keep(['text', 'int']).join(all.select((c) => ({ text: c.text_null, int: c.int })), { how: '${how}', using: ['text', 'int'] })`,
    `all.keep(['text', 'int']).join(all.keep(['text', 'float']), { how: '${how}', on: (l, r) => l.text.eq(r.text)${how === "semi" || how === "anti" ? "" : ", suffix: '_r'"} })`,
  ]),
  ...["inner", "left", "right", "full"].map(
    (how) =>
      `all.join(all, { how: '${how}', on: (l, r) => l.text.eq(r.text), select: (l, r) => ({ a: l.text, b: r.text, c: r.int.plus(l.int) }) })`,
  ),
  "all.keep(['text']).join(all.keep(['int']), { how: 'cross' })",
  ...["inner", "left", "right", "full", "semi", "anti"].flatMap((how) =>
    [
      ["int", "int_null"],
      ["int", "decimal_null"],
      ["decimal_null", "int"],
      ["int", "wide_null"],
      ["wide_null", "int"],
    ].map(
      ([left, right]) =>
        `all.select((c) => ({ key: c.${left}, l: c.text })).join(all.select((c) => ({ key: c.${right}, r: c.text })), { how: '${how}', using: ['key'] })`,
    ),
  ),
];

const names = [
  "and",
  "or",
  "not",
  "literal",
  "caseWhen",
  "param",
  "now",
  "today",
  "listOf",
  "structOf",
  "mapOf",
  ...functions.filter((text) => !text.startsWith("c.")).map((text) => text.replace(/\(.*/, "")),
  ...aggregates.map((text) => text.replace(/\(.*/, "")),
  ...windows.filter((text) => !text.startsWith("c.")).map((text) => text.replace(/\(.*/, "")),
];
const build = (text: string): { readonly node: sluice.Relation } =>
  new Function("sluice", "all", `const { ${[...new Set(names)].join(", ")} } = sluice; return ${text};`)(
    sluice,
    sluice.dataset("all"),
  );

function planned(text: string): readonly sluice.Column[] {
  return sluice.schemaOf(build(text).node, { schemaOf: () => ({ columns }), parameters: PARAMETERS }).columns;
}

let project: Project;
beforeAll(() => {
  project = createProject();
});
afterAll(() => project.remove());

it("TypeScript and the planner infer the same rows", () => {
  const cases = [
    ...expressions.map((text) => `all.select((c) => ({ value: ${text} }))`),
    ...aggregates.map((text) => `all.aggregate((c) => ({ value: ${text} }))`),
    ...[...windows, ...aggregates].map(
      (text) => `all.window({ by: (c) => c.int }, (c) => ({ value: ${text} })).keep(['value'])`,
    ),
    ...relations,
  ];
  const row = (of: readonly sluice.Column[]): string =>
    of
      .map(({ name, type, nullable }) => `readonly ${JSON.stringify(name)}: ${sluice.columnTypeText(type, nullable)};`)
      .join(" ");
  const lines = [
    'import * as sluice from "sluice";',
    `import { type Relation, ${[...new Set(names)].join(", ")}, ${sluice
      .columnTypeNames(row(columns))
      .map((name) => `type ${name}`)
      .join(", ")} } from "sluice";`,
    `interface All { ${row(columns)} }`,
    'const all = sluice.dataset<All>("all");',
    "type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;",
    "type RowOf<Q> = Q extends Relation<infer R> ? { readonly [K in keyof R]: R[K] } : never;",
    "function same<A, B>(_equal: Equal<A, B>): void {}",
    ...cases.map((text, at) => `const r${at} = ${text}; same<RowOf<typeof r${at}>, { ${row(planned(text))} }>(true);`),
  ];
  writeFileSync(join(project.folder, "parity.ts"), lines.join("\n"));
  const found = project.check(["parity.ts"]);
  const wrong = found.replace(/^parity\.ts\((\d+),\d+\): /gm, (_, line: string) => `${lines[Number(line) - 1]}\n`);
  expect(wrong).toBe("");
  expect(cases.length).toBeGreaterThan(500);
});
