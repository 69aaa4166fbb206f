import type { CsvDialect, DiscoverRequest, FrozenColumn } from "@sluice/core";
import type { FileAddress } from "./config.ts";
import { Declared } from "./declared-column.ts";
import { Guess } from "./guess-column.ts";

/** What was found of a column. */
export interface ColumnFinding {
  readonly column: FrozenColumn;
  /** Whether no value stands in it, only nulls, so that its type is anybody's guess. */
  readonly isValueless?: true;
  readonly warnings: readonly string[];
}

export interface ColumnDeclaration {
  readonly type?: string | undefined;
  readonly format?: string | undefined;
  readonly isRequired: boolean;
  /** How its numbers are written, where that was said. */
  readonly decimal?: string | undefined;
  readonly thousands?: string | undefined;
  /** Whether blanks around its values are left out, where that was said; the words that are null without them. */
  readonly trim?: boolean | undefined;
  readonly nulls?: readonly string[] | undefined;
  /** Whether marks in numbers may be taken for what they look like; else they are a doubt. */
  readonly mayGuessNumbers?: boolean;
}

/** What the author of a source said of one column. */
export function declarationOf(
  name: string,
  {
    request,
    address,
    mayGuessNumbers,
  }: { readonly request: DiscoverRequest; readonly address: FileAddress; readonly mayGuessNumbers: boolean },
): ColumnDeclaration {
  const { decimal, thousands, trim, nulls } = address;
  return {
    type: request.types.get(name),
    format: request.formats?.get(name),
    isRequired: request.required.includes(name),
    decimal,
    thousands,
    trim,
    nulls,
    mayGuessNumbers: mayGuessNumbers && decimal === undefined && thousands === undefined,
  };
}

/** A finding with the words for null that its source has. */
export function withNulls(finding: ColumnFinding, { nulls }: FileAddress): ColumnFinding {
  if (nulls === undefined) return finding;
  const { comment, ...column } = finding.column;
  return { ...finding, column: { ...column, nulls, ...(comment === undefined ? {} : { comment }) } };
}

/** Takes every value of a column, once, and says what the column is. */
export interface ColumnProfile {
  /** `line` is where the record starts. */
  add(text: string, isQuoted: boolean, line: number): void;
  /** The same for a value in UTF-8 that may not have to become text. */
  addBytes(bytes: Uint8Array, from: number, to: number, isQuoted: boolean, line: number): void;
  finish(quotedEmpty: CsvDialect["quotedEmpty"]): ColumnFinding;
}

/** Begins a profile: guessing where nothing was declared, else finding out how the declared type is written. */
export function createProfile(name: string, declaration: ColumnDeclaration): ColumnProfile {
  return declaration.type === undefined
    ? new Guess(name, declaration)
    : new Declared(name, declaration, declaration.type);
}
