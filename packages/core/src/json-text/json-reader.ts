import { acceptanceOf, NULL_RULE } from "../acceptance/acceptance.ts";
import { type Accepter, createAccepter } from "../acceptance/accepts.ts";
import type { FrozenColumn } from "../schema/frozen.ts";
import { type JsonRule, type JsonToken, jsonRuleOf, memberPath } from "./json-rule.ts";
import { type JsonKind, JsonScanner, textOfToken } from "./json-scanner.ts";

/** The rule for a key of a required column that is not there. */
export const MISSING_RULE: "is missing" = "is missing";

/** What is wrong with a record: where (`a.b[3].c`; "" for the record as a whole), by which rule, and the token. */
export interface JsonReject {
  readonly column: string;
  readonly rule: string;
  readonly value: string;
}

/** A record that was read: its values normalised as one JSON object, or why it is none. */
export type JsonVerdict = { readonly values: string } | JsonReject;

/** Judges records of a JSON source, one after the other. */
export interface JsonReader {
  read(text: string): JsonVerdict;
  /** Keys that no column or field has, by path, with the number of records that hold them. */
  readonly unknown: ReadonlyMap<string, number>;
}

/**
 * Judges the records of a JSON source exactly: each must be one object, its values of the frozen types, by the rules of
 * `acceptanceOf`; no key may stand in it twice. Values are normalised, so that a lenient reader finds what stands there:
 * decimals are strings of their digits, values of type json strings that hold their text without blanks.
 *
 * @example
 * const reader = createJsonReader([{ name: "n", type: "int64", nullable: true }]);
 * reader.read('{"n": 1.0}'); // { column: "n", rule: "is not an int64", value: "1.0" }
 * reader.read('{"m": 2}'); // { values: "{}" }, and reader.unknown has "m"
 */
export function createJsonReader(columns: readonly FrozenColumn[]): JsonReader {
  const unknown = new Map<string, number>();
  const top = prepare({
    kind: "struct",
    fields: columns.map((column) => [column.name, jsonRuleOf(column)] as const),
  }) as PreparedStruct;
  const required = columns.flatMap((column, index) => (column.nullable ? [] : [{ name: column.name, index }]));
  return {
    unknown,
    read(text) {
      const reading = new Reading(text);
      const values = reading.record(top, required);
      if (values === undefined) {
        return { column: reading.column, rule: reading.rule ?? "is not JSON", value: reading.value };
      }
      for (const path of reading.unknown) unknown.set(path, (unknown.get(path) ?? 0) + 1);
      return { values };
    },
  };
}

interface PreparedStruct {
  readonly kind: "struct";
  readonly fields: ReadonlyMap<string, { readonly index: number; readonly rule: Prepared }>;
  readonly keys: readonly string[];
}

type Prepared =
  | { readonly kind: "json" }
  | {
      readonly kind: "leaf";
      readonly type: string;
      readonly tokens: readonly JsonToken[];
      readonly accept: Accepter;
      readonly misfit: string;
      readonly isText: boolean;
      readonly isDecimal: boolean;
    }
  | { readonly kind: "list"; readonly item: Prepared }
  | { readonly kind: "map"; readonly value: Prepared }
  | PreparedStruct;

function prepare(rule: JsonRule): Prepared {
  switch (rule.kind) {
    case "json":
      return rule;
    case "list":
      return { kind: "list", item: prepare(rule.item) };
    case "map":
      return { kind: "map", value: prepare(rule.value) };
    case "struct":
      return {
        kind: "struct",
        fields: new Map(rule.fields.map(([name, field], index) => [name, { index, rule: prepare(field) }])),
        keys: rule.fields.map(([name]) => `${JSON.stringify(name)}:`),
      };
    case "leaf": {
      const { kind, misfit } = acceptanceOf(rule.column);
      return {
        kind: "leaf",
        type: rule.column.type,
        tokens: rule.tokens,
        accept: createAccepter(rule.column),
        misfit,
        isText: kind === "string" || kind === "enum",
        isDecimal: kind === "decimal",
      };
    }
    default:
      return rule satisfies never;
  }
}

const ARTICLES: Readonly<Record<JsonKind, string>> = {
  object: "an object",
  array: "an array",
  string: "a string",
  number: "a number",
  bool: "a boolean",
  null: "null",
};

/** One record on its way. */
class Reading {
  column = "";
  rule: string | undefined;
  value = "";
  readonly unknown: Set<string> = new Set();
  /** Where the reading is: names and places in lists. It becomes a text only where something is wrong. */
  private readonly place: (string | number)[] = [];
  private readonly scanner: JsonScanner;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
    this.scanner = new JsonScanner(text);
  }

  record(
    top: PreparedStruct,
    required: readonly { readonly name: string; readonly index: number }[],
  ): string | undefined {
    const kind = this.scanner.kind();
    if (kind === undefined) return this.notJson();
    if (kind !== "object") {
      const start = this.scanner.at;
      const isJson = this.scanner.value() !== undefined && this.scanner.end();
      if (!isJson) return this.notJson();
      return this.wrong(`is ${ARTICLES[kind]}, not an object`, this.text.slice(start, start + 100));
    }
    const found = this.members(top);
    if (found === undefined) return undefined;
    if (!this.scanner.end()) return this.notJson();
    for (const { name, index } of required) {
      const value = found[index];
      if (value === undefined || value === "null") {
        this.place.push(name);
        return this.wrong(value === undefined ? MISSING_RULE : NULL_RULE, value ?? "");
      }
    }
    return objectText(top, found);
  }

  private read(rule: Prepared): string | undefined {
    const { scanner } = this;
    const kind = scanner.kind();
    if (kind === undefined) return this.notJson();
    if (rule.kind === "json") {
      const start = scanner.at;
      if (kind === "null") return scanner.literal("null") ?? this.notJson();
      const text = scanner.value();
      return text === undefined ? this.notJson(start) : JSON.stringify(text);
    }
    if (kind === "null") return scanner.literal("null") ?? this.notJson();
    switch (rule.kind) {
      case "list":
        return kind === "array" ? this.items(rule.item) : this.other(kind, "an array");
      case "map":
        return kind === "object" ? this.entries(rule.value) : this.other(kind, "an object");
      case "struct": {
        if (kind !== "object") return this.other(kind, "an object");
        const found = this.members(rule);
        return found === undefined ? undefined : objectText(rule, found);
      }
      case "leaf":
        return this.leaf(rule, kind);
      default:
        return rule satisfies never;
    }
  }

  private leaf(rule: Prepared & { kind: "leaf" }, kind: JsonKind): string | undefined {
    if (!rule.tokens.some((token) => token === kind)) return this.other(kind, rule.type);
    const token = kind === "string" ? this.scanner.string() : this.scanner.literal(kind);
    if (token === undefined) return this.notJson();
    const text = kind === "string" ? textOfToken(token) : token;
    const refused = text === "" && !rule.isText ? rule.misfit : rule.accept(text);
    if (refused !== undefined) return this.wrong(refused, token);
    if (kind === "string" && text.includes("\0")) return this.wrong("has a NUL character", token);
    return rule.isDecimal && kind === "number" ? `"${token}"` : token;
  }

  private items(item: Prepared): string | undefined {
    const { scanner } = this;
    const found: string[] = [];
    scanner.take("[");
    if (scanner.take("]")) return "[]";
    for (;;) {
      this.place.push(found.length);
      const value = this.read(item);
      if (value === undefined) return undefined;
      this.place.pop();
      found.push(value);
      if (scanner.take("]")) return `[${found.join(",")}]`;
      if (!scanner.take(",")) return this.syntax();
    }
  }

  private entries(rule: Prepared): string | undefined {
    const found = new Map<string, string>();
    const isSound = this.eachMember((name) => {
      if (found.has(name)) return this.twice();
      const value = this.read(rule);
      if (value === undefined) return false;
      found.set(name, value);
      return true;
    });
    if (!isSound) return undefined;
    return `{${[...found].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
  }

  /** The values of an object in the order of its rule; keys that it does not know are left aside, and remembered. */
  private members(rule: PreparedStruct): (string | undefined)[] | undefined {
    const found: (string | undefined)[] = new Array(rule.keys.length).fill(undefined);
    const others = new Set<string>();
    const isSound = this.eachMember((name) => {
      const field = rule.fields.get(name);
      if (field === undefined ? others.has(name) : found[field.index] !== undefined) return this.twice();
      if (field === undefined) {
        others.add(name);
        this.unknown.add(pathText(this.place.map((part) => (typeof part === "number" ? "[]" : part))));
        if (this.scanner.value() !== undefined) return true;
        this.notJson();
        return false;
      }
      const value = this.read(field.rule);
      found[field.index] = value;
      return value !== undefined;
    });
    return isSound ? found : undefined;
  }

  private eachMember(take: (name: string) => boolean): boolean {
    const { scanner } = this;
    scanner.take("{");
    if (scanner.take("}")) return true;
    for (;;) {
      const token = scanner.string();
      if (token === undefined || !scanner.take(":")) {
        this.syntax();
        return false;
      }
      const name = textOfToken(token);
      this.place.push(name);
      if (!take(name)) return false;
      this.place.pop();
      if (scanner.take("}")) return true;
      if (scanner.take(",")) continue;
      this.syntax();
      return false;
    }
  }

  private other(kind: JsonKind, wanted: string): undefined {
    const article = /^(?:an? |json)/.test(wanted) ? "" : /^(?:int|enum)/.test(wanted) ? "an " : "a ";
    return this.wrong(`is ${ARTICLES[kind]}, not ${article}${wanted}`, this.valueHere());
  }

  private twice(): false {
    this.wrong("stands twice in one object", this.valueHere());
    return false;
  }

  /** The value that stands here and no more; where it is none, the text from here on. */
  private valueHere(): string {
    const { at } = this.scanner;
    const scanner = new JsonScanner(this.text);
    scanner.at = at;
    const end = scanner.value() === undefined ? this.text.length : scanner.at;
    return this.text.slice(at, Math.min(end, at + 100));
  }

  private wrong(rule: string, value: string): undefined {
    this.column = pathText(this.place);
    this.rule = rule;
    this.value = value.trim();
    return undefined;
  }

  private syntax(): undefined {
    this.scanner.fail();
    return this.notJson();
  }

  private notJson(from: number = this.scanner.at): undefined {
    this.place.length = 0;
    return this.wrong(this.scanner.problem ?? "is not JSON", this.text.slice(from, from + 100));
  }
}

/** `a.b[3].c`; `[]` stands for any place in a list. */
function pathText(place: readonly (string | number)[]): string {
  return place.reduce<string>((path, part) => {
    if (typeof part === "number") return `${path}[${part}]`;
    return part === "[]" ? `${path}[]` : memberPath(path, part);
  }, "");
}

function objectText(rule: PreparedStruct, found: readonly (string | undefined)[]): string {
  let text = "";
  for (const [index, value] of found.entries()) {
    if (value === undefined || value === "null") continue;
    text += `${text === "" ? "" : ","}${rule.keys[index]}${value}`;
  }
  return `{${text}}`;
}
