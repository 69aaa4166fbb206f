// Writes what follows from the function catalogue: the typed methods and aggregates of the builder, and the page of functions.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const INTERFACES = {
  bool: { name: "Bool", about: "True or false." },
  text: { name: "Text", about: "Text; an enumeration too." },
  int: { name: "Int", about: "A whole number of any width." },
  decimal: { name: "Decimal", about: "A number with fixed places." },
  float: { name: "Float", about: "A floating-point number." },
  date: { name: "Day", about: "A day of the calendar: the type `date`." },
  time: { name: "Time", about: "A time of day." },
  timestamp: { name: "Timestamp", about: "A day and a time of day, without a zone." },
  timestamptz: { name: "Timestamptz", about: "An instant." },
  interval: { name: "Interval", about: "A duration of months, days and seconds." },
  uuid: { name: "Uuid", about: "A UUID." },
  bytes: { name: "Bytes", about: "Bytes." },
  json: { name: "Json", about: "A JSON document." },
  list: { name: "List", about: "A list of items.", parameters: [["I", "AnyColumn"]] },
  struct: { name: "Struct", about: "Named fields.", parameters: [["F", "Row"]] },
  map: {
    name: "MapOf",
    about: "Keys and their values.",
    parameters: [
      ["K", "AnyColumn"],
      ["V", "AnyColumn"],
    ],
  },
};

const CONSTANTS = {
  bool: ["boolean"],
  text: ["string"],
  int: ["number", "bigint"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a type
  decimal: ["number", "bigint", "`${number}`"],
  float: ["number"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a type
  date: ["`${number}-${number}-${number}`", "PlainDate"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a type
  time: ["`${number}:${string}`", "PlainTime"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a type
  timestamp: ["`${number}-${number}-${string}`", "PlainDateTime"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a type
  timestamptz: ["`${number}-${number}-${string}`", "Instant", "Moment"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a type
  interval: ["`P${string}`"],
  uuid: ["string"],
  bytes: ["Uint8Array"],
  json: [],
  list: [],
  struct: [],
  map: [],
};

const NUMBERS = ["int", "decimal", "float"];
const FAMILY_OF_TYPE = { int64: "int", float64: "float", string: "text", rounded: "decimal", decimal38: "decimal" };
const DAY_UNITS = ["year", "quarter", "month", "week", "day"];
const CLOCK_UNITS = ["hour", "minute", "second"];
const HEAD = "// Written by `npm run generate` from the function catalogue. Change the catalogue, not this file.\n";

const quoted = (words) => words.map((word) => JSON.stringify(word)).join(" | ");
const isNumber = (family) => NUMBERS.includes(family);
const nameOf = (family, nulls) => {
  const { name, parameters = [] } = INTERFACES[family];
  const args = [...parameters.map(([parameter]) => parameter), ...(nulls === "never" ? [] : [nulls])];
  return args.length === 0 ? name : `${name}<${args.join(", ")}>`;
};
const unique = (items) => [...new Set(items)];

function textForm(entry, signature) {
  const names = signature.parameters.map((parameter) => (parameter.name === "self" ? "value" : parameter.name));
  const form = entry.text;
  if (form.function !== undefined) return `${form.function}(${names.join(", ")})`;
  if (form.infix !== undefined) return `${names[0]} ${form.infix} ${names[1]}`;
  if (form.prefix !== undefined) return `${form.prefix} ${names[0]}`.replace("- ", "-");
  if (form.postfix !== undefined) return `${names[0]} ${form.postfix}`;
  return entry.example.text;
}

function documentation(entry, signature, indent) {
  const { text, result } = entry.example;
  const shown = typeof result === "string" ? `'${result}'` : String(result);
  return [
    `${indent}/**`,
    `${indent} * ${entry.doc}`,
    `${indent} *`,
    `${indent} * SQL: \`${textForm(entry, signature)}\`; \`${text}\` is \`${shown}\`.`,
    `${indent} */`,
  ];
}

/** The type of one argument of a method on a family. */
function argumentType(parameter, family, nulls, generic) {
  if (parameter.word === "unit") return quoted(family === "date" ? DAY_UNITS : [...DAY_UNITS, ...CLOCK_UNITS]);
  if (parameter.word === "layout") return "string";
  if (parameter.word === "digits") return "number";
  const families = parameter.word === "self" ? (isNumber(family) ? NUMBERS : [family]) : parameter.families;
  const constants =
    parameter.word === "self"
      ? CONSTANTS[family]
      : unique(families.flatMap((one) => CONSTANTS[one])).filter(
          (one) => !(isNumber(families[0]) && one.startsWith("`")),
        );
  const operand = `Operand<${generic && parameter.word === "self" ? "F" : quoted(families)}, ${nulls}>`;
  return [...constants, operand].join(" | ");
}

function resultFamily(signature, family) {
  const { result } = signature;
  if (result === "same" || result === "common" || result === "promote" || result === "product") return family;
  return FAMILY_OF_TYPE[result] ?? result;
}

function method(name, entry, signature, family) {
  const others = signature.parameters.filter((parameter) => parameter.name !== "self");
  const isGeneric =
    isNumber(family) &&
    ["promote", "product", "common"].includes(signature.result) &&
    others.some((parameter) => parameter.word === "self");
  const takesOperand = others.some((parameter) => !["unit", "layout", "digits"].includes(parameter.word));
  const carries = takesOperand && (entry.nulls === "propagate" || entry.nulls === "last");
  const generics = [
    ...(isGeneric ? [`F extends ${quoted(NUMBERS)} = "${family}"`] : []),
    ...(carries ? ["A extends Null = never"] : []),
  ];
  const parameters = others.map((parameter) => {
    const type = argumentType(parameter, family, carries ? "A" : "Null", isGeneric);
    if (!parameter.rest) return `${parameter.name}${parameter.optional ? "?" : ""}: ${type}`;
    const list = `readonly (${type})[]`;
    return entry.text.special === "in" ? `${parameter.name}: ${list}` : `...${parameter.name}: ${list}`;
  });
  const nulls = {
    propagate: carries ? "N | A" : "N",
    last: carries ? "N & A" : "N",
    never: "never",
    always: "null",
    empty: "null",
  }[entry.nulls];
  const result = isGeneric ? `Promoted<"${family}", F, ${nulls}>` : nameOf(resultFamily(signature, family), nulls);
  const typeParameters = generics.length === 0 ? "" : `<${generics.join(", ")}>`;
  return [...documentation(entry, signature, "  "), `  ${name}${typeParameters}(${parameters.join(", ")}): ${result};`];
}

function interfaceOf(family, scalars) {
  const { name, about, parameters = [] } = INTERFACES[family];
  const declared = [
    ...parameters.map(([one, bound]) => `out ${one} extends ${bound} = ${bound}`),
    "out N extends Null = never",
  ];
  const lines = [
    "",
    `/** ${about} */`,
    `export interface ${name}<${declared.join(", ")}> extends Column<"${family}", N> {`,
    `  readonly [required]: ${nameOf(family, "never")};`,
    `  readonly [optional]: ${nameOf(family, "null")};`,
  ];
  for (const [entryName, entry, signatures] of scalars) {
    const fitting = signatures.filter((signature) => signature.parameters[signature.self]?.families.includes(family));
    for (const signature of fitting) lines.push(...method(entryName, entry, signature, family));
  }
  return [...lines, "}"];
}

/** `Untyped` takes every method, and knows its result where that is the same for all types. */
function untyped(scalars) {
  const lines = [
    "",
    "/** A column or expression of which nothing is known until the pipeline is planned. */",
    "export interface Untyped extends Column<string, Null> {",
    "  // biome-ignore lint/suspicious/noExplicitAny: it fits wherever a column does",
    "  readonly [family]: any;",
    "  readonly [required]: Untyped;",
    "  readonly [optional]: Untyped;",
  ];
  for (const [name, entry, signatures] of scalars) {
    const [signature] = signatures;
    const parameters = signature.parameters
      .filter((parameter) => parameter.name !== "self")
      .map((parameter) => {
        if (parameter.word === "unit") return `${parameter.name}: ${quoted([...DAY_UNITS, ...CLOCK_UNITS])}`;
        if (parameter.word === "layout") return `${parameter.name}: string`;
        if (!parameter.rest) return `${parameter.name}${parameter.optional ? "?" : ""}: AnyValue`;
        return `${entry.text.special === "in" ? "" : "..."}${parameter.name}: readonly AnyValue[]`;
      });
    const families = unique(signatures.map((one) => FAMILY_OF_TYPE[one.result] ?? one.result));
    const known = families.length === 1 && INTERFACES[families[0]] !== undefined;
    const result = known ? nameOf(families[0], entry.nulls === "never" ? "never" : "null") : "Untyped";
    lines.push(...documentation(entry, signature, "  "), `  ${name}(${parameters.join(", ")}): ${result};`);
  }
  return [...lines, "}"];
}

/** The text of `columns.generated.ts`. */
export function generateColumns(catalogue, parseSignature) {
  const scalars = Object.entries(catalogue)
    .filter(([, entry]) => entry.kind === "scalar")
    .map(([name, entry]) => [name, entry, entry.signatures.map(parseSignature)]);
  const lines = [
    HEAD,
    'import type { AnyColumn, AnyValue, Column, family, Instant, Moment, Null, Operand, optional, PlainDate, PlainDateTime, PlainTime, Promoted, required, Row } from "./columns.ts";',
  ];
  for (const family of Object.keys(INTERFACES)) lines.push(...interfaceOf(family, scalars));
  lines.push(...untyped(scalars), "");
  return lines.join("\n");
}

/** The text of `aggregates.generated.ts`. */
export function generateAggregates(catalogue, parseSignature) {
  const lines = [
    HEAD,
    'import type { Condition, Families, Null, Operand } from "./columns.ts";',
    'import type { Bool, Float, Int } from "./columns.generated.ts";',
    'import { aggregateCall } from "./expression.ts";',
    "",
    "/** Which rows an aggregate takes. */",
    "export interface AggregateOptions {",
    "  /** Only rows for which it is true. */",
    "  readonly where?: Condition;",
    "}",
  ];
  for (const [name, entry] of Object.entries(catalogue)) {
    if (entry.kind !== "aggregate") continue;
    const signatures = entry.signatures.map(parseSignature);
    const families = unique(signatures.flatMap((one) => one.parameters.flatMap((parameter) => parameter.families)));
    const simple = families.filter((family) => INTERFACES[family].parameters === undefined);
    const results = unique(signatures.map((one) => one.result));
    const nulls = entry.nulls === "never" ? "never" : "null";
    lines.push("", ...documentation(entry, signatures[0], ""));
    if (families.length === 0) {
      lines.push(`export function ${name}(options?: AggregateOptions): ${nameOf("int", nulls)} {`);
      lines.push(`  return aggregateCall("${name}", [], options);`, "}");
      continue;
    }
    const byFamily = results.length > 1 || results[0] === "same";
    const known = FAMILY_OF_TYPE[results[0]] ?? results[0];
    const generics = byFamily ? `<F extends ${quoted(simple)}>` : "";
    const operand = byFamily
      ? "Operand<F, Null>"
      : `Operand<${families.length === Object.keys(INTERFACES).length ? "string" : quoted(families)}, Null>`;
    const result = byFamily ? `Families<${nulls}>[F]` : nameOf(known, nulls);
    lines.push(`export function ${name}${generics}(column: ${operand}, options?: AggregateOptions): ${result} {`);
    lines.push(`  return aggregateCall("${name}", [column], options);`, "}");
  }
  return `${lines.join("\n")}\n`;
}

/** The sections of the page of functions: what stands where in the catalogue. */
const SECTIONS = [
  ["operators", "Operators", "Comparisons, logic, arithmetic, joining text."],
  ["conditionals", "Choosing values", "`case when … then … else … end` is `caseWhen(…)` in TypeScript."],
  ["text", "Text", "Characters are Unicode code points; positions start at 1."],
  ["numbers", "Numbers", "Outside its domain a function is null. What does not fit its result is an error."],
  [
    "times",
    "Dates and times",
    "A `timestamptz` is taken apart in UTC. A `timestamp` has no zone and is taken as it stands.",
  ],
  [
    "aggregates",
    "Aggregates",
    "Over the rows of a group. Nulls are left aside. In TypeScript each takes `{ where: condition }` last; in SQL text that is `filter (where …)`. `countDistinct(column)` is `count(distinct value)`.",
  ],
];

const NULL_RULES = {
  propagate: "where an argument is null",
  never: "never",
  always: "where it has no value, also for arguments that are not null",
  last: "where all arguments are null",
  empty: "over no rows, or over nulls only",
};

const ORDERED = "text|number|bool|date|time|timestamp|timestamptz|interval|uuid|bytes";

const PAGE_HEAD = `<!-- Written by \`npm run generate\` from the function catalogue. Change the catalogue, not this file. -->

# Functions

Every function that expressions know, in TypeScript and in SQL text (YAML and \`expr("…")\`). Both forms give the same
definition. SQL text takes nothing else: another function is refused by name and position.

In the types, \`self\` is the column that the method is called on, and later a value of its kind. \`number\` is an integer,
a decimal or a float; \`real\` is a number that is computed as a float; \`any\` is every type; \`ordered\` is every type but
json, list, struct and map. \`unit\`, \`layout\` and \`digits\` are constants. A result is a type, or one of these: \`same\`, the
type of self; \`common\`, the least type that holds all arguments; \`promote\` and \`product\`, what arithmetic gives;
\`rounded\`, a decimal with the places asked for; \`decimal38\`, a decimal of 38 digits.

Types are changed by \`cast(value as int64)\`, in TypeScript \`column.cast("int64")\`, where a value that does not fit fails the
run; and by \`try_cast(value as int64)\`, in TypeScript \`column.tryCast("int64")\`, which gives null. \`now()\` and \`today()\` are
constants of the run.
`;

function typescriptForm(name, entry, signature) {
  const others = signature.parameters
    .filter((parameter) => parameter.name !== "self")
    .map(({ name: parameter, optional, rest }) =>
      rest && entry.text.special === "in" ? parameter : `${rest ? "..." : ""}${parameter}${optional ? "?" : ""}`,
    );
  if (entry.kind === "scalar") return `column.${name}(${others.join(", ")})`;
  return `${name}(${signature.parameters.length === 0 ? "" : "column"})`;
}

function sectionOf(title, about, entries, parseSignature) {
  const lines = ["", `## ${title}`, "", about];
  for (const [name, entry] of Object.entries(entries)) {
    const signatures = entry.signatures.map(parseSignature);
    const { text, result } = entry.example;
    const types = entry.signatures.map((signature) => `\`${signature.replace(ORDERED, "ordered")}\``);
    lines.push(
      "",
      `### ${name}`,
      "",
      entry.doc,
      "",
      `- TypeScript: \`${typescriptForm(name, entry, signatures[0])}\``,
      `- SQL text: \`${textForm(entry, signatures[0])}\``,
      `- Types: ${types.join(", ")}`,
      `- Null: ${NULL_RULES[entry.nulls]}`,
      `- Example: \`${text}\` is \`${typeof result === "string" ? `'${result}'` : String(result)}\``,
    );
  }
  return lines;
}

/** The text of `docs/functions.md`, from the groups of the catalogue, each under the name of its file. */
export function generateFunctions(groups, catalogue, parseSignature) {
  const shown = new Set(SECTIONS.flatMap(([group]) => Object.keys(groups[group])));
  const lost = Object.keys(catalogue).filter((name) => !shown.has(name));
  if (lost.length > 0) throw new Error(`${lost.join(", ")}: in no section of the page of functions; add the group`);
  const sections = SECTIONS.flatMap(([group, title, about]) => sectionOf(title, about, groups[group], parseSignature));
  return `${[PAGE_HEAD.trimEnd(), ...sections].join("\n")}\n`;
}

/** What is generated, by file: from the sources of the catalogue as they are now. */
async function generate(root) {
  const { build } = await import("esbuild");
  const bundle = await build({
    stdin: {
      contents: ["index", ...SECTIONS.map(([group]) => group)]
        .map((file) => `export * from "./${file}.ts";`)
        .join("\n"),
      resolveDir: join(root, "packages/core/src/catalogue"),
      loader: "ts",
    },
    bundle: true,
    write: false,
    format: "esm",
  });
  const source = Buffer.from(bundle.outputFiles[0].contents).toString("base64");
  const { catalogue, parseSignature, ...groups } = await import(`data:text/javascript;base64,${source}`);
  return [
    ["packages/core/src/builder/columns.generated.ts", generateColumns(catalogue, parseSignature)],
    ["packages/core/src/builder/aggregates.generated.ts", generateAggregates(catalogue, parseSignature)],
    ["docs/functions.md", generateFunctions(groups, catalogue, parseSignature)],
  ];
}

/** Writes what changed; with `--check` it only says what would change, and fails. */
async function main() {
  const root = join(dirname(fileURLToPath(import.meta.url)), "..");
  const isCheck = process.argv.includes("--check");
  const changed = [];
  for (const [file, text] of await generate(root)) {
    const path = join(root, file);
    if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
    changed.push(file);
    if (!isCheck) writeFileSync(path, text);
  }
  for (const file of changed) {
    console.log(isCheck ? `${file} is not what the catalogue gives: npm run generate` : `wrote ${file}`);
  }
  if (isCheck && changed.length > 0) process.exitCode = 1;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
