import { SluiceError } from "../errors.ts";
import type { FrozenColumn } from "../schema/frozen.ts";

/**
 * The words that mean null in a text, besides the empty field.
 *
 * @example
 * nullWordsOf([{ name: "n", type: "int64", nullable: true, nulls: ["NA"] }]); // ["NA"]
 * @throws SluiceError `config` where columns differ: a field is null before it is known to which column it belongs
 */
export function nullWordsOf(all: readonly Pick<FrozenColumn, "name" | "nulls" | "partition">[]): readonly string[] {
  const columns = all.filter(({ partition }) => partition !== true);
  const [first] = columns;
  const words = first?.nulls ?? [];
  const other = columns.find(
    ({ nulls = [] }) => nulls.length !== words.length || nulls.some((word, index) => word !== words[index]),
  );
  if (other === undefined) return words;
  throw new SluiceError("config", `"${other.name}" has other words for null than "${first?.name}"`, {
    offending: other.name,
    hint: "all columns of a dataset have the same: run sluice sync again",
  });
}
