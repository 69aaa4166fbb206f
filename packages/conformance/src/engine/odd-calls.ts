import {
  type Column,
  type Expression,
  type FunctionEntry,
  type FunctionParameter,
  familyOf,
  type LiteralNode,
  parseSignature,
  parseType,
  type Relation,
  type Signature,
} from "@sluice/core";

const BEYOND = "18446744073709551615";

/** Values at the edge of each type, as they are written in a definition. */
const ODD: Readonly<Record<string, readonly string[]>> = {
  bool: ["true", "false"],
  int64: [
    "0",
    "1",
    "-1",
    "3",
    "12",
    "2147483647",
    "-2147483649",
    "4000000000000",
    "9223372036854775807",
    "-9223372036854775808",
  ],
  int8: ["0", "2", "-128", "127"],
  uint64: ["0", "5", BEYOND],
  "decimal(5,2)": ["0", "-1.50", "999.99", "-999.99"],
  "decimal(38,0)": ["0", "7", "99999999999999999999999999999999999999", "-99999999999999999999999999999999999999"],
  float64: ["0", "-0.0", "1", "-2.5", "0.3", "nan", "inf", "-inf", "1e308", "5e-324", "-9223372036854775808"],
  float32: ["0", "-1", "nan", "inf", "3e38"],
  string: [
    "",
    " ",
    "a",
    "aB, c",
    "Åse",
    "👩‍👩‍👧e\u0301",
    "%_",
    "\\",
    "[",
    "(",
    "*",
    "[1,",
    '{"a":1}',
    "2024-02-30",
    "zz==",
    "$1\\9",
  ],
  "enum('x', '')": ["x", ""],
  bytes: ["", "ff", "00c3a5"],
  date: ["0001-01-01", "1970-01-01", "2024-02-29", "2023-01-31", "9999-12-31"],
  time: ["00:00:00", "23:59:59.999999"],
  timestamp: ["0001-01-01T00:00:00", "1969-12-31T23:59:59.999999", "2024-02-29T12:00:00", "9999-12-31T23:59:59.999999"],
  timestamptz: ["0001-01-01T00:00:00Z", "2024-03-31T01:30:00Z", "9999-12-31T23:59:59.999999Z"],
  interval: ["PT0S", "P1M", "-P1Y2M", "P9999Y", "PT0.000001S"],
  uuid: ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
  json: ["null", "{}", "[]", "1e400", '"x"', "[1,null]", '{"a":{"a":null}}', "123456789012345678901234567890"],
};
const SINGLE = Object.keys(ODD);
const ITEMS = ["int64", "decimal(5,2)", "float64", "string", "bool", "date", "json"];
const LIST = "list<int64>";
const STRUCT = "struct{a: string}";
const MAP = "map<string,int64>";
const TYPES = [...SINGLE, ...ITEMS.map((item) => `list<${item}>`), `list<${LIST}>`, STRUCT, MAP];

const CONSTANTS: Readonly<Record<string, readonly string[]>> = {
  unit: ["month", "week", "second", "year"],
  layout: ["%Y-%m-%d", "%d.%m.%y %H"],
  path: ["$.a", "$", "$[0]"],
  zone: ["Europe/Oslo", "UTC"],
  name: ["a"],
  literal: [",", ""],
  digits: ["0", "1"],
  fraction: ["0", "0.5", "1"],
  ordinal: ["1", "3"],
};
/** Constants that a plan refuses, and those that an engine finds wrong itself. */
const UNSOUND: Readonly<Record<string, readonly string[]>> = {
  layout: ["", "%", "%q%Y"],
  digits: ["2", "-2", "9", "2147483648", "-99999999999"],
};
const NUMBERS: ReadonlySet<string> = new Set(["digits", "fraction", "ordinal"]);

/** The most rows of a call. */
export const ODD_ROWS = 14;

/** A call of the catalogue over columns, `a0` its first argument. */
export interface OddCall {
  readonly name: string;
  readonly expression: Expression;
  /** The types of the arguments; absent where one is a constant. */
  readonly types: readonly (string | undefined)[];
}

const literal = (type: LiteralNode["type"], value: string): Expression => ({ kind: "literal", type, value });
const NULL: Expression = { kind: "literal", type: "null", value: null };
const callOf = (name: string, ...operands: Expression[]): Expression => ({ kind: "call", name, arguments: operands });
const columnNamed = (name: string): Expression => ({ kind: "column", name });

/** Calls of every signature of a function over columns of each type that it takes, with each constant that it takes. */
export function oddCallsOf(name: string, entry: FunctionEntry, constants: "sound" | "any"): readonly OddCall[] {
  const choicesOf = (signature: Signature, index: number, self: string | undefined): readonly (string | Expression)[] =>
    choicesAt(signature, index, self, constants === "any" ? UNSOUND : {});
  return entry.signatures.map(parseSignature).flatMap((signature) => {
    const counts = countsOf(signature);
    const leading = signature.parameters[Math.max(signature.self, 0)];
    if (leading === undefined) return [{ name, expression: callOf(name), types: [] }];
    const starts = leading.word !== undefined && leading.word in CONSTANTS ? [undefined] : typesFor(leading);
    return starts.flatMap((self, start) =>
      counts.flatMap((count) => {
        const widest = Math.max(
          ...Array.from({ length: count }, (_, index) => choicesOf(signature, index, self).length),
        );
        // Every choice beside the first type of self, and one beside each other.
        const variants = start === 0 ? Array.from({ length: widest }, (_, variant) => variant) : [start];
        return variants.map((variant) => {
          const operands = Array.from({ length: count }, (__, index) => {
            const choices = choicesOf(signature, index, self);
            return choices[variant % choices.length] ?? NULL;
          });
          return {
            name,
            expression: callOf(
              name,
              ...operands.map((operand, index) => (typeof operand === "string" ? columnNamed(`a${index}`) : operand)),
            ),
            types: operands.map((operand) => (typeof operand === "string" ? operand : undefined)),
          };
        });
      }),
    );
  });
}

/** With its optional arguments and without; with two of those of which there may be any number. */
function countsOf({ parameters }: Signature): readonly number[] {
  const most = parameters.length + (parameters.at(-1)?.rest === true ? 1 : 0);
  const least = parameters.filter((parameter) => !parameter.optional).length;
  return most === least || parameters.at(-1)?.rest === true ? [most] : [least, most];
}

/** Types of columns, or constants, that may stand there. */
function choicesAt(
  signature: Signature,
  index: number,
  self: string | undefined,
  more: Readonly<Record<string, readonly string[]>>,
): readonly (string | Expression)[] {
  const parameter = signature.parameters[Math.min(index, signature.parameters.length - 1)];
  if (parameter === undefined) return [];
  const { word } = parameter;
  if (word === "fields") return index % 2 === 0 ? [literal("string", `f${index}`)] : ["string"];
  if (word !== undefined && word in CONSTANTS) {
    return [...(CONSTANTS[word] ?? []), ...(more[word] ?? [])].map((value) =>
      literal(NUMBERS.has(word) ? "number" : "string", value),
    );
  }
  const own = parseType(self ?? "bool");
  if (self !== undefined && (index === Math.max(signature.self, 0) || word === "self")) return [self];
  if (word === "item") return own.kind === "list" ? [self?.slice("list<".length, -1) ?? "string"] : ["string"];
  if (word === "key") return ["string"];
  return typesFor(parameter);
}

function typesFor({ families, items, name }: FunctionParameter): readonly string[] {
  // Keys of one type are enough.
  if (name === "keys") return ["list<string>"];
  return TYPES.filter((type) => {
    const parsed = parseType(type);
    if (!families.includes(familyOf(parsed))) return false;
    return items === undefined || parsed.kind !== "list" || items.includes(familyOf(parsed.item));
  });
}

/**
 * Rows for a call, numbered in `row`: odd values met with odd values. With nulls, each row has one null, in the argument that
 * `nullAt` says.
 *
 * @example
 * oddRows(call, "nulls"); // a relation with the columns a0, a1 … and row
 */
export function oddRows(call: OddCall, holds: "values" | "nulls"): Relation {
  const columns: Column[] = [];
  const cells: (readonly (string | boolean | null)[])[] = [];
  const derived: (readonly [string, Expression])[] = [];
  const open = openArguments(call);
  const count = holds === "nulls" ? ODD_ROWS : rowCount(call.types);
  for (const [index, type] of call.types.entries()) {
    if (type === undefined) continue;
    const single = singleOf(type);
    // What does not fit int64, as which it goes in, is an error before a function is called.
    const values = (ODD[single] ?? []).filter((value) => holds === "values" || value !== BEYOND);
    const made = nestedIn(type, `b${index}`);
    columns.push({ name: made === undefined ? `a${index}` : `b${index}`, type: single, nullable: true });
    cells.push(
      Array.from({ length: count }, (_, row) => {
        if (holds === "nulls" && nullAt(call, row) === index) return null;
        const turn = holds === "nulls" ? Math.floor(row / open.length) : row;
        const value = values[(turn * (index + 1) + Math.floor(turn / values.length) * index) % values.length] ?? "";
        return single === "bool" ? value === "true" : value;
      }),
    );
    if (made === undefined) continue;
    const isValue = callOf("ne", modulo(open.length), literal("number", String(open.indexOf(index))));
    derived.push([`a${index}`, holds === "nulls" ? callOf("keepIf", made, isValue) : made]);
  }
  const values: Relation = {
    kind: "values",
    columns: [...columns, { name: "row", type: "int64", nullable: false }],
    rows: Array.from({ length: count }, (_, index) => [...cells.map((one) => one[index] ?? null), String(index)]),
  };
  return derived.length === 0 ? values : { kind: "derive", input: values, columns: derived };
}

/** The argument that is null in a row of nulls. */
export function nullAt(call: OddCall, row: number): number {
  const open = openArguments(call);
  return open[row % open.length] ?? 0;
}

/** The arguments that are no constants. */
export function openArguments({ types }: OddCall): readonly number[] {
  return types.flatMap((type, index) => (type === undefined ? [] : [index]));
}

const modulo = (by: number): Expression => callOf("mod", columnNamed("row"), literal("number", String(by)));

function rowCount(types: readonly (string | undefined)[]): number {
  const sizes = types.flatMap((type) => (type === undefined ? [] : [(ODD[singleOf(type)] ?? []).length]));
  const all = sizes.reduce((product, size) => product * size, 1);
  return Math.min(all, ODD_ROWS);
}

function singleOf(type: string): string {
  if (type in ODD) return type;
  if (type === STRUCT) return "string";
  return type === MAP ? "int64" : type.replace(/^(?:list<)+/, "").replace(/>+$/, "");
}

/** A nested value around a single one: now empty, now with a null in it. */
function nestedIn(type: string, name: string): Expression | undefined {
  if (type in ODD) return undefined;
  const value = columnNamed(name);
  if (type === STRUCT) return callOf("structOf", literal("string", "a"), value);
  if (type === MAP) return callOf("mapOf", callOf("listOf", literal("string", "a")), callOf("listOf", value));
  const full = callOf("listOf", value, NULL, value);
  const empty = callOf("slice", full, literal("number", "2"), literal("number", "1"));
  const list: Expression = {
    kind: "case",
    branches: [[callOf("eq", modulo(3), literal("number", "0")), empty]],
    otherwise: full,
  };
  return type.startsWith("list<list") ? callOf("listOf", list, NULL) : list;
}
