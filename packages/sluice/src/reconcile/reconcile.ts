import { type Cell, didYouMean, type Relation, SluiceError } from "@sluice/core";
import type { Session } from "../composition.ts";
import { quoted } from "../query/column-stats.ts";
import type { LandedRows } from "../query/land-step.ts";
import { type Comparable, comparable } from "./comparable.ts";
import { landNested, type NestedColumn } from "./land-nested.ts";

/** What two sources have in common, and what not: JSON-safe, as `sluice reconcile --json` prints it. Pairs are of a and b. */
export interface Reconciliation {
  readonly equal: boolean;
  readonly rows: readonly [number, number];
  readonly columns: readonly ColumnDifference[];
  /** Whether the same values of the compared columns stand together in rows, whatever the order of rows. */
  readonly rowsEqual: boolean;
  /** Columns that only one side has, where none were named. */
  readonly onlyIn: { readonly a: readonly string[]; readonly b: readonly string[] };
  /** By key, where one was named. */
  readonly keys?: {
    /** In a and not in b. */
    readonly missing: KeyDifference;
    /** In b and not in a. */
    readonly extra: KeyDifference;
    readonly differing: KeyDifference;
  };
}

export interface ColumnDifference {
  readonly name: string;
  readonly types: readonly [string, string];
  readonly nulls: readonly [number, number];
  /** The sum of numbers, a hash of others, whatever the order of rows; null where there are no values. */
  readonly summary: readonly [string | null, string | null];
  readonly equal: boolean;
  /** Present where only nulls were compared: `list<bytes> with json`. */
  readonly notCompared?: string;
}

export interface KeyDifference {
  readonly rows: number;
  /** The first ones, each a value for each column of the key. */
  readonly first: readonly (readonly (string | null)[])[];
}

interface Request {
  readonly a: LandedRows;
  readonly b: LandedRows;
  readonly key?: readonly string[];
  readonly columns?: readonly string[];
}

const FIRST = 5;

/** Compares two sources by value: their rows in number and as a whole, their columns one by one, and with a key row by row. */
export async function reconcile(session: Session, given: Request): Promise<Reconciliation> {
  const { a, b, key } = given;
  const names = comparedNames(given);
  const onlyIn =
    given.columns === undefined
      ? {
          a: namesOf(a).filter((name) => !namesOf(b).includes(name)),
          b: namesOf(b).filter((name) => !namesOf(a).includes(name)),
        }
      : { a: [], b: [] };
  const pairs = new Map([...new Set([...names, ...(key ?? [])])].map((name) => [name, pairOf(name, a, b)]));
  const request = {
    ...given,
    a: await landNested(session, a, sideOf(pairs, 0)),
    b: await landNested(session, b, sideOf(pairs, 1)),
  };
  const { columns, rowsEqual } = await compareColumns(session, request, names, pairs);
  const keys = key === undefined ? undefined : await compareKeys(session, request, key, names, pairs);
  const differing = keys === undefined ? 0 : keys.missing.rows + keys.extra.rows + keys.differing.rows;
  const equal =
    a.count === b.count &&
    rowsEqual &&
    columns.every((column) => column.equal) &&
    onlyIn.a.length + onlyIn.b.length + differing === 0;
  return { equal, rows: [a.count, b.count], columns, rowsEqual, onlyIn, ...(keys === undefined ? {} : { keys }) };
}

function comparedNames({ a, b, key = [], columns }: Request): readonly string[] {
  for (const name of [...(columns ?? []), ...key]) {
    for (const side of [a, b]) {
      if (namesOf(side).includes(name)) continue;
      throw new SluiceError("config", `one side has no column "${name}"`, {
        offending: name,
        hint: didYouMean(name, namesOf(side), "its columns"),
      });
    }
  }
  return columns ?? namesOf(a).filter((name) => namesOf(b).includes(name));
}

interface Pair extends Comparable {
  readonly types: readonly [string, string];
}

function pairOf(name: string, a: LandedRows, b: LandedRows): Pair {
  const types = [a, b].map(({ columns }) => columns.find((one) => one.name === name)?.type ?? "string");
  const both = types as unknown as readonly [string, string];
  return { types: both, ...comparable(name, both) };
}

function sideOf(pairs: ReadonlyMap<string, Pair>, side: 0 | 1): readonly NestedColumn[] {
  return [...pairs].flatMap(([name, { nested }]) =>
    nested === undefined ? [] : [{ name, json: nested.jsons[side], isExact: nested.isExact }],
  );
}

async function compareColumns(
  session: Session,
  { a, b }: Request,
  names: readonly string[],
  pairs: ReadonlyMap<string, Pair>,
): Promise<Pick<Reconciliation, "columns" | "rowsEqual">> {
  const compared = names.filter((name) => pairs.get(name)?.notCompared === undefined);
  const found = await Promise.all(
    [a, b].map(async (_, side) => {
      const terms = names.flatMap((name, index) => {
        const pair = pairs.get(name);
        const value = pair?.sides[side] ?? quoted(name);
        // Equal values have equal hashes, and a sum of them knows no order.
        const hash = `cast(sum(cast(hash(${value}) as hugeint)) filter (where ${quoted(name)} is not null) as varchar)`;
        const shown = pair?.isNumber === true ? `cast(sum(${value}) as varchar)` : "null";
        return [`count(*) - count(${quoted(name)}) as n${index}`, `${hash} as h${index}`, `${shown} as s${index}`];
      });
      const values = compared.map((name) => pairs.get(name)?.sides[side] ?? quoted(name));
      const whole = values.length === 0 ? "null" : `cast(sum(cast(hash(${values.join(", ")}) as hugeint)) as varchar)`;
      const [row = []] =
        terms.length === 0
          ? []
          : await ask(session, { a, b }, `select ${[...terms, whole].join(", ")} from ${SIDES[side]}`);
      return row;
    }),
  );
  const columns = names.map((name, index): ColumnDifference => {
    const at = (side: number, offset: number): Cell => found[side]?.[index * 3 + offset] ?? null;
    const nulls = [Number(at(0, 0)), Number(at(1, 0))] as const;
    const shown = pairs.get(name)?.isNumber === true ? 2 : 1;
    const summary = [textOf(at(0, shown)), textOf(at(1, shown))] as const;
    const equal = nulls[0] === nulls[1] && at(0, 1) === at(1, 1);
    const { types = ["", ""], notCompared } = pairs.get(name) ?? {};
    if (notCompared === undefined) return { name, types, nulls, summary, equal };
    return { name, types, nulls, summary: [null, null], equal: nulls[0] === nulls[1], notCompared };
  });
  return { columns, rowsEqual: found[0]?.at(-1) === found[1]?.at(-1) };
}

async function compareKeys(
  session: Session,
  sides: Request,
  key: readonly string[],
  names: readonly string[],
  pairs: ReadonlyMap<string, Pair>,
): Promise<NonNullable<Reconciliation["keys"]>> {
  const others = names.filter((name) => !key.includes(name));
  // Other columns may take long to compute, and most questions are about the key alone.
  const side = (index: number, compared: readonly string[] = []): string => {
    const terms = [...key.map((name, at) => [name, `k${at}`]), ...compared.map((name, at) => [name, `c${at}`])];
    return `select ${terms.map(([name = "", as]) => `${pairs.get(name)?.sides[index]} as ${as}`).join(", ")}, true as there from ${SIDES[index]}`;
  };
  const keys = key.map((_, at) => `k${at}`);
  for (const index of [0, 1]) {
    const groups = `select ${keys.join(", ")} from (${side(index)}) group by ${keys.join(", ")} having count(*) > 1 limit 1`;
    const [twice] = await ask(session, sides, groups);
    if (twice === undefined) continue;
    const shown = twice.map((cell) => textOf(cell) ?? "null").join(", ");
    throw new SluiceError(
      "data",
      `the key ${key.join(", ")} does not tell the rows of ${index === 0 ? "the first" : "the second"} source apart: ${shown} is there several times`,
      {
        reason: "duplicate-key",
        offending: shown,
        hint: "name more columns: --key id,day",
      },
    );
  }
  const same = keys.map((name) => `a.${name} is not distinct from b.${name}`).join(" and ");
  const joined = (compared: readonly string[]): string =>
    `(${side(0, compared)}) a full join (${side(1, compared)}) b on ${same}`;
  const differs =
    others.length === 0 ? "false" : others.map((_, at) => `a.c${at} is distinct from b.c${at}`).join(" or ");
  const conditions = {
    missing: "b.there is null",
    extra: "a.there is null",
    differing: `a.there and b.there and (${differs})`,
  };
  const found = async (condition: string, compared: readonly string[] = []): Promise<KeyDifference> => {
    const [[rows] = []] = await ask(session, sides, `select count(*) as n from ${joined(compared)} where ${condition}`);
    if (Number(rows) === 0) return { rows: 0, first: [] };
    const shown = keys.map((name) => `coalesce(a.${name}, b.${name}) as ${name}`).join(", ");
    const texts = keys.map((name) => `cast(${name} as varchar) as ${name}_text`).join(", ");
    const first = `select ${texts} from (select ${shown} from ${joined(compared)} where ${condition} order by ${keys.join(", ")} limit ${FIRST})`;
    return { rows: Number(rows), first: (await ask(session, sides, first)).map((row) => row.map(textOf)) };
  };
  return {
    missing: await found(conditions.missing),
    extra: await found(conditions.extra),
    differing: await found(conditions.differing, others),
  };
}

const MARK = "\u0000";
const SIDES = [`${MARK}a`, `${MARK}b`] as const;

/** One query of the engine's own SQL over both sides; its rows are few. */
async function ask(
  session: Session,
  sides: Pick<Request, "a" | "b">,
  sql: string,
): Promise<readonly (readonly Cell[])[]> {
  const engine = await session.engine();
  const [before = "", ...parts] = sql.split(MARK);
  // Behind each mark stands one letter, which says the side.
  const used = parts.map((part) => (part.startsWith("a") ? "a" : "b"));
  const texts = [before, ...parts.map((part) => part.slice(1))];
  const inputs = used.map((stage): Relation => ({ kind: "scan", source: { stage } }));
  const compiled = engine.compile(
    { kind: "sql", engine: "duckdb", texts, inputs },
    {
      schemaOf: (source) => ({
        columns: "stage" in source && source.stage === "a" ? sides.a.input.columns : sides.b.input.columns,
      }),
      parameters: new Map(),
    },
  );
  const found: (readonly Cell[])[] = [];
  const given = [...new Set(used)].map((name) => {
    const { input } = sides[name];
    return [name, { input, columns: input.columns.map((column) => column.name) }] as const;
  });
  const batches = engine.rows(compiled, {
    inputs: new Map(given),
    parameters: new Map(),
    constants: { now: new Date(0).toISOString(), today: "1970-01-01" },
    signal: session.signal,
  });
  for await (const batch of batches) found.push(...batch);
  return found;
}

function namesOf({ columns }: LandedRows): readonly string[] {
  return columns.map((column) => column.name);
}

function textOf(cell: Cell): string | null {
  return cell === null ? null : String(cell);
}
