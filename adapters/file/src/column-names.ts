/** Names of columns made usable, and what was done to them. */
export interface ColumnNames {
  readonly names: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * The names in a header as columns are called: blanks around them do not count (a name of nothing else stays), an empty one becomes `column3`, one that
 * was there before (case does not count, as in engines) gets a number.
 *
 * @example
 * columnNames(["id", "", "Id"]).names; // ["id", "column2", "Id_2"]
 */
export function columnNames(header: readonly string[]): ColumnNames {
  const warnings: string[] = [];
  const trimmed = header.map((name) => (name.trim() === "" ? name : name.trim()));
  const own = new Set(trimmed.map((name) => name.toLowerCase()));
  const taken = new Set<string>();
  const names = trimmed.map((name, index) => {
    const wanted = name === "" ? `column${index + 1}` : name;
    const unique = firstFree(wanted, name !== "" && !taken.has(name.toLowerCase()), taken, own);
    taken.add(unique.toLowerCase());
    if (name === "") warnings.push(`column ${index + 1} has no name in the header and is called "${unique}"`);
    else if (unique !== name) {
      const before = trimmed.findIndex((other) => other.toLowerCase() === name.toLowerCase());
      const why =
        trimmed[before] === name ? "stands in the header before" : `differs from "${trimmed[before]}" only by case`;
      warnings.push(`column ${index + 1}, "${name}", ${why} and is called "${unique}"`);
    }
    return unique;
  });
  return { names, warnings };
}

function firstFree(wanted: string, isFirst: boolean, taken: ReadonlySet<string>, own: ReadonlySet<string>): string {
  if (isFirst) return wanted;
  const isFree = (name: string): boolean => !taken.has(name.toLowerCase()) && !own.has(name.toLowerCase());
  if (isFree(wanted)) return wanted;
  for (let number = 2; ; number++) {
    if (isFree(`${wanted}_${number}`)) return `${wanted}_${number}`;
  }
}
