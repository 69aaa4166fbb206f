import { literalProblem } from "../catalogue/literal.ts";
import { SluiceError } from "../errors.ts";
import { didYouMean } from "../infer/closest.ts";
import type { Relation as RelationNode } from "../ir/relation.ts";
import type { Address } from "../schema/frozen.ts";
import type { Column } from "../schema/schema.ts";
import { type LogicalType, parseType } from "../schema/types.ts";
import type {
  ColumnOf,
  DeclaredType,
  Moment,
  OpenRow,
  Optional,
  PlainDate,
  PlainDateTime,
  PlainTime,
} from "./columns.ts";
import { declaredColumns } from "./declared-columns.ts";
import { ExpressionValue } from "./expression.ts";
import { declaredTypeOf } from "./functions.ts";
import { optionsOf } from "./options.ts";
import { recordProvenance } from "./provenance.ts";
import type { Dataset, Relation, Rows } from "./relation.ts";
import { createRelation, RelationValue, relationOf } from "./relation-value.ts";
import { describe, literalOf } from "./value.ts";

class DatasetValue extends RelationValue {
  readonly dataset: string;

  constructor(name: string, module: string | undefined) {
    super({ kind: "scan", source: Object.freeze({ dataset: name }) }, []);
    this.dataset = name;
    const modules = new Set(module === undefined ? [] : [module]);
    recordProvenance(this, [], { modules, parameters: new Map() });
    Object.freeze(this);
  }
}

/**
 * A source with a name and a frozen schema, as `schemas/index.ts` exports it. The URL of the module says whose project it
 * belongs to, where its rows are computed on their own.
 *
 * @example
 * export const crashes: Dataset<Crashes> = dataset("crashes", import.meta.url);
 */
export function dataset<R>(name: string, url?: string): Dataset<R> {
  if (typeof name !== "string" || name === "")
    throw new SluiceError("config", `dataset takes a name, not ${describe(name)}`);
  return new DatasetValue(name, url) as unknown as Dataset<R>;
}

/** A source that was never frozen: its columns are known when the pipeline is checked. */
export function source(address: Address): Relation<OpenRow> {
  if (typeof address !== "object" || address === null || typeof address.type !== "string") {
    throw new SluiceError("config", `source takes an address, not ${describe(address)}`);
  }
  return createRelation({ kind: "scan", source: Object.freeze({ inline: Object.freeze({ ...address }) }) });
}

/** The columns of a relation by their declared types. */
export type DeclaredRow<T> = { readonly [K in keyof T]: ColumnOf<T[K]> };

/** A row of raw SQL: no engine knows before it reads rows whether a column may be null, so each one may. */
export type ReturnedRow<T> = { readonly [K in keyof T]: Optional<ColumnOf<T[K]>> };

/** What a value of a declared type is written as in JavaScript. */
export type Written<T> = T extends `${infer Name}?`
  ? Written<Name> | null
  : T extends "bool"
    ? boolean
    : T extends `${"u" | ""}int${number}`
      ? number | bigint
      : T extends `float${number}`
        ? number
        : T extends `decimal(${string})`
          ? number | bigint | `${number}`
          : T extends "date"
            ? string | PlainDate
            : T extends "time"
              ? string | PlainTime
              : T extends "timestamp"
                ? string | PlainDateTime
                : T extends "timestamptz"
                  ? string | Moment
                  : T extends "bytes"
                    ? string | Uint8Array
                    : string;

/**
 * Rows written out, with the types of their columns.
 *
 * @example
 * values({ code: "string", label: "string?" }, [{ code: "M", label: "male" }, { code: "X", label: null }]);
 */
export function values<const T extends { readonly [column: string]: DeclaredType }>(
  columns: T,
  rows: readonly { readonly [K in keyof T]: Written<T[K]> }[],
): Relation<DeclaredRow<T>> {
  const declared = declaredColumns("values", columns);
  if (!Array.isArray(rows)) throw new SluiceError("config", `values takes an array of rows, not ${describe(rows)}`);
  const types = declared.map((column) => parseType(column.type));
  const cells = rows.map((row: unknown, index) => {
    const given = optionsOf(`row ${index + 1} of values`, row);
    const extra = Object.keys(given).find((name) => !declared.some((column) => column.name === name));
    if (extra !== undefined) {
      throw new SluiceError("config", `row ${index + 1} of values has a column "${extra}" that was not declared`, {
        hint: didYouMean(
          extra,
          declared.map((column) => column.name),
          "columns",
        ),
        offending: extra,
      });
    }
    return Object.freeze(declared.map((column, at) => cell(given, column, types[at] ?? { kind: "string" }, index + 1)));
  });
  return createRelation({ kind: "values", columns: declared, rows: Object.freeze(cells) });
}

function cell(
  row: Readonly<Record<string, unknown>>,
  column: Column,
  type: LogicalType,
  number: number,
): string | boolean | null {
  const place = `"${column.name}" in row ${number} of values`;
  const value = Object.hasOwn(row, column.name) ? row[column.name] : undefined;
  if (value === undefined)
    throw new SluiceError("config", `${place} is missing`, { hint: "write null for a value that is not known" });
  if (value === null) {
    if (column.nullable) return null;
    throw new SluiceError("config", `${place} is null, but its type is ${column.type}`, {
      hint: `declare it as "${column.type}?"`,
    });
  }
  const literal = literalOf(value, place);
  if (literal === undefined || literal.value === null)
    throw new SluiceError("config", `${place} is ${describe(value)}, not a constant`);
  const isText = typeof value === "string";
  const isNumber = ["int", "uint", "float"].some((prefix) => column.type.startsWith(prefix));
  const problem =
    (isText && isNumber) || (column.type === "string" && !isText)
      ? `is not of type ${column.type}`
      : literalProblem(literal.value, type);
  if (problem === undefined) return literal.value;
  throw new SluiceError("config", `${describe(value)} ${problem} (${place})`, { offending: String(value) });
}

/** Raw SQL as a relation; `returns` declares its columns. */
export interface SqlRelation extends Relation<OpenRow> {
  /**
   * The columns that the query gives, names and types verified when the pipeline is planned. Each may be null, whether
   * its type says so or not, since no plan can know it: use `dropNulls` or `orElse` where a later step needs a value.
   *
   * @example sql`select beat, count(*) as n from ${crashes} group by beat`.returns({ beat: "string?", n: "int64" })
   */
  returns<const T extends { readonly [column: string]: DeclaredType }>(columns: T): Relation<ReturnedRow<T>>;
}

class SqlValue extends RelationValue {
  private readonly inputs: readonly object[];

  constructor(node: RelationNode, inputs: readonly object[]) {
    super(node, inputs);
    this.inputs = inputs;
  }

  returns(columns: unknown): RelationValue {
    if (this.node.kind !== "sql") throw new SluiceError("internal", "returns of a relation that is not SQL");
    const declared = declaredColumns("returns", columns);
    const made = new RelationValue({ ...this.node, declared }, this.inputs);
    recordProvenance(made, [this]);
    return made;
  }
}

/**
 * One SELECT in DuckDB's SQL, relations put in by interpolation and parameters by `param` or as `$name`.
 *
 * @example
 * sql`select vehicle_type, count(*) as n from ${vehicles} group by all`.returns({ vehicle_type: "string?", n: "int64" });
 */
export function sql(strings: TemplateStringsArray, ...inputs: readonly (Rows<unknown> | SqlParameter)[]): SqlRelation {
  const texts: string[] = [];
  const relations: RelationValue[] = [];
  const parameters = new Map<string, string>();
  let text = "";
  for (const [index, part] of strings.raw.entries()) {
    text += part.replaceAll(/\\([`$])/g, "$1");
    if (index === inputs.length) break;
    const input: unknown = inputs[index];
    if (input instanceof ExpressionValue && input.node.kind === "parameter") {
      if (!/^[A-Za-z_]\w*$/.test(input.node.name)) {
        throw new SluiceError("config", `the parameter "${input.node.name}" cannot stand in SQL`, {
          hint: "give it a name of letters, digits and _",
        });
      }
      text += `$${input.node.name}`;
      const type = declaredTypeOf(input.node);
      if (type !== undefined) parameters.set(input.node.name, type);
      continue;
    }
    if (!(input instanceof RelationValue)) {
      throw new SluiceError("config", `sql takes relations and parameters between its texts, not ${describe(input)}`, {
        hint: "write constants into the SQL itself; give values that change as a parameter of the pipeline",
      });
    }
    relations.push(relationOf("sql", input));
    texts.push(text);
    text = "";
  }
  texts.push(text);
  const node: RelationNode = {
    kind: "sql",
    engine: "duckdb",
    texts: Object.freeze(texts),
    inputs: Object.freeze(relations.map((relation) => relation.node)),
  };
  const made = new SqlValue(node, relations);
  recordProvenance(made, relations, { modules: new Set(), parameters });
  return made as unknown as SqlRelation;
}

/** A parameter in raw SQL, made by `param`. */
export interface SqlParameter {
  readonly node: { readonly kind: string };
}
