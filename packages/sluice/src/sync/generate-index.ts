import { columnTypeNames, columnTypeText, type FrozenColumn, type FrozenDataset, SluiceError } from "@sluice/core";

const HEADER = `// Written by \`sluice sync\` from the frozen schemas beside it. Review and commit it; do not edit it.
`;

/** Words that a module cannot declare: a dataset may have such a name all the same. */
const RESERVED: ReadonlySet<string> = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof undefined var void while with yield`.split(/\s+/),
);

/**
 * The text of `schemas/index.ts`: a typed value for each dataset, and the interface of its rows.
 *
 * @example
 * generateIndex([people]);
 * // import { dataset, type Dataset, type Int, type Text } from "sluice";
 * //
 * // export interface People {
 * //   /** int64; like "25" *\/
 * //   readonly age: Int<null>;
 * //   readonly name: Text<null>;
 * // }
 * // export const people: Dataset<People> = dataset("people", import.meta.url);
 */
export function generateIndex(datasets: readonly FrozenDataset[]): string {
  const sorted = [...datasets].sort((a, b) => (a.name < b.name ? -1 : 1));
  const texts = sorted.map((frozen) => frozen.columns.map((column) => columnTypeText(column.type, column.nullable)));
  const types = new Set(texts.flat().flatMap((text) => columnTypeNames(text)));
  const taken = new Set(["Dataset", "dataset", ...types, ...sorted.map((frozen) => frozen.name)]);
  const call = sorted.some((frozen) => frozen.name === "dataset") ? firstFree("declareDataset", taken) : "dataset";
  taken.add(call);
  const blocks = sorted.map((frozen, index) => {
    const row = firstFree(pascalCase(frozen.name), taken);
    taken.add(row);
    return block(frozen, texts[index] ?? [], { row, call, taken });
  });
  const imported = [
    call === "dataset" ? "dataset" : `dataset as ${call}`,
    ...["Dataset", ...types].sort().map((type) => `type ${type}`),
  ];
  if (blocks.length === 0) return `${HEADER}\nexport {};\n`;
  return `${HEADER}\n${importText(imported)}\n\n${blocks.join("\n\n")}\n`;
}

function block(
  frozen: FrozenDataset,
  texts: readonly string[],
  { row, call, taken }: { readonly row: string; readonly call: string; readonly taken: Set<string> },
): string {
  const { name } = frozen;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new SluiceError("config", `"${name}" cannot be the name of a dataset`, {
      offending: name,
      hint: "letters, digits and _ make a name",
    });
  }
  const members = frozen.columns.flatMap((column, index) => [
    ...commentLines(column),
    `  readonly ${memberName(column.name)}: ${texts[index] ?? "Untyped"};`,
  ]);
  const isReserved = RESERVED.has(name);
  const value = isReserved ? firstFree(`${name}_`, taken) : name;
  taken.add(value);
  const declared = `const ${value}: Dataset<${row}> = ${call}(${JSON.stringify(name)}, import.meta.url);`;
  return [
    ...["/** Rows of the dataset ", JSON.stringify(name), ". */"].join("").split("\n"),
    `export interface ${row} {`,
    ...members,
    "}",
    isReserved ? `${declared}\nexport { ${value} as ${name} };` : `export ${declared}`,
  ].join("\n");
}

/** What a hover shows: what was found, on one line that cannot end the comment. */
function commentLines(column: FrozenColumn): readonly string[] {
  if (column.comment === undefined) return [];
  const bare = column.comment.replaceAll(/[\r\n\u2028\u2029]+/g, " ").replaceAll("*/", "*\\/");
  return [`  /** ${bare} */`];
}

/** As it is where TypeScript takes it so, else quoted. */
function memberName(name: string): string {
  if (/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name)) return name;
  return JSON.stringify(name).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

function pascalCase(name: string): string {
  const joined = name
    .split("_")
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join("");
  return /^[A-Za-z]/.test(joined) ? joined : `Rows${joined}`;
}

function firstFree(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  if (!taken.has(`${wanted}Row`)) return `${wanted}Row`;
  for (let number = 2; ; number++) {
    if (!taken.has(`${wanted}Row${number}`)) return `${wanted}Row${number}`;
  }
}

function importText(names: readonly string[]): string {
  const line = `import { ${names.join(", ")} } from "sluice";`;
  return line.length <= 120 ? line : `import {\n${names.map((name) => `  ${name},`).join("\n")}\n} from "sluice";`;
}
