import {
  aggregateOf,
  type Column,
  type Expression,
  type FillNode,
  inputsOf,
  type NamedExpression,
  type Relation,
  type Schema,
  SluiceError,
  type SortKey,
  type SortNode,
  type SqlNode,
  type TypeText,
  type ValuesNode,
  withoutPosition,
} from "@sluice/core";
import { bindRaw } from "./bind-raw.ts";
import { type Draft, isPlain, source, wrap, write } from "./draft.ts";
import { type ExpressionScope, renderExpression, type WindowTerms } from "./expression.ts";
import { fillSql } from "./fill-sql.ts";
import { aggregateSql, deduplicateSql, windowSql } from "./group-sql.ts";
import { joinSql } from "./join-sql.ts";
import { renderLiteral } from "./literal.ts";
import { bindingName, inputName } from "./query-names.ts";
import { unnestSql, unpivotSql } from "./reshape-sql.ts";
import { sampleDraft } from "./sample-sql.ts";
import { setSql, unionSql } from "./set-sql.ts";
import { quoteName } from "./sql-text.ts";
import { duckDbTypeOf } from "./types.ts";

/**
 * Makes SQL of relations, node by node: each adds to the draft of its input what can be said inside one SELECT. Nodes that
 * need a SELECT of their own have a function in the file of their subject.
 */
export class RelationCompiler {
  readonly parameters: string[] = [];
  private readonly schemaOf: (relation: Relation) => Schema;
  private readonly types: ReadonlyMap<string, TypeText>;

  constructor(schemaOf: (relation: Relation) => Schema, types: ReadonlyMap<string, TypeText>) {
    this.schemaOf = schemaOf;
    this.types = types;
  }

  statement(relation: Relation): string {
    return write(this.draft(relation));
  }

  private draft(node: Relation): Draft {
    switch (node.kind) {
      case "scan":
        return source(quoteName(inputName(node.source)));
      case "values":
        return source(`(${this.values(node)})`);
      case "filter": {
        const draft = this.open(node.input);
        return { ...draft, where: [...draft.where, this.term(node.condition, this.columnsOf(node.input))] };
      }
      case "dropNulls": {
        const draft = this.open(node.input);
        return { ...draft, where: [...draft.where, ...node.columns.map((name) => `t.${quoteName(name)} is not null`)] };
      }
      case "select":
        return this.project(node.input, (scope) => this.named(node.columns, scope));
      case "derive":
        return this.project(node.input, (scope) => {
          const changed = new Map(this.named(node.columns, scope));
          return this.schemaOf(node).columns.map(({ name }) => [name, changed.get(name) ?? `t.${quoteName(name)}`]);
        });
      case "rename": {
        const names = new Map(node.names);
        return this.project(node.input, (scope) =>
          scope.map(({ name }) => [names.get(name) ?? name, `t.${quoteName(name)}`]),
        );
      }
      case "keep":
      case "drop":
        return this.project(node.input, () =>
          this.schemaOf(node).columns.map(({ name }) => [name, `t.${quoteName(name)}`]),
        );
      case "join":
        return source(`(${joinSql(this, node)})`);
      case "union":
        return source(`(${unionSql(this, node)})`);
      case "intersect":
      case "except":
        return source(`(${setSql(this, node)})`);
      case "pivot":
        return this.draft(aggregateOf(node));
      case "unpivot":
        return source(`(${unpivotSql(this, node)})`);
      case "unnest":
        return source(`(${unnestSql(this, node)})`);
      case "fill":
        return node.value === undefined ? source(`(${fillSql(this, node)})`) : this.fillValue(node, node.value);
      case "sample":
        return sampleDraft(this, node);
      case "distinct": {
        const draft = this.draft(node.input);
        // An order below means nothing any more.
        return { ...(draft.limit === undefined ? { ...draft, order: [] } : wrap(draft)), isDistinct: true };
      }
      case "aggregate":
        return source(`(${aggregateSql(this, node)})`);
      case "sort":
        return this.sort(node);
      case "limit": {
        const draft = this.draft(node.input);
        const offset = node.offset === undefined || node.offset === 0 ? "" : ` offset ${node.offset}`;
        return { ...(draft.limit === undefined ? draft : wrap(draft)), limit: `limit ${node.count}${offset}` };
      }
      case "window":
        return source(`(${windowSql(this, node)})`);
      case "deduplicate":
        return source(`(${deduplicateSql(this, node)})`);
      case "incremental":
        return this.draft(withoutPosition(node, this.columnsOf(node.input)));
      case "sql":
        return source(`(${this.raw(node)})`);
      default:
        return node satisfies never;
    }
  }

  /** A draft whose output is its source's columns, so that conditions and keys may follow. */
  open(node: Relation): Draft {
    const draft = this.draft(node);
    const isOpen = draft.columns === undefined && draft.isDistinct !== true && draft.limit === undefined;
    return isOpen ? draft : wrap(draft);
  }

  private project(
    input: Relation,
    columns: (below: readonly Column[]) => readonly (readonly [string, string])[],
  ): Draft {
    const draft = this.draft(input);
    const isOpen = draft.columns === undefined && draft.isDistinct !== true;
    return { ...(isOpen ? draft : wrap(draft)), columns: columns(this.columnsOf(input)) };
  }

  private fillValue(node: FillNode, value: Expression): Draft {
    const filled = new Set(node.columns);
    return this.project(node.input, (columns) =>
      columns.map(({ name }) => {
        if (!filled.has(name)) return [name, `t.${quoteName(name)}`];
        const column: Expression = { kind: "column", name };
        return [name, this.term({ kind: "call", name: "orElse", arguments: [column, value] }, columns)];
      }),
    );
  }

  private sort(node: SortNode): Draft {
    const draft = this.open(node.input);
    // The keys of a sort below are the lesser ones; ties may stand in any order, so they go.
    const order = this.orderOf(node.by, this.columnsOf(node.input));
    return { ...draft, order };
  }

  /** The terms of an order over `t`; reversed it puts the last row first. */
  orderOf(by: readonly SortKey[], columns: readonly Column[], reversed = false): string[] {
    return by.map((key) => {
      const descending = (key.descending === true) !== reversed;
      const first = (key.nulls === "first") !== reversed;
      const direction = `${descending ? "desc" : "asc"} nulls ${first ? "first" : "last"}`;
      return `${this.term(key.expression, columns)} ${direction}`;
    });
  }

  private values(node: ValuesNode): string {
    const { columns, rows } = node;
    if (rows.length === 0) {
      const nulls = columns.map((column) => `${renderLiteral(null, column.type)} as ${quoteName(column.name)}`);
      return `select ${nulls.join(", ")} where false`;
    }
    const lines = rows.map((row) => {
      const cells = columns.map((column, index) => renderLiteral(row[index] ?? null, column.type));
      return `(${cells.join(", ")})`;
    });
    return `select * from (values ${lines.join(", ")}) as v(${columns.map(({ name }) => quoteName(name)).join(", ")})`;
  }

  private raw(node: SqlNode): string {
    if (node.engine !== "duckdb") {
      throw new SluiceError("unsupported", `this SQL is ${node.engine}'s, and the engine is duckdb`);
    }
    const inputs = inputsOf(node).map((input) => this.operand(input));
    const bind = (name: string): string | undefined => {
      const type = this.types.get(name);
      return type === undefined
        ? undefined
        : `cast($${this.parameter(name)} as ${duckDbTypeOf(type.replace(/\?$/, ""))})`;
    };
    // The line end keeps a comment at the end of a text from swallowing what follows.
    const text = node.texts
      .map((part, index) => bindRaw(part, bind, [...this.types.keys()]) + (inputs[index] ?? ""))
      .join("")
      .replace(/;\s*$/, "");
    if (node.columns === undefined) return `${text}\n`;
    const columns = node.columns.map(({ name, type }) => {
      const quoted = quoteName(name);
      return `cast(${quoted} as ${duckDbTypeOf(type)}) as ${quoted}`;
    });
    return `select ${columns.join(", ")} from (${text}\n)`;
  }

  /** What may stand behind FROM: a name, or a SELECT in parentheses. */
  operand(node: Relation): string {
    const draft = this.draft(node);
    return isPlain(draft) ? draft.from : `(${write(draft)})`;
  }

  /** The columns that a relation gives. */
  columnsOf(node: Relation): readonly Column[] {
    return this.schemaOf(node).columns;
  }

  /** The terms of named expressions over `t`. */
  named(
    pairs: readonly NamedExpression[],
    columns: readonly Column[],
    over?: WindowTerms,
  ): (readonly [string, string])[] {
    return pairs.map(([name, expression]) => [name, this.term(expression, columns, over)]);
  }

  /** An expression over the columns of `t`; with `over` its functions over rows see that window. */
  term(expression: Expression, columns: readonly Column[], over?: WindowTerms): string {
    const scope = this.scope(columns, { qualifier: { left: "t", right: "t" } });
    return renderExpression(expression, over === undefined ? scope : { ...scope, over });
  }

  /** What the expressions of a node can see. */
  scope(columns: readonly Column[], rest: Pick<ExpressionScope, "right" | "qualifier">): ExpressionScope {
    return { columns, parameters: this.types, onParameter: (name) => this.parameter(name), ...rest };
  }

  private parameter(name: string): string {
    if (!this.parameters.includes(name)) this.parameters.push(name);
    return bindingName(name, this.parameters.indexOf(name));
  }
}
