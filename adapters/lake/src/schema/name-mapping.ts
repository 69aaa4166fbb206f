import { type FieldNames, isSluiceError, SluiceError } from "@sluice/core";
import { Members, misfit } from "../format/json-members.ts";
import { parseLossless } from "../format/lossless-json.ts";
import type { ColumnType, Field } from "../format/model.ts";

export const NAME_MAPPING = "schema.name-mapping.default";

/** Names that files without numbers have for one field, and for those inside of it. */
export interface Mapped {
  readonly id: number | undefined;
  readonly names: readonly string[];
  readonly fields: readonly Mapped[];
}

/**
 * What files without numbers call the fields of a table, where the table says so: fields that it names nowhere are not among
 * them. Undefined where it says nothing.
 *
 * @example
 * fieldNamesOf({ "schema.name-mapping.default": '[{"names":["s","s2"],"field-id":2}]' }, fields); // [{ id: 2, names: ["s", "s2"] }]
 * @throws SluiceError `data` for a property that is no mapping
 */
export function fieldNamesOf(
  properties: Readonly<Record<string, string>>,
  fields: readonly Field[],
  shown: string,
): readonly FieldNames[] | undefined {
  const text = properties[NAME_MAPPING];
  if (text === undefined) return undefined;
  const mapping = parseMapping(text, shown);
  return fields.flatMap((field) => namesOf(field, mapping));
}

/** A field inside of another is looked for where the mapping has that one, since it is one tree as the schema is. */
function namesOf({ id, type }: Pick<Field, "id" | "type">, level: readonly Mapped[]): readonly FieldNames[] {
  const mapped = level.filter((one) => one.id === id);
  if (mapped.length === 0) return [];
  const inside = mapped.flatMap(({ fields }) => fields);
  return [
    { id, names: mapped.flatMap(({ names }) => names) },
    ...childrenOf(type).flatMap((child) => namesOf(child, inside)),
  ];
}

function childrenOf(type: ColumnType): readonly Pick<Field, "id" | "type">[] {
  switch (type.kind) {
    case "struct":
      return type.fields;
    case "list":
      return [{ id: type.elementId, type: type.element }];
    case "map":
      return [
        { id: type.keyId, type: type.key },
        { id: type.valueId, type: type.value },
      ];
    default:
      return [];
  }
}

export function parseMapping(text: string, shown: string): readonly Mapped[] {
  try {
    const root = new Members({ mapping: parseLossless(text) }, "");
    return levelOf(root, "mapping");
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    const short = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    throw new SluiceError("data", `the property ${NAME_MAPPING} of ${shown} is no mapping of names: ${error.message}`, {
      offending: short,
      hint: "it says how files without numbers of columns are read; set it anew with the program that wrote it, or take it out",
      cause: error,
    });
  }
}

function levelOf(members: Members, key: string): readonly Mapped[] {
  const level = members.members(key).map(
    (one): Mapped => ({
      id: one.optional("field-id", one.whole),
      names: one.list("names").map((name, index) => {
        if (typeof name === "string") return name;
        throw misfit(`${one.path}.names[${index}]`, name, "a text");
      }),
      fields: one.has("fields") ? levelOf(one, "fields") : [],
    }),
  );
  const seen = new Set<string>();
  for (const name of level.flatMap(({ names }) => names)) {
    if (seen.has(name)) throw new SluiceError("data", `it has the name "${name}" twice`);
    seen.add(name);
  }
  return level;
}
