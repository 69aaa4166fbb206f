import { SluiceError } from "../errors.ts";
import type { Column } from "../schema/schema.ts";

/**
 * Refuses columns that share a name, also when only case tells them apart.
 *
 * @throws SluiceError `config` naming both
 */
export function assertDistinctNames(columns: readonly Column[]): void {
  const seen = new Map<string, string>();
  for (const { name } of columns) {
    const before = seen.get(name.toLowerCase());
    if (before === name) {
      throw new SluiceError("config", `the column "${name}" stands twice`, {
        offending: name,
        hint: "rename or drop one of them",
      });
    }
    if (before !== undefined) {
      throw new SluiceError(
        "config",
        `the columns "${before}" and "${name}" differ only by case, which engines ignore`,
        {
          offending: name,
          hint: "rename or drop one of them",
        },
      );
    }
    seen.set(name.toLowerCase(), name);
  }
}
