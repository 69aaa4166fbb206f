import {
  type CommitResult,
  type FrozenColumn,
  type OutputSpec,
  SluiceError,
  type StageRequest,
  type WrittenFile,
} from "@sluice/core";
import type { Field } from "../format/model.ts";
import { typeTextOf } from "../types.ts";
import { type Asked, from, type Question, quoted, sql } from "./ask-engine.ts";

/** Tells of each stored row in which file it lies; no column can be called so. */
export const FILE_COLUMN = "\u0001file";

/** What a keyed load changes: files that are written anew without what goes, and what comes. */
export interface Rewrite {
  readonly added: readonly WrittenFile[];
  /** Locations of the files that the added ones take the place of. */
  readonly removed: readonly string[];
  readonly counts: Omit<CommitResult, "repeated">;
}

export interface RewriteRequest {
  readonly request: StageRequest;
  readonly shown: string;
  /** All columns of the table as it will be. */
  readonly fields: readonly Field[];
  /** What arrives: the columns of the load, by the names that they have there and in the table. */
  readonly arriving: readonly { readonly name: string; readonly field: Field }[];
  /** Asks about `batch` and `stored`: all rows of the table that may matter, or those of some files; and about `changes`. */
  readonly ask: (about?: { readonly stored?: readonly string[]; readonly changes?: string }) => Asked;
  /** Where new files go; a folder of its own for each call. */
  readonly output: () => OutputSpec;
  /** Where a file may lie that goes with the load. */
  readonly scratch: (name: string) => string;
}

/** Rows of the table as the engine gives them, with where they lie. */
export function storedColumns(
  fields: readonly Field[],
): readonly { readonly column: FrozenColumn; readonly field: Field }[] {
  return fields.map((field) => ({
    column: { name: field.name, type: typeTextOf(field.type), nullable: true },
    field,
  }));
}

const STORED = from("stored");
const BATCH = from("batch");
const CHANGES = from("changes");
const ACTION = "\u0001action";
const REPLACED = `${quoted(ACTION)} in ('update', 'delete')`;
const PUT = `${quoted(ACTION)} in ('insert', 'update')`;
const file = `s.${quoted(FILE_COLUMN)}`;

/** Takes out every stored row whose key arrives; what arrives is written beside by the engine already. */
export async function deleteMatching(
  given: RewriteRequest,
  names: readonly string[],
  nullsMatch: boolean,
): Promise<Rewrite> {
  const { arriving, ask, fields, output } = given;
  const same = on(arriving, names, nullsMatch);
  const touched = await ask().rows(
    sql`select ${file} as f, cast(count(*) as varchar) as n from ${STORED} as s semi join ${BATCH} as b on ${same} group by all`,
  );
  const removed = touched.map(([location]) => String(location));
  const deleted = touched.reduce((sum, [, count]) => sum + Number(count), 0);
  if (removed.length === 0) return { added: [], removed, counts: { deleted } };
  const rest = sql`select ${list(fields, "s")} from ${STORED} as s anti join ${BATCH} as b on ${same}`;
  return { added: await ask({ stored: removed }).write(rest, output()), removed, counts: { deleted } };
}

/** Inserts the rows whose keys are not there. */
export async function insertNew({ request, arriving, ask, output }: RewriteRequest): Promise<Rewrite> {
  const same = on(arriving, request.key, false);
  const [[all = 0] = []] = await ask().rows(sql`select count(*) as n from ${BATCH}`);
  const columns = arriving.map(({ name }) => `b.${quoted(name)}`).join(", ");
  const fresh = sql`select ${columns} from ${BATCH} as b anti join ${STORED} as s on ${same}`;
  const added = await ask().write(fresh, output());
  const inserted = added.reduce((sum, { rows }) => sum + rows, 0);
  return { added, removed: [], counts: { inserted, unchanged: Number(all) - inserted } };
}

/** Inserts, updates, deletes and leaves rows, by the rules of `LoadDefinition`. Files without a change stay. */
export async function mergeRows(given: RewriteRequest): Promise<Rewrite> {
  const { request, shown, arriving, ask, fields, scratch } = given;
  const { key, missing } = request;
  const same = on(arriving, key, false);
  const changes = scratch("changes.parquet");
  await ask().write(changesOf(given, same), { format: "parquet", path: changes, ordered: false, compression: "none" });
  const changed = ask({ changes });
  const keys = keyFields(arriving, key)
    .map(({ name }) => quoted(name))
    .join(", ");
  const [twice] = await changed.rows(
    sql`select ${keys} from ${CHANGES} where ${quoted(FILE_COLUMN)} is not null group by ${keys} having count(*) > 1 limit 1`,
  );
  if (twice !== undefined) throw heldTwice(shown, key, twice[0]);
  const kinds = await changed.rows(
    sql`select ${quoted(ACTION)}, cast(count(*) as varchar) as n from ${CHANGES} group by all`,
  );
  const count = (kind: string): number => Number(kinds.find(([name]) => name === kind)?.[1] ?? 0);
  const touched = await changed.rows(sql`select distinct ${quoted(FILE_COLUMN)} from ${CHANGES} where ${REPLACED}`);
  const gone =
    missing === "delete"
      ? await ask().rows(
          sql`select ${file} as f, cast(count(*) as varchar) as n from ${STORED} as s anti join ${BATCH} as b on ${same} group by all`,
        )
      : [];
  const removed = [...new Set([...touched, ...gone].map(([location]) => String(location)))];
  const counts = {
    inserted: count("insert"),
    updated: count("update"),
    deleted: count("delete") + gone.reduce((sum, [, rows]) => sum + Number(rows), 0),
    unchanged: count("unchanged"),
  };
  if (removed.length === 0 && counts.inserted === 0) return { added: [], removed, counts };
  const ours = `select ${list(fields, "c")} from`;
  const added = ask({ stored: removed, changes }).write(
    removed.length === 0
      ? sql`${ours} ${CHANGES} as c where ${PUT}`
      : missing === "delete"
        ? sql`${kept(given)} (select s.* from ${STORED} as s semi join ${BATCH} as b on ${same}) as s anti join (select * from ${CHANGES} where ${REPLACED}) as c on ${replacedOn(given)} union all ${ours} ${CHANGES} as c where ${PUT}`
        : sql`${kept(given)} ${STORED} as s anti join (select * from ${CHANGES} where ${REPLACED}) as c on ${replacedOn(given)} union all ${ours} ${CHANGES} as c where ${PUT}`,
    given.output(),
  );
  return { added: await added, removed, counts };
}

/** Every row that arrives, as it will be stored, with the file that holds it now and what becomes of it. */
function changesOf({ request, arriving, fields }: RewriteRequest, same: string): Question {
  const arrived = new Map(arriving.map(({ name, field }) => [field.id, name]));
  const terms = fields.map((field) => {
    const name = arrived.get(field.id);
    // What does not arrive stays as it is.
    return `${name === undefined ? `s.${quoted(field.name)}` : `b.${quoted(name)}`} as ${quoted(field.name)}`;
  });
  const more = [`${file} as ${quoted(FILE_COLUMN)}`, `${mergeAction(request, arriving)} as ${quoted(ACTION)}`];
  return sql`select ${[...terms, ...more].join(", ")} from ${BATCH} as b left join ${STORED} as s on ${same}`;
}

const kept = ({ fields }: RewriteRequest): string => `select ${list(fields, "s")} from`;
const replacedOn = ({ arriving, request }: RewriteRequest): string =>
  keyFields(arriving, request.key)
    .map(({ name }) => `c.${quoted(name)} = s.${quoted(name)}`)
    .join(" and ");

/** What becomes of a row that arrives, as one word. */
function mergeAction({ key, deleteFlag, newerBy }: StageRequest, arriving: RewriteRequest["arriving"]): string {
  const flag = deleteFlag === undefined ? "false" : `coalesce(b.${quoted(deleteFlag)}, false)`;
  const found = arriving.find(({ name }) => name === newerBy);
  const [theirs, ours] = [`s.${quoted(found?.field.name ?? "")}`, `b.${quoted(newerBy ?? "")}`];
  const isNewer =
    newerBy === undefined
      ? "true"
      : `case when ${theirs} is null then ${ours} is not null else coalesce(${ours} > ${theirs}, false) end`;
  const others = arriving.filter(({ name }) => !key.includes(name));
  const differs = others.map(({ name, field }) => `b.${quoted(name)} is distinct from s.${quoted(field.name)}`);
  return [
    `case when ${file} is null then case when ${flag} then 'unchanged' else 'insert' end`,
    `when not (${isNewer}) then 'unchanged'`,
    `when ${flag} then 'delete'`,
    ...(differs.length === 0 ? [] : [`when ${differs.join(" or ")} then 'update'`]),
    "else 'unchanged' end",
  ].join(" ");
}

function on(arriving: RewriteRequest["arriving"], names: readonly string[], nullsMatch: boolean): string {
  const fields = keyFields(arriving, names);
  const is = nullsMatch ? "is not distinct from" : "=";
  return names.map((name, index) => `b.${quoted(name)} ${is} s.${quoted(fields[index]?.name ?? "")}`).join(" and ");
}

function keyFields(arriving: RewriteRequest["arriving"], names: readonly string[]): readonly Field[] {
  return names.map((name) => {
    const found = arriving.find((one) => one.name === name);
    if (found === undefined) throw new SluiceError("internal", `the rows have no column "${name}"`);
    return found.field;
  });
}

function list(fields: readonly Field[], side: string): string {
  return fields.map(({ name }) => `${side}.${quoted(name)}`).join(", ");
}

function heldTwice(shown: string, key: readonly string[], value: unknown): SluiceError {
  return new SluiceError("data", `${shown} holds the key ${key[0]} = ${String(value)} more than once`, {
    reason: "duplicate-key",
    offending: String(value),
    hint: "a merge needs a key that tells its rows apart; take the others out with mode delete+insert",
  });
}
