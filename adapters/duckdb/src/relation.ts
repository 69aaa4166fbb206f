import {
  type AggregateNode,
  type Column,
  type CompiledQuery,
  type CompileRequest,
  createInference,
  type DeduplicateNode,
  type Expression,
  inputsOf,
  type JoinNode,
  type NamedExpression,
  type Relation,
  rightNames,
  type ScanSource,
  type Schema,
  SluiceError,
  type SortKey,
  type SortNode,
  type SqlNode,
  type TypeText,
  type UnionNode,
  type ValuesNode,
  walkRelation,
} from "@sluice/core";
import { bindRaw } from "./bind-raw.ts";
import { type ExpressionScope, renderExpression } from "./expression.ts";
import { renderLiteral } from "./literal.ts";
import { quoteName } from "./sql-text.ts";
import { duckDbTypeOf } from "./types.ts";

/**
 * A relation as one SELECT of DuckDB. Scans are quoted names; what they stand for is put in front when it is executed.
 *
 * @example
 * compileRelation({ kind: "limit", input: { kind: "scan", source: { dataset: "crashes" } }, count: 3 }, request).sql;
 * // 'select * from "crashes" limit 3'
 */
export function compileRelation(relation: Relation, request: CompileRequest): CompiledQuery {
  const inference = createInference(relation, request);
  const compiler = new Compiler(inference, request.parameters);
  const sql = compiler.statement(relation);
  const isDescribed = !hasUndescribedSql(relation);
  return {
    engine: "duckdb",
    sql,
    inputs: usesOf(relation),
    parameters: compiler.parameters,
    ...(isDescribed ? { schema: inference(relation) } : {}),
    ordered: isOrdered(relation),
  };
}

/** Parameter names are the author's; those that DuckDB would not take get a number. */
export function bindingName(name: string, index: number): string {
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(name) && !/^sluice_/i.test(name) ? name : `sluice_p${index}`;
}

/** The name by which a query addresses what a scan reads. */
export function inputName(source: ScanSource): string {
  if ("dataset" in source) return source.dataset;
  if ("stage" in source) return source.stage;
  if ("step" in source) return source.step;
  throw new SluiceError("internal", "an inline source has no name before it is planned");
}

function usesOf(relation: Relation): CompiledQuery["inputs"] {
  const uses = new Map<string, number>();
  walkRelation(relation, (node) => {
    if (node.kind === "scan") uses.set(inputName(node.source), (uses.get(inputName(node.source)) ?? 0) + 1);
  });
  return [...uses].map(([name, count]) => ({ name, uses: count }));
}

function hasUndescribedSql(relation: Relation): boolean {
  let found = false;
  walkRelation(relation, (node) => {
    if (node.kind === "sql" && node.columns === undefined) found = true;
  });
  return found;
}

function isOrdered(relation: Relation): boolean {
  switch (relation.kind) {
    case "sort":
      return true;
    case "sql":
      return relation.texts.some((text) => /order\s+by/i.test(text));
    case "filter":
    case "select":
    case "derive":
    case "rename":
    case "keep":
    case "drop":
    case "dropNulls":
    case "limit":
      return isOrdered(relation.input);
    case "scan":
    case "values":
    case "join":
    case "union":
    case "distinct":
    case "aggregate":
    case "deduplicate":
      return false;
    default:
      return relation satisfies never;
  }
}

/** A SELECT that grows as long as the next node can say what it means inside it. The source has the alias `t`. */
interface Draft {
  readonly from: string;
  readonly where: readonly string[];
  readonly order: readonly string[];
  /** The output as terms over `t`; absent where it is the source's columns as they are. */
  readonly columns?: readonly (readonly [name: string, term: string])[];
  readonly isDistinct?: true;
  readonly limit?: string;
}

class Compiler {
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
        return source(`(${this.join(node)})`);
      case "union":
        return source(`(${this.union(node)})`);
      case "distinct": {
        const draft = this.draft(node.input);
        // An order below means nothing any more.
        return { ...(draft.limit === undefined ? { ...draft, order: [] } : wrap(draft)), isDistinct: true };
      }
      case "aggregate":
        return source(`(${this.aggregate(node)})`);
      case "sort":
        return this.sort(node);
      case "limit": {
        const draft = this.draft(node.input);
        const offset = node.offset === undefined || node.offset === 0 ? "" : ` offset ${node.offset}`;
        return { ...(draft.limit === undefined ? draft : wrap(draft)), limit: `limit ${node.count}${offset}` };
      }
      case "deduplicate":
        return source(`(${this.deduplicate(node)})`);
      case "sql":
        return source(`(${this.raw(node)})`);
      default:
        return node satisfies never;
    }
  }

  /** A draft whose output is its source's columns, so that conditions and keys may follow. */
  private open(node: Relation): Draft {
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

  private sort(node: SortNode): Draft {
    const draft = this.open(node.input);
    // The keys of a sort below are the lesser ones; ties may stand in any order, so they go.
    const order = this.orderOf(node.by, this.columnsOf(node.input));
    return { ...draft, order };
  }

  private orderOf(by: readonly SortKey[], columns: readonly Column[], reversed = false): string[] {
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

  private join(node: JoinNode): string {
    const left = this.columnsOf(node.left);
    const right = this.columnsOf(node.right);
    const scope = this.scope(left, { right, qualifier: { left: "l", right: "r" } });
    const from = `from ${this.operand(node.left)} as l ${node.how} join ${this.operand(node.right)} as r`;
    const on = joinCondition(node, scope);
    return `select ${this.joinColumns(node, left, right, scope).join(", ")} ${from}${on}`;
  }

  private joinColumns(
    node: JoinNode,
    left: readonly Column[],
    right: readonly Column[],
    scope: ExpressionScope,
  ): readonly string[] {
    if (node.how === "semi" || node.how === "anti") return ["l.*"];
    if (node.select !== undefined) {
      return node.select.map(([name, value]) => `${renderExpression(value, scope)} as ${quoteName(name)}`);
    }
    const using = node.using ?? [];
    const output = this.columnsOf(node);
    const keys = using.map((name) => {
      const key = quoteName(name);
      const merged =
        node.how === "right" ? `r.${key}` : node.how === "full" ? `coalesce(l.${key}, r.${key})` : `l.${key}`;
      const type = output.find((column) => column.name === name)?.type ?? "string";
      const own = (node.how === "right" ? right : left).find((column) => column.name === name)?.type;
      const isSame = own === type && node.how !== "full";
      return `${isSame ? merged : `cast(${merged} as ${duckDbTypeOf(type)})`} as ${key}`;
    });
    const rest = (columns: readonly Column[]): string[] =>
      columns.map(({ name }) => name).filter((name) => !using.includes(name));
    const lefts = rest(left).map((name) => `l.${quoteName(name)}`);
    const rights = rightNames(node, rest(right), [...using, ...rest(left)]).map(([from, to]) =>
      from === to ? `r.${quoteName(from)}` : `r.${quoteName(from)} as ${quoteName(to)}`,
    );
    return [...keys, ...lefts, ...rights];
  }

  private union(node: UnionNode): string {
    const output = this.columnsOf(node);
    const parts = node.inputs.map((input) => {
      const own = this.columnsOf(input);
      const columns = output.map(({ name, type }) => {
        const quoted = quoteName(name);
        const isSame = own.find((column) => column.name === name)?.type === type;
        return isSame ? quoted : `cast(${quoted} as ${duckDbTypeOf(type)}) as ${quoted}`;
      });
      return `select ${columns.join(", ")} from ${this.operand(input)}`;
    });
    return parts.join(node.distinct === true ? " union " : " union all ");
  }

  private aggregate(node: AggregateNode): string {
    const keys = node.by.map((name) => `t.${quoteName(name)}`);
    const columns = this.named(node.columns, this.columnsOf(node.input));
    const output = [...keys, ...columns.map(([name, term]) => `${term} as ${quoteName(name)}`)];
    const draft = this.open(node.input);
    // An order of the input means nothing here.
    const below = write({ ...draft, order: [] }, output.join(", "));
    return keys.length === 0 ? below : `${below} group by ${keys.join(", ")}`;
  }

  private deduplicate(node: DeduplicateNode): string {
    const columns = this.columnsOf(node.input);
    const key = node.key.map((name) => `t.${quoteName(name)}`).join(", ");
    const order = this.orderOf(node.by, columns, node.keep === "last");
    const by = order.length === 0 ? "" : ` order by ${order.join(", ")}`;
    const draft = { ...this.open(node.input), order: [] };
    return `${write(draft, "*")} qualify row_number() over (partition by ${key}${by}) ${node.rest === true ? "> 1" : "= 1"}`;
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
  private operand(node: Relation): string {
    const draft = this.draft(node);
    return isPlain(draft) ? draft.from : `(${write(draft)})`;
  }

  private columnsOf(node: Relation): readonly Column[] {
    return this.schemaOf(node).columns;
  }

  private named(pairs: readonly NamedExpression[], columns: readonly Column[]): (readonly [string, string])[] {
    return pairs.map(([name, expression]) => [name, this.term(expression, columns)]);
  }

  private term(expression: Expression, columns: readonly Column[]): string {
    return renderExpression(expression, this.scope(columns, { qualifier: { left: "t", right: "t" } }));
  }

  private scope(columns: readonly Column[], rest: Pick<ExpressionScope, "right" | "qualifier">): ExpressionScope {
    return { columns, parameters: this.types, onParameter: (name) => this.parameter(name), ...rest };
  }

  private parameter(name: string): string {
    if (!this.parameters.includes(name)) this.parameters.push(name);
    return bindingName(name, this.parameters.indexOf(name));
  }
}

function joinCondition(node: JoinNode, scope: ExpressionScope): string {
  if (node.how === "cross") return "";
  if (node.using === undefined) return node.on === undefined ? "" : ` on ${renderExpression(node.on, scope)}`;
  const equalities = node.using.map((name): string => {
    const key = { kind: "column", name } as const;
    const condition: Expression = {
      kind: "call",
      name: "eq",
      arguments: [
        { ...key, side: "left" },
        { ...key, side: "right" },
      ],
    };
    return renderExpression(condition, scope);
  });
  return ` on ${equalities.join(" and ")}`;
}

function source(from: string): Draft {
  return { from, where: [], order: [] };
}

function isPlain(draft: Draft): boolean {
  const { where, order, columns, isDistinct, limit } = draft;
  return where.length + order.length === 0 && columns === undefined && isDistinct !== true && limit === undefined;
}

function wrap(draft: Draft): Draft {
  return source(`(${write(draft)})`);
}

function write(draft: Draft, output?: string): string {
  const { from, where, order, columns, isDistinct, limit } = draft;
  if (output === undefined && isPlain(draft) && from.startsWith("(")) return from.slice(1, -1);
  const list = output ?? columns?.map(([name, term]) => named(name, term)).join(", ") ?? "*";
  return [
    `select ${isDistinct === true ? "distinct " : ""}${list} from ${from} as t`,
    ...(where.length === 0 ? [] : [`where ${where.join(" and ")}`]),
    ...(order.length === 0 ? [] : [`order by ${order.join(", ")}`]),
    ...(limit === undefined ? [] : [limit]),
  ].join(" ");
}

function named(name: string, term: string): string {
  return term === `t.${quoteName(name)}` ? term : `${term} as ${quoteName(name)}`;
}
