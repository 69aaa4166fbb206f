/** A constant argument of a table function: `'x.csv'`, `['a', 'b']`, `delim = '#'`. */
export interface SqlArgument {
  /** For `delim = '#'` and `delim := '#'`. */
  readonly name?: string;
  readonly value: string | boolean | readonly string[];
  /** The argument as its author wrote it, for messages. */
  readonly written: string;
}

/** What a SELECT reads: a table by its name, a file in quotes, or a table function. Offsets are UTF-16 units, from 0. */
export interface SqlReference {
  readonly kind: "table" | "function";
  /** `["warehouse", "crash"]`; the name of a file or of a function alone. */
  readonly name: readonly string[];
  readonly arguments: readonly SqlArgument[];
  /** Whether the author gave it another name, behind `as`. */
  readonly hasAlias: boolean;
  readonly start: number;
  readonly end: number;
}

/** A SELECT, taken apart as far as what it reads and what it is given. */
export interface ParsedSelect {
  /** In the order of the text; what `with` names is not among them. */
  readonly references: readonly SqlReference[];
  readonly parameters: readonly { readonly name: string; readonly start: number; readonly end: number }[];
  /** Whether it says in what order its rows come. */
  readonly ordered: boolean;
}

/** Finds what SQL text reads. */
export interface SelectParser {
  /** @throws SluiceError `config` for what is not one SELECT, at its line and column in `at` */
  parseSelect(text: string): Promise<ParsedSelect>;
}
