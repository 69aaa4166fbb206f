import { familyOf, type LogicalType, parseType, type TypeText } from "../schema/types.ts";

const NAMES: Readonly<Record<string, string>> = {
  bool: "Bool",
  int: "Int",
  decimal: "Decimal",
  float: "Float",
  text: "Text",
  bytes: "Bytes",
  date: "Day",
  time: "Time",
  timestamp: "Timestamp",
  timestamptz: "Timestamptz",
  interval: "Interval",
  uuid: "Uuid",
  json: "Json",
};

/**
 * How a column of a type is written in a row interface; what is nested may be null in any part.
 *
 * @example
 * columnTypeText("float64", true); // "Float<null>"
 * columnTypeText("list<string>", false); // "List<Text<null>>"
 */
export function columnTypeText(type: TypeText, nullable: boolean): string {
  return textOf(parseType(type), nullable);
}

/** The names that a text of `columnTypeText` needs imported: `["List", "Text"]`. */
export function columnTypeNames(text: string): readonly string[] {
  const known = new Set([...Object.values(NAMES), "List", "Struct", "MapOf"]);
  const bare = text.replaceAll(/"(?:[^"\\]|\\.)*"|\w+:/g, "");
  return [...new Set(bare.match(/[A-Z]\w*/g) ?? [])].filter((name) => known.has(name)).sort();
}

function textOf(type: LogicalType, nullable: boolean): string {
  const nulls = nullable ? ", null" : "";
  switch (type.kind) {
    case "list":
      return `List<${textOf(type.item, true)}${nulls}>`;
    case "map":
      return `MapOf<${textOf(type.key, false)}, ${textOf(type.value, true)}${nulls}>`;
    case "struct": {
      const fields = type.fields.map(([name, field]) => `readonly ${JSON.stringify(name)}: ${textOf(field, true)}`);
      return `Struct<{ ${fields.join("; ")} }${nulls}>`;
    }
    default:
      return `${NAMES[familyOf(type)] ?? "Text"}${nullable ? "<null>" : ""}`;
  }
}
