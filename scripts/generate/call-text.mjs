// What generated sources and pages say of a function.
export const HEAD =
  "// Written by `npm run generate` from the function catalogue. Change the catalogue, not this file.\n";

/** How a call is written in SQL text: `round(value, places)`, `a + b`. */
export function textForm(entry, signature) {
  const names = signature.parameters.map((parameter) => (parameter.name === "self" ? "value" : parameter.name));
  const form = entry.text;
  if (form.short === "index") return `${names[0]}[${names[1]}]`;
  if (form.short === "field") return `${names[0]}.${names[1]}`;
  if (form.short !== undefined) return entry.example.text;
  if (form.function !== undefined) return `${form.function}(${names.join(", ")}${entry.ordered ? " order by …" : ""})`;
  if (form.infix !== undefined) return `${names[0]} ${form.infix} ${names[1]}`;
  if (form.prefix !== undefined) return `${form.prefix} ${names[0]}`.replace("- ", "-");
  if (form.postfix !== undefined) return `${names[0]} ${form.postfix}`;
  return entry.example.text;
}

/** The value of an example as SQL text shows it. */
export function resultText({ result }) {
  return typeof result === "string" ? `'${result}'` : String(result);
}

/** The lines of a function's doc comment. */
export function documentation(entry, signature, indent) {
  return [
    `${indent}/**`,
    `${indent} * ${entry.doc}`,
    `${indent} *`,
    `${indent} * SQL: \`${textForm(entry, signature)}\`; \`${entry.example.text}\` is \`${resultText(entry.example)}\`.`,
    `${indent} */`,
  ];
}
