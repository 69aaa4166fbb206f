// The window functions of the builder that are no methods: `packages/core/src/builder/windows.generated.ts`.
import { documentation, HEAD } from "./call-text.mjs";
import { FAMILY_OF_TYPE, nameOf, unique } from "./families.mjs";

/** The text of `windows.generated.ts`. */
export function generateWindows(catalogue, parseSignature) {
  const lines = [];
  const results = [];
  for (const [name, entry] of Object.entries(catalogue)) {
    const signature = parseSignature(entry.signatures[0]);
    if (entry.kind !== "window" || signature.self >= 0) continue;
    const parameters = signature.parameters.map((parameter) => parameter.name);
    const result = nameOf(
      FAMILY_OF_TYPE[signature.result] ?? signature.result,
      entry.nulls === "never" ? "never" : "null",
    );
    results.push(result.replace(/<.*/, ""));
    lines.push("", ...documentation(entry, signature, ""));
    lines.push(`export function ${name}(${parameters.map((one) => `${one}: number`).join(", ")}): ${result} {`);
    lines.push(`  return windowCall("${name}", [${parameters.join(", ")}]);`, "}");
  }
  const imports = [
    HEAD,
    `import type { ${unique(results).sort().join(", ")} } from "./columns.generated.ts";`,
    'import { windowCall } from "./expression.ts";',
  ];
  return `${[...imports, ...lines].join("\n")}\n`;
}
