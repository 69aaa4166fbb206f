import { type DiscoverRequest, didYouMean, type FrozenColumn, SluiceError } from "@sluice/core";

/**
 * The columns that the author wants of those found, and whether that leaves some out.
 *
 * @throws SluiceError `config` for a name in `columns`, `types` or `required` that no column has
 */
export function chooseColumns(
  found: readonly FrozenColumn[],
  request: Pick<DiscoverRequest, "columns" | "types" | "required" | "isUnion">,
): { readonly columns: readonly FrozenColumn[]; readonly partial?: true } {
  const names = found.map((column) => column.name);
  const refuse = (option: string, name: string): never => {
    throw new SluiceError("config", `${option} names "${name}", which is no column`, {
      offending: name,
      hint: didYouMean(name, names, "the columns"),
    });
  };
  const declared = [
    ["types", [...request.types.keys()]],
    ["required", request.required],
    ["columns", request.columns ?? []],
  ] as const;
  for (const [option, wanted] of declared) {
    const unknown = wanted.find((name) => !names.includes(name));
    if (unknown !== undefined && request.isUnion !== true) refuse(option, unknown);
  }
  if (request.columns === undefined) return { columns: found };
  const wanted = new Set(request.columns);
  const columns = found.filter((column) => wanted.has(column.name));
  return columns.length === found.length ? { columns } : { columns, partial: true };
}
