import { SluiceError } from "@sluice/core";

/** A part of a path between slashes: text that is meant as it stands, or an expression for names. */
export type Segment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "names"; readonly expression: RegExp }
  | { readonly kind: "folders" };

/** A path with its parameters bound. `isOne`: it names one file, whether or not that exists. */
export interface FilePattern {
  readonly segments: readonly Segment[];
  readonly isOne: boolean;
  /** With the parameters in it, for people. */
  readonly shown: string;
}

/**
 * Reads a path with parameters (`{day}`) and wildcards: `*` any letters, `?` one, `[a-c]`, `[!a-c]`, `**` any folders.
 * A value is bound, never interpolated: a `*` in it is a star, and it cannot leave its folder.
 *
 * @param parameters by name; `undefined` where a parameter that is not bound stands for any text
 * @throws SluiceError `config` for a parameter without a value, and for a value that is not a part of a name
 */
export function parsePattern(path: string, parameters: ReadonlyMap<string, string> | undefined): FilePattern {
  const parts = path.replaceAll("\\", "/").split("/");
  const shown: string[] = [];
  const segments = parts.map((part): Segment => {
    if (part === "**") {
      shown.push(part);
      return { kind: "folders" };
    }
    const tokens = part.match(/\{[A-Za-z_][A-Za-z0-9_]*\}|\[!?\]?[^\]/]+\]|[\s\S]/gu) ?? [];
    let text = "";
    let pattern = "";
    let isLiteral = true;
    for (const token of tokens) {
      const name = /^\{(.+)\}$/.exec(token)?.[1];
      const value = name === undefined || parameters === undefined ? undefined : boundValue(path, name, parameters);
      if (value !== undefined) {
        text += value;
        pattern += escaped(value);
      } else if (name !== undefined || token === "*") {
        isLiteral = false;
        text += token;
        pattern += "[^/]*";
      } else if (token === "?") {
        isLiteral = false;
        text += token;
        pattern += "[^/]";
      } else if (token.length > 1 && token.startsWith("[")) {
        isLiteral = false;
        text += token;
        pattern += characterClass(token);
      } else {
        text += token;
        pattern += escaped(token);
      }
    }
    shown.push(text);
    const wasBound = part !== text && isLiteral;
    if (wasBound && (text === ".." || text === ".")) {
      throw new SluiceError("config", `${path}: a parameter makes "${text}" of a part of the path`, {
        offending: text,
      });
    }
    // As in a shell, a name that begins with a dot must be asked for; so `._x.csv` of macOS stays out.
    const start = text.startsWith(".") ? "" : "(?!\\.)";
    return isLiteral
      ? { kind: "literal", text }
      : { kind: "names", expression: new RegExp(`^${start}${pattern}$`, "u") };
  });
  const isOne = segments.every((segment) => segment.kind === "literal");
  return { segments, isOne, shown: shown.join("/") };
}

function boundValue(path: string, name: string, parameters: ReadonlyMap<string, string>): string {
  const value = parameters.get(name);
  if (value === undefined) {
    throw new SluiceError("config", `${path} needs the parameter "${name}", which has no value`, {
      offending: `{${name}}`,
      hint: "declare it in the pipeline, and give it a value when it runs",
    });
  }
  if (value === "" || /[/\\\0]/.test(value)) {
    throw new SluiceError(
      "config",
      `${path}: the parameter "${name}" is ${JSON.stringify(value)}, which is no part of a file name`,
      {
        offending: value,
        hint: "a value in a path may not be empty and may not hold / or \\",
      },
    );
  }
  return value;
}

function characterClass(token: string): string {
  const isNegated = token.startsWith("[!") || token.startsWith("[^");
  const body = token.slice(isNegated ? 2 : 1, -1).replaceAll(/[\\\]^[]/g, "\\$&");
  return `[${isNegated ? "^/" : ""}${body}]`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
