import { SluiceError } from "@sluice/core";
import type { Table } from "../format/table.ts";

/** @throws SluiceError `denied` where a table says that its files belong to another one too */
export function assertOwnsFiles({ metadata }: Table): void {
  if (metadata.properties["gc.enabled"]?.toLowerCase() !== "false") return;
  throw new SluiceError(
    "denied",
    `the table at ${metadata.location} forbids that files are removed: its gc.enabled is false`,
    {
      offending: "gc.enabled",
      hint: "its files may belong to another table too; set the property to true where they do not",
    },
  );
}
