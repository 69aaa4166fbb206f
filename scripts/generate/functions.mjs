// The functions of the builder that are called on no column: `packages/core/src/builder/functions.generated.ts`.
import { documentation, HEAD } from "./call-text.mjs";
import { argumentType, isOperand } from "./columns.mjs";
import { columnOf, INTERFACES, isKnown } from "./families.mjs";

/** The text of `functions.generated.ts`; what makes lists, structs and maps has types of its own (`nested.ts`). */
export function generateStatics(catalogue, parseSignature) {
  const bodies = [];
  for (const [name, entry] of Object.entries(catalogue)) {
    const signature = parseSignature(entry.signatures[0]);
    if (entry.kind !== "scalar" || signature.self >= 0 || !isKnown(signature.result)) continue;
    const carries = entry.nulls === "propagate" && signature.parameters.some(isOperand);
    const parameters = signature.parameters.map((parameter) => {
      const type = argumentType(parameter, parameter.families[0], carries ? "A" : "Null", false);
      if (!parameter.rest) return `${parameter.name}${parameter.optional ? "?" : ""}: ${type}`;
      return `...${parameter.name}: readonly (${type})[]`;
    });
    const values = signature.parameters.map(({ name: one, rest }) => (rest ? `...${one}` : one)).join(", ");
    const nulls = { propagate: carries ? "A" : "never", never: "never" }[entry.nulls] ?? "null";
    const result = columnOf(signature.result, nulls);
    bodies.push(
      "",
      ...documentation(entry, signature, ""),
      `export function ${name}${carries ? "<A extends Null = never>" : ""}(${parameters.join(", ")}): ${result} {`,
      `  return callFunction("${name}", [${values}]) as unknown as ${result};`,
      "}",
    );
  }
  const text = bodies.join("\n");
  const used = (names) =>
    names.filter((name) => new RegExp(`\\b${name}\\b`).test(text.replaceAll(/\/\*\*[\s\S]*?\*\//g, "")));
  const columns = used(Object.values(INTERFACES).map(({ name }) => name)).sort();
  return [
    HEAD,
    `import type { ${columns.join(", ")} } from "./columns.generated.ts";`,
    `import type { ${used(["AnyValue", "Null", "Operand"]).join(", ")} } from "./columns.ts";`,
    'import { callFunction } from "./expression.ts";',
    `${text}\n`,
  ].join("\n");
}
