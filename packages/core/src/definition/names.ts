import type { Problems } from "./problems.ts";

/** What names of steps, pipelines and parameters look like. */
export function isName(name: string): boolean {
  return /^[A-Za-z_][\w-]*$/.test(name);
}

/** Reports a name that no column can have. */
export function checkColumnName(name: string, path: string, problems: Problems): void {
  if (name === "") problems.add(path, "a column has an empty name", { offending: name });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  else if (/[\u0000-\u001f\u007f]/.test(name)) {
    problems.add(path, `the column name ${JSON.stringify(name)} holds a control character`, { offending: name });
  }
}

/** Reports names that no column can have, and those that stand twice, also when only case tells them apart. */
export function checkColumnNames(names: readonly string[], path: string, problems: Problems): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    checkColumnName(name, path, problems);
    const before = seen.get(name.toLowerCase());
    if (before === name) problems.add(path, `the column "${name}" stands twice`, { offending: name });
    else if (before !== undefined) {
      problems.add(path, `the columns "${before}" and "${name}" differ only by case, which engines ignore`, {
        offending: name,
        hint: "give one of them another name",
      });
    }
    seen.set(name.toLowerCase(), name);
  }
}

/** Reports each name that stands a second time. */
export function checkRepeated(names: readonly string[], what: string, path: string, problems: Problems): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) problems.add(path, `${what} "${name}" stands twice`, { offending: name });
    seen.add(name);
  }
}
