import type { CsvDialect, FrozenColumn } from "@sluice/core";
import { Declared } from "./declared-column.ts";
import { Guess } from "./guess-column.ts";

/** What was found of a column. */
export interface ColumnFinding {
  readonly column: FrozenColumn;
  readonly warnings: readonly string[];
}

export interface ColumnDeclaration {
  readonly type?: string | undefined;
  readonly format?: string | undefined;
  readonly isRequired: boolean;
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
