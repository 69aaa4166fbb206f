import {
  type FieldId,
  type FrozenColumn,
  formatType,
  type LogicalType,
  parseType,
  type ScannableInput,
  SluiceError,
} from "@sluice/core";
import { quoteName, quoteText } from "./sql-text.ts";
import { duckDbTypeOf, logicalTypeOf } from "./types.ts";

/** A column of a file: its name, and its type as DuckDB writes it. */
export type FileColumn = readonly [name: string, type: string];

/**
 * The columns of a table as terms over a file without numbers, by name; what it does not hold is null.
 *
 * @throws SluiceError `data` where two columns of the file are one of the table, or where what it calls them is not known
 */
export function namedTerms(
  input: ScannableInput,
  file: readonly FileColumn[],
  origin: string,
): ReadonlyMap<string, string> {
  const { columns, fieldIds = [], fieldNames, fieldNamesProblem, nested = [] } = input;
  if (fieldNamesProblem !== undefined) {
    const { message, offending, hint } = fieldNamesProblem;
    throw new SluiceError("data", `${origin} has no numbers of columns, and ${message}`, { offending, hint });
  }
  const stored = columns.filter(({ partition }) => partition !== true);
  if (fieldNames === undefined) {
    const held = new Set(file.map(([name]) => name));
    return new Map(stored.map(({ name }) => [name, held.has(name) ? `d.${quoteName(name)}` : "null"]));
  }
  const byId = new Map(fieldNames.map(({ id, names }) => [id, names]));
  const named = (id: number | undefined, held: readonly string[]): string | undefined => {
    const names = id === undefined ? [] : (byId.get(id) ?? []);
    const [first, second] = held.filter((name) => names.includes(name));
    if (second === undefined) return first;
    throw new SluiceError(
      "data",
      `${origin} holds both "${first}" and "${second}", which are one column of the table`,
      {
        offending: origin,
        hint: "the table gives that column both names: take one of them out of what it says of files without numbers",
      },
    );
  };
  const termOf = (column: FrozenColumn): string => {
    const held = named(
      fieldIds[columns.indexOf(column)],
      file.map(([name]) => name),
    );
    if (held === undefined) return "null";
    const term = `d.${quoteName(held)}`;
    const field = nested.find(({ name }) => name === column.name);
    const [, type = ""] = file.find(([name]) => name === held) ?? [];
    if (field === undefined) return term;
    return nestedTerm(term, parseType(column.type), field, parseType(logicalTypeOf(type)), named, 0);
  };
  return new Map(stored.map((column) => [column.name, termOf(column)]));
}

type Named = (id: number | undefined, held: readonly string[]) => string | undefined;

function nestedTerm(
  term: string,
  type: LogicalType,
  field: FieldId | undefined,
  file: LogicalType,
  named: Named,
  depth: number,
): string {
  const item = `e${depth}`;
  const child = (name: string): FieldId | undefined => field?.children?.find((one) => one.name === name);
  // Of another kind than the table's, it is left to the cast to refuse it.
  if (type.kind === "struct" && file.kind === "struct") {
    const names = file.fields.map(([name]) => name);
    const fields = type.fields.map(([name, inner]) => {
      const held = named(child(name)?.id, names);
      const [, found] = file.fields.find(([one]) => one === held) ?? [];
      if (held === undefined || found === undefined) {
        return `${quoteName(name)} := cast(null as ${duckDbTypeOf(formatType(inner))})`;
      }
      const value = `struct_extract(${term}, ${quoteText(held)})`;
      return `${quoteName(name)} := ${nestedTerm(value, inner, child(name), found, named, depth)}`;
    });
    return `case when ${term} is null then null else struct_pack(${fields.join(", ")}) end`;
  }
  if (type.kind === "list" && file.kind === "list") {
    const inner = nestedTerm(item, type.item, child("element"), file.item, named, depth + 1);
    return inner === item ? term : `list_transform(${term}, lambda ${item}: ${inner})`;
  }
  if (type.kind === "map" && file.kind === "map") {
    const key = nestedTerm(item, type.key, child("key"), file.key, named, depth + 1);
    const value = nestedTerm(item, type.value, child("value"), file.value, named, depth + 1);
    if (key === item && value === item) return term;
    const keys = `list_transform(map_keys(${term}), lambda ${item}: ${key})`;
    const values = `list_transform(map_values(${term}), lambda ${item}: ${value})`;
    return `case when ${term} is null then null else map(${keys}, ${values}) end`;
  }
  return term;
}
