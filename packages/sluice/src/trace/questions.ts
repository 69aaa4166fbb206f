import {
  type BoundValue,
  type Cell,
  canonicalJson,
  type EngineInput,
  type Expression,
  mapInputs,
  type NamedExpression,
  type Relation,
  type Schema,
  SluiceError,
} from "@sluice/core";
import type { Session } from "../composition.ts";
import type { OpenedRows } from "./open-rows.ts";
import type { Value, Values } from "./report.ts";

/** Asks the engine about relations over the accepted rows of datasets. */
export interface Questions {
  /** Over all rows, or over these in place of those of a dataset. */
  count(relation: Relation, instead?: ReadonlyMap<string, EngineInput>): Promise<number>;
  /** What these expressions are for the first few rows. */
  rows(relation: Relation, columns: readonly NamedExpression[], limit?: number): Promise<readonly (readonly Cell[])[]>;
}

export interface QuestionsRequest {
  readonly opened: ReadonlyMap<string, OpenedRows>;
  readonly parameters: ReadonlyMap<string, BoundValue>;
  readonly types: ReadonlyMap<string, string>;
  readonly constants: { readonly now: string; readonly today: string };
}

/** How many rows are shown of anything. */
export const SHOWN_ROWS = 5;

export async function createQuestions(session: Session, request: QuestionsRequest): Promise<Questions> {
  const engine = await session.engine();
  const { opened, parameters, types, constants } = request;
  const inputs = new Map<string, EngineInput>([...opened].map(([name, { accepted }]) => [name, accepted]));
  const schemas = new Map<string, Schema>(
    [...opened].map(([name, { accepted, dataset }]) => {
      const read = new Set(accepted.columns);
      const columns = dataset.columns.filter((column) => read.has(column.name));
      return [name, { columns: columns.map(({ name: own, type, nullable }) => ({ name: own, type, nullable })) }];
    }),
  );
  const ask = async (
    relation: Relation,
    instead?: ReadonlyMap<string, EngineInput>,
  ): Promise<readonly (readonly Cell[])[]> => {
    const query = engine.compile(overLanded(relation, opened), {
      parameters: types,
      schemaOf(source) {
        const schema = "stage" in source ? schemas.get(source.stage) : undefined;
        if (schema === undefined) throw new SluiceError("internal", "a trace asks about what was not opened");
        return schema;
      },
    });
    const used = new Map(
      query.inputs.flatMap(({ name }) => {
        const input = instead?.get(name) ?? inputs.get(name);
        return input === undefined ? [] : [[name, input] as const];
      }),
    );
    const found: (readonly Cell[])[] = [];
    for await (const batch of engine.rows(query, { inputs: used, parameters, constants, signal: session.signal })) {
      found.push(...batch);
    }
    return found;
  };
  const counts = new Map<string, number>();
  return {
    async count(relation, instead) {
      // What comes out of one operation goes into the next: it is counted once.
      const key = instead === undefined ? canonicalJson(relation) : undefined;
      const known = key === undefined ? undefined : counts.get(key);
      if (known !== undefined) return known;
      const counted: Relation = {
        kind: "aggregate",
        input: relation,
        by: [],
        columns: [["rows", { kind: "call", name: "count", arguments: [] }]],
      };
      const [[rows] = []] = await ask(counted, instead);
      if (key !== undefined) counts.set(key, Number(rows ?? 0));
      return Number(rows ?? 0);
    },
    rows: async (relation, columns, limit = SHOWN_ROWS) => {
      // Names of ours: the author's may meet each other.
      const select: Relation = {
        kind: "select",
        input: relation,
        columns: columns.map(([, expression], index) => [`c${index}`, expression] as const),
      };
      return columns.length === 0 ? [] : await ask({ kind: "limit", input: select, count: limit });
    },
  };
}

/** Scans of datasets as scans of their landed rows; columns that were not landed are never looked at. */
function overLanded(relation: Relation, opened: ReadonlyMap<string, OpenedRows>): Relation {
  if (relation.kind !== "scan" || !("dataset" in relation.source)) {
    return mapInputs(relation, (input) => overLanded(input, opened));
  }
  const name = relation.source.dataset;
  const rows = opened.get(name);
  if (rows === undefined) throw new SluiceError("internal", `the dataset "${name}" was not opened`);
  const landed: Relation = { kind: "scan", source: { stage: name } };
  const read = new Set(rows.accepted.columns);
  if (rows.dataset.columns.every((column) => read.has(column.name))) return landed;
  const columns = rows.dataset.columns.map(({ name: own, type }): NamedExpression => {
    const none: Expression = { kind: "cast", value: { kind: "literal", type: "null", value: null }, type };
    return [own, read.has(own) ? { kind: "column", name: own } : none];
  });
  return { kind: "select", input: landed, columns };
}

/** The rows of a relation for which a condition is true. */
export function where(input: Relation, condition: Expression | undefined): Relation {
  return condition === undefined ? input : { kind: "filter", input, condition };
}

/** Columns as what they are. */
export function columnsOf(names: readonly string[]): readonly NamedExpression[] {
  return names.map((name) => [name, { kind: "column", name }] as const);
}

/** A cell as JSON can hold it without losing a digit. */
export function valueOfCell(cell: Cell | undefined): Value {
  if (cell === undefined) return null;
  return typeof cell === "bigint" || (typeof cell === "number" && !Number.isFinite(cell)) ? String(cell) : cell;
}

/** A row by the names of its columns; without a prototype, since a column may be called `__proto__`. */
export function valuesOf(names: readonly string[], cells: readonly (Cell | undefined)[]): Values {
  const values = Object.create(null) as Record<string, Value>;
  for (const [index, name] of names.entries()) values[name] = valueOfCell(cells[index]);
  return values;
}
