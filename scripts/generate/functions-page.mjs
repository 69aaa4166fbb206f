// The page of functions: `docs/functions.md`.
import { resultText, textForm } from "./call-text.mjs";

/** The sections of the page of functions: what stands where in the catalogue. */
export const SECTIONS = [
  ["operators", "Operators", "Comparisons, logic, arithmetic, joining text."],
  ["conditionals", "Choosing values", "`case when … then … else … end` is `caseWhen(…)` in TypeScript."],
  ["text", "Text", "Characters are Unicode code points; positions start at 1."],
  [
    "textPatterns",
    "Regular expressions",
    "The syntax is that of RE2, as far as Java and PostgreSQL read it alike: no looking ahead or behind, no `\\w`, no names of groups, repetitions all greedy or all lazy.",
  ],
  ["encodings", "Bytes", "What stands for no bytes or no text is null."],
  ["hashes", "Hashes", "The same in every run, for keys and comparisons. There is no randomness."],
  ["numbers", "Numbers", "Outside its domain a function is null. What does not fit its result is an error."],
  ["trigonometry", "Angles", "In radians."],
  ["bits", "Bits", "Of whole numbers, taken as int64."],
  [
    "times",
    "Dates and times",
    "A `timestamptz` is taken apart in UTC. A `timestamp` has no zone and is taken as it stands.",
  ],
  [
    "timesWritten",
    "Times, text and zones",
    "Layouts are constants of strftime letters, zones constants such as `Europe/Oslo`.",
  ],
  [
    "jsonFunctions",
    "JSON",
    'A path is a constant such as `$.a.b`, `$."a name"`, `$.list[0]`; in quotes `\\"` is a quote and `\\\\` a backslash.',
  ],
  ["lists", "Lists", "Places are counted from 1, and an item may be null."],
  ["structsAndMaps", "Structs and maps", "The value of a key is `column.at(key)`, in text `a['key']`."],
  [
    "aggregates",
    "Aggregates",
    "Over the rows of a group. Nulls are left aside. In TypeScript each takes `{ where: condition }` last; in SQL text that is `filter (where …)`. `countDistinct(column)` is `count(distinct value)`, and `sum(column, { distinct: true })` is `sum(distinct value)`.",
  ],
  [
    "statistics",
    "Statistics and gathering",
    "Aggregates too. What depends on the order of rows takes `{ order: column.desc() }`.",
  ],
  [
    "windows",
    "Windows",
    "In the columns of a `window` only, which gives them their order; aggregates may stand there too. Rows that are equal in the order have none among them: for those `rank`, `denseRank`, `percentRank` and `cumeDist` give one result, and what the others give is not the same in every run, unless the order ends with a key.",
  ],
];

const NULL_RULES = {
  propagate: "where an argument is null",
  undecided: "where an argument that is null could decide it, and no other does",
  never: "never",
  always: "where it has no value, also for arguments that are not null",
  last: "where all arguments are null",
  outside: "where there is no such row, or only where the value or the fallback is null, if a fallback is given",
  empty: "over no rows, or over nulls only",
};

const PORTABLE = {
  bounded: "within the bounds said above",
  no: "no: DuckDB only",
};

const PAGE_HEAD = `<!-- Written by \`npm run generate\` from the function catalogue. Change the catalogue, not this file. -->

# Functions

Every function that expressions know, in TypeScript and in SQL text (YAML and \`expr("…")\`). Both forms give the same
definition. SQL text takes nothing else: another function is refused by name and position.

In the types, \`self\` is the column that the method is called on, and later a value of its kind. \`number\` is an integer,
a decimal or a float; \`real\` is a number that is computed as a float; \`any\` is every type; \`ordered\` is every type but
json, list, struct and map; \`item\`, \`key\` and \`value\` are what a list or a map holds; \`shown\` is a single value that is taken
as text; \`fields\` are names and values. \`unit\`, \`layout\`, \`digits\`, \`path\`, \`zone\`, \`fraction\`, \`name\`, \`literal\` and
\`ordinal\` (a whole number from 1 on) are constants, and \`pattern\` is a regular expression. A result is a type, or one of these: \`same\` or \`self\`, the type of self; \`common\`, the least type that holds all arguments; \`promote\` and \`product\`, what arithmetic gives;
\`rounded\`, a decimal with as many places as self, of which those beyond \`digits\` are 0; \`decimal38\`, a decimal of 38 digits; \`field\`, the type of the field;
\`keys.item\`, what the argument keys holds.

Every function means the same in DuckDB, Spark and PostgreSQL, unless its entry says that it is not portable, or within bounds.

Types are changed by \`cast(value as int64)\`, in TypeScript \`column.cast("int64")\`, where a value that does not fit fails the
run; and by \`try_cast(value as int64)\`, in TypeScript \`column.tryCast("int64")\`, which gives null. A float
becomes an integer without its fraction (2.7 is 2). A decimal becomes an integer rounded, halves away from zero (2.5 is 3, -2.5
is -3), and a float or a decimal becomes a decimal rounded to its places. Text must be written as the type is: \`1.7\` is no
integer, \`infinity\` and a day with an impossible time are no date. \`now()\` and \`today()\` are constants of the run.
JSON becomes a list, a struct or a map by the rules for values of JSON files: \`cast(tags as list<int64>)\`; of a struct, members that are
not there are null, and others are left aside. A fraction of more than 15 digits becomes a decimal only where it stands as text.
`;

function typescriptForm(name, entry, signature) {
  const others = signature.parameters
    .filter((parameter) => parameter.name !== "self")
    .map(({ name: parameter, optional, rest }) =>
      rest && entry.text.special === "in" ? parameter : `${rest ? "..." : ""}${parameter}${optional ? "?" : ""}`,
    );
  if (name === "structOf") return "structOf({ name: column })";
  if (entry.kind !== "aggregate") return `${signature.self < 0 ? "" : "column."}${name}(${others.join(", ")})`;
  return `${name}(${[...(signature.self < 0 ? [] : ["column"]), ...others].join(", ")})`;
}

function sectionOf(title, about, entries, parseSignature) {
  const lines = ["", `## ${title}`, "", about];
  for (const [name, entry] of Object.entries(entries)) {
    const signatures = entry.signatures.map(parseSignature);
    const types = entry.signatures.map((signature) => `\`${signature}\``);
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
      ...(entry.portable === undefined ? [] : [`- Portable: ${PORTABLE[entry.portable]}`]),
      `- Example: \`${entry.example.text}\` is \`${resultText(entry.example)}\``,
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
