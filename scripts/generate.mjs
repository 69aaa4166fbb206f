// Writes the typed methods and aggregates of the builder from the function catalogue.
import { writeFile } from "node:fs/promises";
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

async function main() {
  const root = join(dirname(fileURLToPath(import.meta.url)), "..");
  const { build } = await import("esbuild");
  const bundle = await build({
    entryPoints: [join(root, "packages/core/src/catalogue/index.ts")],
    bundle: true,
    write: false,
    format: "esm",
  });
  const source = Buffer.from(bundle.outputFiles[0].contents).toString("base64");
  const { catalogue, parseSignature } = await import(`data:text/javascript;base64,${source}`);
  const folder = join(root, "packages/core/src/builder");
  await writeFile(join(folder, "columns.generated.ts"), generateColumns(catalogue, parseSignature));
  await writeFile(join(folder, "aggregates.generated.ts"), generateAggregates(catalogue, parseSignature));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
