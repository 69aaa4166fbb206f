// The aggregates of the builder: `packages/core/src/builder/aggregates.generated.ts`.
import { documentation, HEAD } from "./call-text.mjs";
import { CONSTANT_WORDS, columnOf, FAMILY_OF_TYPE, INTERFACES, nameOf, quoted, unique } from "./families.mjs";

const ALL = Object.keys(INTERFACES);

/** How the first column and the result are typed: by the family where the result follows it. */
function typesOf(signatures, nulls) {
  const families = unique(signatures.flatMap((one) => one.parameters[one.self].families));
  const [result, ...others] = unique(signatures.map((one) => one.result));
  if (/\bself\b/.test(result)) {
    return [
      "<C extends AnyColumn>",
      "C",
      columnOf(result, nulls, result.startsWith("list") ? "Optional<C>" : "NeverNull<C>"),
    ];
  }
  if (others.length > 0 || result === "same") {
    const simple = families.filter((family) => INTERFACES[family].parameters === undefined);
    return [`<F extends ${quoted(simple)}>`, "Operand<F, Null>", `Families<${nulls}>[F]`];
  }
  const operand = `Operand<${families.length === ALL.length ? "string" : quoted(families)}, Null>`;
  return ["", operand, nameOf(FAMILY_OF_TYPE[result] ?? result, nulls)];
}

function typeOfOther({ word, families }) {
  return CONSTANT_WORDS[word] ?? `Operand<${families.length === ALL.length ? "string" : quoted(families)}, Null>`;
}

/** The text of `aggregates.generated.ts`. */
export function generateAggregates(catalogue, parseSignature) {
  const bodies = [];
  for (const [name, entry] of Object.entries(catalogue)) {
    if (entry.kind !== "aggregate") continue;
    const signatures = entry.signatures.map(parseSignature);
    const [signature] = signatures;
    const nulls = entry.nulls === "never" ? "never" : "null";
    bodies.push("", ...documentation(entry, signature, ""));
    if (signature.self < 0) {
      bodies.push(`export function ${name}(options?: RowOptions): ${nameOf("int", nulls)} {`);
      bodies.push(`  return aggregateCall("${name}", [], options);`, "}");
      continue;
    }
    const [generics, operand, result] = typesOf(signatures, nulls);
    const names = signature.parameters.map((parameter) => (parameter.name === "self" ? "column" : parameter.name));
    const parameters = signature.parameters.map((parameter, index) =>
      parameter.name === "self" ? `column: ${operand}` : `${names[index]}: ${typeOfOther(parameter)}`,
    );
    const options = entry.ordered ? "OrderedOptions" : "AggregateOptions";
    bodies.push(
      `export function ${name}${generics}(${[...parameters, `options?: ${options}`].join(", ")}): ${result} {`,
      `  return aggregateCall("${name}", [${names.join(", ")}], options);`,
      "}",
    );
  }
  const text = bodies.join("\n");
  const used = (names) =>
    names.filter((name) => new RegExp(`\\b${name}\\b`).test(text.replaceAll(/\/\*\*[\s\S]*?\*\//g, "")));
  const shared = ["AnyColumn", "Condition", "Families", "NeverNull", "Null", "Operand", "Optional", "Order"];
  return [
    HEAD,
    `import type { ${used(Object.values(INTERFACES).map(({ name }) => name))
      .sort()
      .join(", ")} } from "./columns.generated.ts";`,
    `import type { ${shared.join(", ")} } from "./columns.ts";`,
    'import { aggregateCall } from "./expression.ts";',
    "",
    "/** Which rows an aggregate takes. */",
    "export interface RowOptions {",
    "  /** Only rows for which it is true. */",
    "  readonly where?: Condition;",
    "}",
    "",
    "/** Which values an aggregate takes. */",
    "export interface AggregateOptions extends RowOptions {",
    "  /** Equal values once. */",
    "  readonly distinct?: boolean;",
    "}",
    "",
    "/** Which values an aggregate takes, and in which order. */",
    "export interface OrderedOptions extends AggregateOptions {",
    "  /** By what they are ordered, ascending where no direction is said; values that stand alike there come in their own order. */",
    "  readonly order?: AnyColumn | Order | readonly (AnyColumn | Order)[];",
    "}",
    `${text}\n`,
  ].join("\n");
}
