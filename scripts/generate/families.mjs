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
