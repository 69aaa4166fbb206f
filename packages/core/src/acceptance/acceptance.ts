import { SluiceError } from "../errors.ts";
import type { FrozenColumn } from "../schema/frozen.ts";
import { type LogicalType, parseType } from "../schema/types.ts";
import { anyCase, DEFAULT_LAYOUTS, escapePattern, layoutParts, layoutPattern, OPTIONAL_FRACTION } from "./layout.ts";
import { type NumberNotation, notationOf } from "./notation.ts";

/**
 * Which text a column accepts: the one place that says it, for the typed scan, for split mode and for sources that read
 * row by row. Acceptance is lexical: what a cast would make of `1.7`, `0x1F` or `12.345` does not count.
 *
 * A value is accepted where it is null and the column is nullable; or where the whole text matches `pattern`, and it is
 * a value of the type (`beyond` says what it is called when it is not).
 */
export interface Acceptance {
  readonly kind: LogicalType["kind"];
  /** A regular expression without anchors, to be matched against the whole text, in what RE2 and JavaScript share. Absent: any text. */
  readonly pattern?: string;
  /** For numbers that are not written plainly: what the text must fit; all else here is said of the plain number. */
  readonly notation?: NumberNotation;
  /** For date, time, timestamp and timestamptz: the strftime layout with which a matching text is parsed. */
  readonly layout?: string;
  /** For bool: the words, in lower case. */
  readonly words?: readonly [readonly string[], readonly string[]];
  /** For integers: the range, as decimal text. */
  readonly range?: { readonly min: string; readonly max: string };
  /** The words for a text that does not match: the rule of the first of these that matches the whole text, else `misfit`. */
  readonly reasons: readonly { readonly pattern: string; readonly rule: string }[];
  readonly misfit: string;
  /** The rule for a text that matches `pattern` and is still no value of the type; absent where that cannot be. */
  readonly beyond?: string;
}

/** The rule for a null in a column that is not nullable. */
export const NULL_RULE: "is null" = "is null";

/** The rule for a value that would be accepted without the blanks around it. */
export const BLANKS_RULE: "has blanks around it" = "has blanks around it";

const SIGNED_BITS = { int8: 8n, int16: 16n, int32: 32n, int64: 64n } as const;
const UNSIGNED_BITS = { uint8: 8n, uint16: 16n, uint32: 32n, uint64: 64n } as const;
const FLOAT =
  "[+-]?(?:(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[nN][aA][nN]|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?)";
const BYTES = "(?:\\\\x)?(?:[0-9a-fA-F]{2})*";
const UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

/**
 * The lexical rule of a column of a text source.
 *
 * @example
 * acceptanceOf({ name: "n", type: "int64", nullable: true }).pattern; // "[+-]?[0-9]+"
 * @throws SluiceError `config` for a type that text does not hold: interval, list, struct, map
 */
export function acceptanceOf(column: FrozenColumn): Acceptance {
  const type = parseType(column.type);
  const rule = ruleOf(type, column);
  if (rule.pattern === undefined || type.kind === "enum") return rule;
  const notation = notationOf(type.kind, column);
  const written = notation?.pattern ?? rule.pattern;
  const blanks = {
    pattern: `[ \\t]+(?:${written})[ \\t]*|(?:${written})[ \\t]+`,
    rule: BLANKS_RULE,
  };
  const whole = { ...rule, reasons: [...rule.reasons, blanks] };
  return notation === undefined ? whole : { ...whole, notation };
}

function ruleOf(type: LogicalType, column: FrozenColumn): Acceptance {
  switch (type.kind) {
    case "string":
      return { kind: type.kind, reasons: [], misfit: "is not a string" };
    case "int8":
    case "int16":
    case "int32":
    case "int64":
      return signed(type.kind);
    case "uint8":
    case "uint16":
    case "uint32":
    case "uint64":
      return unsigned(type.kind);
    case "decimal":
      return decimal(type.precision, type.scale);
    case "float32":
    case "float64":
      return {
        kind: type.kind,
        pattern: FLOAT,
        reasons: [],
        misfit: `is not a ${type.kind}`,
        beyond: `is out of range for ${type.kind}`,
      };
    case "bool":
      return bool(column);
    case "date":
    case "time":
    case "timestamp":
    case "timestamptz":
      return moment(type.kind, column);
    case "uuid":
      return { kind: "uuid", pattern: UUID, reasons: [], misfit: "is not a uuid" };
    case "json":
      return { kind: "json", reasons: [], misfit: "is not JSON", beyond: "is not JSON" };
    case "enum":
      return {
        kind: "enum",
        pattern: type.values.map(escapePattern).join("|"),
        reasons: [],
        misfit: `is not one of ${type.values.map((value) => JSON.stringify(value)).join(", ")}`,
      };
    case "bytes":
      return { kind: "bytes", pattern: BYTES, reasons: [], misfit: "is not bytes as pairs of hexadecimal digits" };
    case "interval":
    case "list":
    case "struct":
    case "map":
      throw new SluiceError("config", `column "${column.name}" is ${column.type}, which a text file does not hold`, {
        offending: column.type,
        hint: "declare it as string, or as json, and convert it in a step",
      });
    default:
      return type satisfies never;
  }
}

function signed(kind: keyof typeof SIGNED_BITS): Acceptance {
  const half = 1n << (SIGNED_BITS[kind] - 1n);
  return {
    kind,
    pattern: "[+-]?[0-9]+",
    range: { min: String(-half), max: String(half - 1n) },
    reasons: [],
    misfit: `is not an ${kind}`,
    beyond: `is out of range for ${kind}`,
  };
}

function unsigned(kind: keyof typeof UNSIGNED_BITS): Acceptance {
  return {
    kind,
    pattern: "\\+?[0-9]+",
    range: { min: "0", max: String((1n << UNSIGNED_BITS[kind]) - 1n) },
    reasons: [{ pattern: "-[0-9]+", rule: `is out of range for ${kind}` }],
    misfit: `is not a ${kind}`,
    beyond: `is out of range for ${kind}`,
  };
}

/** The precision is in the expression: so many digits before the point, so many after it, leading zeros not counted. */
function decimal(precision: number, scale: number): Acceptance {
  const whole = precision - scale;
  const digits = whole === 0 ? "0+" : `0*[0-9]{1,${whole}}`;
  const fraction = scale === 0 ? "\\.?" : `(?:\\.[0-9]{0,${scale}})?`;
  const bare = scale === 0 ? "" : `|\\.[0-9]{1,${scale}}`;
  const places = scale === 0 ? "has decimal places" : `has more than ${scale} decimal place${scale === 1 ? "" : "s"}`;
  return {
    kind: "decimal",
    pattern: `[+-]?(?:${digits}${fraction}${bare})`,
    reasons: [
      { pattern: `[+-]?[0-9]*\\.[0-9]{${scale + 1},}`, rule: places },
      { pattern: "[+-]?[0-9]+(?:\\.[0-9]*)?", rule: `is out of range for decimal(${precision},${scale})` },
    ],
    misfit: `is not a decimal(${precision},${scale})`,
  };
}

function bool(column: FrozenColumn): Acceptance {
  const words = column.words ?? [["true"], ["false"]];
  const all = [...words[0], ...words[1]];
  return {
    kind: "bool",
    pattern: anyCase(all),
    words,
    reasons: [],
    misfit: `is not one of ${all.map((word) => JSON.stringify(word)).join(", ")}`,
  };
}

/** Digits of any number in front of others: who reads greedily takes too many. */
const MERGED_DIGITS = /(%-[A-Za-z]|%f)(%-?[YymdHIMSgfnj])/;

function moment(kind: "date" | "time" | "timestamp" | "timestamptz", column: FrozenColumn): Acceptance {
  const layout = column.format ?? DEFAULT_LAYOUTS[kind];
  const pattern = layoutPattern(layout);
  if (layout.includes("%.f") && !OPTIONAL_FRACTION.test(layout)) {
    throw new SluiceError("config", `in the layout "${layout}", %.f stands elsewhere than behind the seconds of ISO`, {
      offending: layout,
      hint: "write %Y-%m-%d %H:%M:%S%.f, or %f where there is always a fraction",
    });
  }
  const [merged, first, second] = MERGED_DIGITS.exec(layout) ?? [];
  if (merged !== undefined) {
    throw new SluiceError(
      "config",
      `in the layout "${layout}", nothing tells the digits of ${first} from those of ${second}`,
      {
        offending: merged,
        hint: "only parts with a fixed number of digits may stand in front of others without something between",
      },
    );
  }
  const parts = layoutParts(layout);
  const wanted = { date: kind !== "time", time: kind !== "date", zone: kind === "timestamptz" };
  if (parts.date !== wanted.date || (parts.time && !wanted.time) || (!parts.zone && wanted.zone)) {
    throw new SluiceError(
      "config",
      `column "${column.name}" is a ${kind}, which the layout "${layout}" does not give`,
      {
        offending: layout,
        hint: `a ${kind} looks like "${DEFAULT_LAYOUTS[kind]}"`,
      },
    );
  }
  const zone = "[ ]?(?:[zZ]|[+-][0-9]{2}(?::?[0-9]{2})?|UTC|GMT)";
  return {
    kind,
    pattern,
    layout,
    reasons: wanted.zone ? [] : [{ pattern: `(?:${pattern})${zone}`, rule: "has an offset" }],
    misfit: `does not fit ${layout}`,
    ...(parts.date ? { beyond: "is no day of the calendar" } : {}),
  };
}
