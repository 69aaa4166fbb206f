import { didYouMean, type Expression, isTypeText, type Json, type TypeText, withoutNullMarks } from "@sluice/core";
import { isMap, isScalar, isSeq, type Node } from "yaml";
import { DURATION_PATTERN, parseDuration } from "./duration.ts";
import { keyText, type Shape } from "./shape.ts";
import { textOf, type YamlReader } from "./yaml-reader.ts";

/** Text; a number or a word such as true is taken as it is written. */
export function text(what: string): Shape<string> {
  return {
    read(node, reader) {
      const scalar = reader.resolve(node);
      if (!isScalar(scalar) || scalar.value === null) return reader.problem(node, `${what} is text`);
      return textOf(scalar);
    },
    schema: () => ({ type: ["string", "number", "boolean"] }),
  };
}

/** One of these words. */
export function word<W extends string>(what: string, words: readonly W[]): Shape<W> {
  return {
    read(node, reader) {
      const scalar = reader.resolve(node);
      const written = isScalar(scalar) ? textOf(scalar) : undefined;
      const known = words.find((candidate) => candidate === written);
      if (known !== undefined) return known;
      return reader.problem(node, `${what} is one of ${words.join(", ")}`, {
        hint: didYouMean(written ?? "", words, "words"),
      });
    },
    schema: () => ({ enum: words }),
  };
}

/** A number that JSON can hold. */
export function number(what: string): Shape<number> {
  return {
    read(node, reader) {
      const scalar = reader.resolve(node);
      const value = isScalar(scalar) ? scalar.value : undefined;
      return typeof value === "number" && Number.isFinite(value) ? value : reader.problem(node, `${what} is a number`);
    },
    schema: () => ({ type: "number" }),
  };
}

/** A whole number from 0 on. */
export function count(what: string): Shape<number> {
  return {
    read(node, reader) {
      const scalar = reader.resolve(node);
      const value = isScalar(scalar) ? scalar.value : undefined;
      if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
      return reader.problem(node, `${what} is a whole number from 0 on`);
    },
    schema: () => ({ type: "integer", minimum: 0 }),
  };
}

/** A whole number, below 0 too. */
export function wholeNumber(what: string): Shape<number> {
  return {
    read(node, reader) {
      const scalar = reader.resolve(node);
      const value = isScalar(scalar) ? scalar.value : undefined;
      if (typeof value === "number" && Number.isSafeInteger(value)) return value;
      return reader.problem(node, `${what} is a whole number`);
    },
    schema: () => ({ type: "integer" }),
  };
}

/** true or false. */
export function flag(what: string): Shape<boolean> {
  return {
    read(node, reader) {
      const scalar = reader.resolve(node);
      const value = isScalar(scalar) ? scalar.value : undefined;
      return typeof value === "boolean" ? value : reader.problem(node, `${what} is true or false`);
    },
    schema: () => ({ type: "boolean" }),
  };
}

/** Text of a value, a boolean or null; numbers keep the digits they are written with. */
export const literal: Shape<string | boolean | null> = {
  read(node, reader) {
    const scalar = reader.resolve(node);
    if (!isScalar(scalar)) return reader.problem(node, "a value is text, a number, true, false or null");
    return typeof scalar.value === "boolean" || scalar.value === null ? scalar.value : textOf(scalar);
  },
  schema: () => ({ type: ["string", "number", "boolean", "null"] }),
};

/** SQL expression text; with `sides` its columns are `l.name` and `r.name`. */
export function expression(sides: boolean): Shape<Expression> {
  return {
    read: (node, reader) => reader.expression(node, sides),
    schema: () => ({ type: ["string", "number", "boolean", "null"] }),
  };
}

const WRITTEN_TIME =
  /^(?:\d{4,}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?|\d{2}:\d{2}:\d{2}(?:\.\d+)?)$/;

/** SQL expression text of a constant. A date, a time or a timestamp may stand bare: nobody takes a month from a year here. */
export const constant: Shape<Expression> = {
  read(node, reader) {
    const scalar = reader.resolve(node);
    const written = isScalar(scalar) && typeof scalar.value === "string" ? scalar.value : "";
    // As text it becomes what the column holds, and is refused where it is none.
    if (WRITTEN_TIME.test(written)) return { kind: "literal", type: "string", value: written };
    return reader.expression(node, false);
  },
  schema: () => ({ type: ["string", "number", "boolean", "null"] }),
};

/** A duration in milliseconds. */
export function duration(what: string): Shape<number> {
  return {
    read(node, reader) {
      const scalar = reader.resolve(node);
      const value = isScalar(scalar) && typeof scalar.value === "string" ? parseDuration(scalar.value) : undefined;
      return value ?? reader.problem(node, `${what} is a duration`, { hint: "write it as 5m, 30s, 1h30m or 500ms" });
    },
    schema: () => ({ type: "string", pattern: DURATION_PATTERN }),
  };
}

/** A type as it is written in schemas; `?` behind it allows null. */
export const columnType: Shape<{ readonly type: TypeText; readonly nullable: boolean }> = {
  read(node, reader) {
    const scalar = reader.resolve(node);
    const written = isScalar(scalar) ? textOf(scalar) : "";
    const type = written.replace(/\?$/, "");
    if (!isTypeText(type)) {
      const bare = withoutNullMarks(type);
      return reader.problem(node, `"${written}" is not a type`, {
        hint:
          bare !== undefined
            ? `write "${bare}": what is nested may always be null`
            : /[([{<][^)\]}>]*$|^[^([{<]*[)\]}>]/.test(written)
              ? 'inside { } a comma ends the text: quote the type, "decimal(10,2)"'
              : "for example int64, string?, decimal(10,2); ? allows null",
      });
    }
    return { type, nullable: written.endsWith("?") };
  },
  schema: () => ({ type: "string" }),
};

/** Anything that JSON can hold. */
export const json: Shape<Json> = {
  read: (node, reader) => readJson(node, reader),
  schema: () => ({}),
};

function readJson(node: Node | undefined, reader: YamlReader): Json | undefined {
  const value = reader.resolve(node);
  if (isSeq(value)) {
    const items = value.items.map((item) => reader.nested(item, () => readJson(item as Node, reader)));
    return items.some((item) => item === undefined) ? undefined : (items as Json[]);
  }
  if (isMap(value)) {
    const members: [string, Json][] = [];
    for (const pair of value.items) {
      const key = keyText(pair, reader);
      const member = reader.nested(pair.key, () => readJson(pair.value as Node, reader));
      if (key === undefined || member === undefined) return undefined;
      members.push([key, member]);
    }
    // `Object.fromEntries` makes own members, also of `__proto__`.
    return Object.fromEntries(members);
  }
  if (!isScalar(value)) return null;
  const scalar = value.value;
  if (scalar === null || typeof scalar === "string" || typeof scalar === "boolean") return scalar;
  const exact = typeof scalar === "number" && (!Number.isInteger(scalar) || Number.isSafeInteger(scalar));
  if (exact && Number.isFinite(scalar)) return scalar;
  return reader.problem(node, "this is not a value that JSON can hold");
}
