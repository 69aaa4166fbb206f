// The aggregates of the builder: `packages/core/src/builder/aggregates.generated.ts`.
import { documentation, HEAD } from "./call-text.mjs";
import { FAMILY_OF_TYPE, INTERFACES, nameOf, quoted, unique } from "./families.mjs";

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
