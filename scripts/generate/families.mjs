// The families of types as the builder names them.
export const INTERFACES = {
  bool: { name: "Bool", about: "True or false." },
  text: { name: "Text", about: "Text; an enumeration too." },
  int: { name: "Int", about: "A whole number of any width." },
  decimal: { name: "Decimal", about: "A number with fixed places." },
  float: { name: "Float", about: "A floating-point number." },
  date: { name: "Day", about: "A day of the calendar: the type `date`." },
  time: { name: "Time", about: "A time of day." },
  timestamp: { name: "Timestamp", about: "A day and a time of day, without a zone." },
  timestamptz: { name: "Timestamptz", about: "An instant." },
  interval: { name: "Interval", about: "A duration of months, days and seconds." },
  uuid: { name: "Uuid", about: "A UUID." },
  bytes: { name: "Bytes", about: "Bytes." },
  json: { name: "Json", about: "A JSON document." },
  list: { name: "List", about: "A list of items.", parameters: [["I", "AnyColumn"]] },
  struct: { name: "Struct", about: "Named fields.", parameters: [["F", "Row"]] },
  map: {
    name: "MapOf",
    about: "Keys and their values.",
    parameters: [
      ["K", "AnyColumn"],
      ["V", "AnyColumn"],
    ],
  },
};

export const NUMBERS = ["int", "decimal", "float"];
/** The families of results that a signature names by a type or a rule. */
export const FAMILY_OF_TYPE = {
  int64: "int",
  float64: "float",
  string: "text",
  rounded: "decimal",
  decimal38: "decimal",
};

/** What takes a constant only, as TypeScript has it. */
export const CONSTANT_WORDS = {
  layout: "string",
  path: "string",
  zone: "string",
  name: "string",
  literal: "string",
  digits: "number",
  fraction: "number",
  ordinal: "number",
};

/** What the parts of a list, a map and a struct are called in their interfaces. */
const PARTS = { item: "I", key: "K", value: "V" };

/** Words as the text of a union type. */
export const quoted = (words) => words.map((word) => JSON.stringify(word)).join(" | ");
export const unique = (items) => [...new Set(items)];
export const isNumber = (family) => NUMBERS.includes(family);

/** The interface of a family, with its type arguments: `Int<N>`. */
export const nameOf = (family, nulls) => {
  const { name, parameters = [] } = INTERFACES[family];
  const args = [...parameters.map(([parameter]) => parameter), ...(nulls === "never" ? [] : [nulls])];
  return args.length === 0 ? name : `${name}<${args.join(", ")}>`;
};

/** The column that a result is: an exact type, or a part of self; `self` is the text of its column. */
export function columnOf(result, nulls, self = "AnyColumn") {
  const given = nulls === "never" ? "" : `, ${nulls}`;
  const list = /^list<(.*)>$/.exec(result)?.[1];
  // The keys of a map are never null, and the items of any list may be.
  if (list === "key") return `List<Optional<K>${given}>`;
  if (list !== undefined) return `List<${columnOf(list, "null", self)}${given}>`;
  const map = /^map<([^,]*),(.*)>$/.exec(result);
  if (map !== null) return `MapOf<${columnOf(map[1], "never", self)}, ${columnOf(map[2], "null", self)}${given}>`;
  if (result === "self") return self;
  return PARTS[result] ?? nameOf(FAMILY_OF_TYPE[result] ?? result, nulls);
}

/** Whether the result is known without knowing self. */
export const isKnown = (result) =>
  (INTERFACES[FAMILY_OF_TYPE[result] ?? result] !== undefined && !["list", "struct", "map"].includes(result)) ||
  /^list<(string|json)>$/.test(result);
