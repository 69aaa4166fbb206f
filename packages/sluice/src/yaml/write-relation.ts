import {
  type Address,
  type Column,
  type Expression,
  type Frame,
  type Json,
  type NamedExpression,
  type PivotNode,
  printExpression,
  type Relation,
  type ScanSource,
  SluiceError,
  type SortKey,
  type SqlNode,
} from "@sluice/core";
import { ADAPTER_TYPES } from "../adapters.ts";
import { placeMember, textOfAddress } from "./address-shape.ts";
import { boundText } from "./frame-shape.ts";
import { MAP_ORDER } from "./relation-shape.ts";
import { SQL_ENGINE } from "./sql-shape.ts";
import { exactNumber, mapping, numberText, scalar, sequence, type YamlNode } from "./yaml-nodes.ts";

/** The names of the steps, which bare names mean first. */
type Steps = ReadonlySet<string>;

const NAME = /^[A-Za-z_][\w-]*$/;

/** A relation where any form may stand: a bare name, a map in the one order, or a list. */
export function writeRelation(relation: Relation, steps: Steps): YamlNode {
  if (relation.kind === "scan") return writeSource(relation.source, steps);
  return writeOperations(relation, steps);
}

/** A relation as the map form where it fits exactly, else as a list. */
export function writeOperations(relation: Relation, steps: Steps): YamlNode {
  const chain = chainOf(relation);
  return writeMap(chain, steps) ?? sequence(chain.map((node) => writeItem(node, steps)));
}

/** From what a relation begins with to what it ends with. */
function chainOf(relation: Relation): readonly Relation[] {
  const chain: Relation[] = [];
  for (let node: Relation | undefined = relation; node !== undefined; node = inputOf(node)) chain.unshift(node);
  return chain;
}

function inputOf(relation: Relation): Relation | undefined {
  if ("left" in relation) return relation.left;
  return "input" in relation ? relation.input : undefined;
}

function writeMap([first, ...rest]: readonly Relation[], steps: Steps): YamlNode | undefined {
  if (first?.kind !== "scan") return undefined;
  const others = rest.findIndex((node) => node.kind !== "join");
  const joins = others < 0 ? rest : rest.slice(0, others);
  const operations = others < 0 ? [] : rest.slice(others);
  const order = operations.map((node) => (MAP_ORDER as readonly string[]).indexOf(node.kind));
  if (order.some((place, index) => place < 0 || place <= (order[index - 1] ?? -1))) return undefined;
  const written = joins.map((node) => writeValue(node, steps));
  const [only] = written;
  return mapping([
    ["from", writeSource(first.source, steps)],
    ["join", written.length === 1 ? only : written.length === 0 ? undefined : sequence(written)],
    ...operations.map((node) => [node.kind, writeValue(node, steps)] as const),
  ]);
}

function writeItem(node: Relation, steps: Steps): YamlNode {
  return mapping([[node.kind === "scan" ? "from" : node.kind, writeValue(node, steps)]]);
}

/** What stands behind the key of an operation. */
function writeValue(node: Relation, steps: Steps): YamlNode {
  switch (node.kind) {
    case "scan":
      return writeSource(node.source, steps);
    case "values":
      return writeValues(node.columns, node.rows);
    case "filter":
      return writeExpression(node.condition);
    case "select":
    case "derive":
      return writeColumns(node.columns);
    case "rename":
      return writePairs(node.names);
    case "keep":
    case "drop":
    case "dropNulls":
      return writeNames(node.columns);
    case "join":
      return mapping([
        ["with", writeRelation(node.right, steps)],
        ["how", node.how === "inner" ? undefined : scalar(node.how)],
        ["using", node.using === undefined ? undefined : writeNames(node.using)],
        ["on", node.on === undefined ? undefined : writeExpression(node.on)],
        ["suffix", node.suffix === undefined ? undefined : scalar(node.suffix)],
        ["select", node.select === undefined ? undefined : writeColumns(node.select)],
      ]);
    case "union": {
      const inputs = sequence(node.inputs.map((input) => writeRelation(input, steps)));
      return node.distinct || node.missing
        ? mapping([
            ["of", inputs],
            ["distinct", node.distinct ? scalar(true) : undefined],
            ["missing", node.missing === undefined ? undefined : scalar(node.missing)],
          ])
        : inputs;
    }
    case "distinct":
      return scalar(true);
    case "aggregate":
      return mapping([
        ["by", node.by.length === 0 ? undefined : writeNames(node.by)],
        ["sets", node.sets === undefined ? undefined : sequence(node.sets.map(writeNames))],
        ["grouping", node.grouping === undefined ? undefined : writePairs(node.grouping)],
        ["columns", node.columns.length === 0 ? undefined : writeColumns(node.columns)],
      ]);
    case "sort":
      return writeKeys(node.by);
    case "limit":
      return node.offset === undefined
        ? scalar(node.count)
        : mapping([
            ["count", scalar(node.count)],
            ["offset", scalar(node.offset)],
          ]);
    case "deduplicate":
      return mapping([
        ["key", writeNames(node.key)],
        ["keep", scalar(node.keep)],
        ["by", node.by.length === 0 ? undefined : writeKeys(node.by)],
      ]);
    case "intersect":
    case "except":
      return node.all || (node.right.kind === "scan" && "inline" in node.right.source)
        ? mapping([
            ["with", writeRelation(node.right, steps)],
            ["all", node.all ? scalar(true) : undefined],
          ])
        : writeRelation(node.right, steps);
    case "pivot":
      return mapping([
        ["by", node.by.length === 0 ? undefined : writeNames(node.by)],
        ["on", scalar(node.on)],
        ["values", writePivotValues(node.values)],
        ["columns", writeColumns(node.columns)],
      ]);
    case "unpivot":
      return mapping([
        ["columns", writeNames(node.columns)],
        ["name", scalar(node.name)],
        ["value", scalar(node.value)],
        ["nulls", node.nulls === undefined ? undefined : scalar(node.nulls)],
      ]);
    case "unnest":
      return mapping([
        ["column", scalar(node.column)],
        ["outer", node.outer ? scalar(true) : undefined],
        ["ordinality", node.ordinality === undefined ? undefined : scalar(node.ordinality)],
        ["prefix", node.prefix === undefined ? undefined : scalar(node.prefix)],
      ]);
    case "fill":
      return mapping([
        ["columns", writeNames(node.columns)],
        ["value", node.value === undefined ? undefined : writeExpression(node.value)],
        ["how", node.how === "value" ? undefined : scalar(node.how)],
        ["partition", node.partition.length === 0 ? undefined : writeNames(node.partition)],
        ["by", node.by.length === 0 ? undefined : writeKeys(node.by)],
        ["limit", node.limit === undefined ? undefined : scalar(node.limit)],
      ]);
    case "sample":
      return mapping([
        ["count", node.count === undefined ? undefined : scalar(node.count)],
        ["share", node.share === undefined ? undefined : scalar(node.share)],
        ["key", node.key.length === 0 ? undefined : writeNames(node.key)],
        ["seed", node.seed === undefined ? undefined : scalar(node.seed)],
      ]);
    case "incremental":
      return mapping([
        ["cursor", node.cursor === undefined ? undefined : scalar(node.cursor)],
        ["initial", node.initial === undefined ? undefined : writeBound(node.initial)],
        ["end", node.end === undefined ? undefined : writeBound(node.end)],
        ["lag", node.lag === undefined ? undefined : scalar(node.lag)],
        ["nulls", node.nulls === undefined ? undefined : scalar(node.nulls)],
        ["files", node.files === undefined ? undefined : scalar(node.files)],
        ["key", node.key === undefined ? undefined : writeNames(node.key)],
        ["deleted", node.deleted === undefined ? undefined : scalar(node.deleted)],
      ]);
    case "window":
      return mapping([
        ["partition", node.partition.length === 0 ? undefined : writeNames(node.partition)],
        ["by", node.by.length === 0 ? undefined : writeKeys(node.by)],
        ["frame", node.frame === undefined ? undefined : writeFrame(node.frame)],
        ["columns", writeColumns(node.columns)],
      ]);
    case "sql":
      return writeSql(node, steps);
    default:
      return node satisfies never;
  }
}

/** SQL text; a number or a word such as true stays plain, since it is read as it is written. */
export function writeExpression(expression: Expression): YamlNode {
  const text = printExpression(expression);
  if (text === "true" || text === "false") return scalar(text === "true");
  return text === "null" ? scalar(null) : numberText(text);
}

function writeBound(value: Expression): YamlNode {
  if (value.kind === "parameter") return scalar(`$${value.name}`);
  const text = value.kind === "literal" ? String(value.value) : printExpression(value);
  return text.startsWith("$") ? scalar(`$${text}`) : numberText(text);
}

/** A list where each begins its columns with its own text. */
function writePivotValues(values: PivotNode["values"]): YamlNode {
  const isPlain = values.every(([name, value]) => name === String(value.value));
  const written = values.map(([, { type, value }]) => {
    if (typeof value !== "string") return scalar(value);
    if (type !== "number") return scalar(value);
    const plain = exactNumber(value);
    return plain ?? mapping([["number", scalar(value)]]);
  });
  return isPlain ? sequence(written) : mapping(values.map(([name], index) => [name, written[index]]));
}

function writePairs(pairs: readonly (readonly [string, string])[]): YamlNode {
  return mapping(pairs.map(([from, to]) => [from, scalar(to)]));
}

function writeFrame({ unit, from, to }: Frame): YamlNode {
  return mapping([[unit, sequence([from, to].map((bound) => scalar(boundText(bound))))]]);
}

function writeColumns(columns: readonly NamedExpression[]): YamlNode {
  return mapping(columns.map(([name, expression]) => [name, writeExpression(expression)]));
}

export function writeNames(names: readonly string[]): YamlNode {
  return sequence(names.map(scalar));
}

export function writeKeys(keys: readonly SortKey[]): YamlNode {
  return sequence(
    keys.map(({ expression, descending, nulls }) => {
      const by = writeExpression(expression);
      if (descending === undefined && nulls === undefined) return by;
      return mapping([
        ["by", by],
        ["descending", descending ? scalar(true) : undefined],
        ["nulls", nulls === undefined ? undefined : scalar(nulls)],
      ]);
    }),
  );
}

export function writeColumnTypes(columns: readonly Column[]): YamlNode {
  return mapping(columns.map(({ name, type, nullable }) => [name, scalar(nullable ? `${type}?` : type)]));
}

function writeValues(columns: readonly Column[], rows: readonly (readonly (string | boolean | null)[])[]): YamlNode {
  return mapping([
    ["columns", writeColumnTypes(columns)],
    ["rows", sequence(rows.map((row) => sequence(row.map(writeLiteral))))],
  ]);
}

/** The text of a value: numbers plain where nothing is lost. */
export function writeLiteral(value: string | boolean | null): YamlNode {
  return typeof value === "string" ? numberText(value) : scalar(value);
}

function bareName(source: ScanSource, steps: Steps): string | undefined {
  if ("step" in source) return steps.has(source.step) ? source.step : undefined;
  if (!("dataset" in source) || steps.has(source.dataset)) return undefined;
  return NAME.test(source.dataset) ? source.dataset : undefined;
}

function writeSource(source: ScanSource, steps: Steps): YamlNode {
  const name = bareName(source, steps);
  if (name !== undefined) return scalar(name);
  if ("step" in source) return mapping([["step", scalar(source.step)]]);
  if ("dataset" in source) return mapping([["dataset", scalar(source.dataset)]]);
  if ("inline" in source) return writeAddress(source.inline);
  if ("table" in source) return mapping([["table", writeAddress(source.table)]]);
  throw new SluiceError("internal", `the stage "${source.stage}" has no form in YAML`);
}

/** `sqlite.warehouse.crash`, `{ file: out/x.csv }`, or all members as they are. */
export function writeAddress(address: Address): YamlNode {
  const text = textOfAddress(address);
  if (text !== undefined) return scalar(text);
  const { type, ...others } = address;
  const place = placeMember(type);
  const { [place]: path, ...rest } = others;
  const members = Object.entries(rest).filter(([, value]) => value !== undefined) as [string, Json][];
  const written = members.map(([name, value]) => [name, writeJson(value)] as const);
  const short =
    path !== undefined && ADAPTER_TYPES.includes(type) && !members.some(([name]) => ADAPTER_TYPES.includes(name));
  if (short) return mapping([[type, writeJson(path)], ...written]);
  return mapping([["type", scalar(type)], [place, path === undefined ? undefined : writeJson(path)], ...written]);
}

function writeJson(value: Json): YamlNode {
  if (Array.isArray(value)) return sequence(value.map(writeJson));
  if (value !== null && typeof value === "object") {
    return mapping(Object.entries(value).map(([name, member]) => [name, writeJson(member as Json)]));
  }
  return scalar(value as string | number | boolean | null);
}

function writeSql({ engine, texts, inputs, declared }: SqlNode, steps: Steps): YamlNode {
  const names = inputs.map((input) => (input.kind === "scan" ? bareName(input.source, steps) : undefined));
  const isPlain = names.every((name) => name !== undefined) && !texts.some((text) => text.includes("${"));
  const joined = texts.map((text, index) => (index === 0 ? text : `\${${names[index - 1]}}${text}`)).join("");
  // A `$` before an input would be read with it: `$${a}`.
  const text = isPlain && !texts.slice(0, -1).some((part) => part.endsWith("$")) ? scalar(joined) : undefined;
  if (text !== undefined && engine === SQL_ENGINE && declared === undefined) return text;
  const parts = texts.flatMap((part, index) => {
    const input = inputs[index];
    return input === undefined ? [scalar(part)] : [scalar(part), writeRelation(input, steps)];
  });
  return mapping([
    ["engine", engine === SQL_ENGINE ? undefined : scalar(engine)],
    text === undefined ? ["parts", sequence(parts)] : ["text", text],
    ["returns", declared === undefined ? undefined : writeColumnTypes(declared)],
  ]);
}
