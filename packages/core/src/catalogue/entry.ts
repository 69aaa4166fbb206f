/**
 * One function of the catalogue. Everything that sluice knows of a function is in its entry: the typed methods, the
 * planner's types, the text form in YAML, the rendering per engine, the documentation and its executed example.
 */
export interface FunctionEntry {
  /** `window` stands in the columns of a window only, and needs its order; aggregates may stand there too. */
  readonly kind: "scalar" | "aggregate" | "window";
  /**
   * `(self: text, from: int, count?: int) -> int64`. Arguments are families (`text`, `int`, `number` = int, decimal or float,
   * `ordered` = all but json and what is nested, `any`, `list<number>` for what the items are, alternatives with `|`,
   * `...rest` last), or one of these words. Of a kind with another: `self` (of the kind that self has, numbers being one
   * kind), `item` and `key` (what the list or map that self is holds). Computed as something else: `real` (a number, as a
   * float), `shown` (a single value, as text). Constants: `unit`, `layout`, `digits`, `path` (of JSON), `zone`, `fraction`
   * (0 to 1), `name` (of a field), `literal` (a text), `ordinal` (a whole number from 1 on); `fields` are names and values in turn; `pattern` is a regular expression, checked where it
   * is a constant.
   *
   * Results are exact types (`int64`, `list<string>`), which may hold the words `self`, `item`, `key`, `value`, `common` and
   * `keys.item` (of the argument of that name); or one word: `same` (the type of self), `common` (the least type that holds
   * all arguments), `promote` and `product` (what arithmetic gives), `rounded`, `decimal38`, `field` (the field that a `name`
   * says), `struct` (of `fields`). The first that fits is taken. `self` is where the method is called on; it need not be
   * first: arguments stand in the order of the signature, here, in IR and in SQL text. Without a self it is a function.
   */
  readonly signatures: readonly string[];
  /**
   * When the result may be null. `propagate`: where an argument may be; `undecided`: where a null might decide it, and nothing else does; `never`; `always`; `last`: where all may be
   * (a fallback); `empty`: an aggregate of no rows, or of nulls only; `outside`: where there is no such row, unless a fallback
   * is given for it, and where the value or the fallback is null.
   */
  readonly nulls: "propagate" | "undecided" | "never" | "always" | "last" | "empty" | "outside";
  /** One sentence, then what a reader must know: ranges, units, edge cases. */
  readonly doc: string;
  /**
   * SQL with `$1`, `$2` … for arguments, one for all signatures or one for each; see `renderCall`. A cast to the result type
   * is added by the compiler.
   */
  readonly render: { readonly duckdb: string | readonly string[] };
  /**
   * Whether Spark and PostgreSQL can give the very same values; where absent, they can. `bounded`: within the bounds that
   * `doc` says. `no`: another engine has no such function, or one that gives something else.
   */
  readonly portable?: "bounded" | "no";
  /** For an aggregate whose result depends on the order of its rows: it takes an order, and ends it with the value itself. */
  readonly ordered?: true;
  /** How it is written in SQL text: a function name, or an operator. */
  readonly text: TextForm;
  /** SQL text of a call over literals, and the value it gives, as text; executed by a test. */
  readonly example: { readonly text: string; readonly result: string | number | boolean | null };
}

/** How a call is written in SQL text: `year(x)`, `a + b`, `not a`, `a is null`, or in a way of its own. */
export type TextForm =
  | {
      readonly function: string;
      /** How a person writes it where the arguments allow: `a[1]`, `a.name`, `[1, 2]`, `{'name': 1}`. */
      readonly short?: "index" | "field" | "list" | "struct";
    }
  /** A binary operator; a higher level binds tighter: or 1, and 2, not 3, comparison 4, other 5, additive 6, multiplicative 7, unary 8. */
  | { readonly infix: string; readonly level: number }
  | { readonly prefix: string; readonly level: number }
  | { readonly postfix: string; readonly level: number }
  /** Written in a way of its own: `x in (…)`, `x between a and b`, `x like p`; see the printer. */
  | { readonly special: "in" | "between" | "like" | "ilike" | "countRows" };
