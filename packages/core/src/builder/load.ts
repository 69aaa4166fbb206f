import type { Evolution, LoadDefinition, LoadMode } from "../definition/definition.ts";
import { LOAD_MODES, type LoadSettings, loadSettingsOf, settingProblems } from "../definition/load-settings.ts";
import { placeOf } from "../definition/targets.ts";
import { SluiceError } from "../errors.ts";
import { didYouMean } from "../infer/closest.ts";
import type { Address } from "../schema/frozen.ts";
import { createColumns, expressionFrom } from "./callback.ts";
import type { Condition, Null, OpenRow, Operand, Problem } from "./columns.ts";
import { columnNames, name as nameOf, optionsOf } from "./options.ts";
import { recordProvenance } from "./provenance.ts";
import type { Relation, Rows } from "./relation.ts";
import { RelationValue, relationOf } from "./relation-value.ts";
import { type AnyStep, commonOf, recordStep, refuseOther, type StepOptions, stepName } from "./steps.ts";
import type { TableRow } from "./table-types.ts";
import { describe } from "./value.ts";

/** The columns that are true or false. */
type Flags<R> = { readonly [K in keyof R & string]: R[K] extends Operand<"bool", Null> ? K : never }[keyof R & string];

/** What loads of every mode may say. */
interface AnyMode {
  /** How far the target may be changed to take the rows; `add` where absent. */
  readonly evolve?: Evolution;
  /** The name of a table that sluice did not make and may drop or retype all the same. */
  readonly takeOver?: string;
}

interface NoKey {
  readonly key?: Problem<"only merge, insert-only and delete+insert compare keys">;
}
interface NoMerge {
  readonly deleteFlag?: Problem<'only mode: "merge" deletes rows by a flag'>;
  readonly newerBy?: Problem<'only mode: "merge" replaces rows only by newer ones'>;
  readonly missing?: Problem<'only mode: "merge" deletes rows that did not arrive'>;
}
interface NoPartitions {
  readonly partitions?: Problem<'only mode: "overwrite" replaces partitions'>;
  readonly where?: Problem<'only mode: "overwrite" replaces rows by a condition'>;
}

/** Puts the rows in the place of all; the mode where none is given. */
export interface Replace extends AnyMode, NoKey, NoMerge, NoPartitions {
  readonly mode?: "replace";
}

/** Adds the rows to those that are there. */
export interface Append extends AnyMode, NoKey, NoMerge, NoPartitions {
  readonly mode: "append";
}

/** Inserts new rows and updates those that differ, by key. */
export interface Merge<K extends string, F> extends AnyMode, NoPartitions {
  readonly mode: "merge";
  /** The columns that tell rows apart. */
  readonly key: readonly K[];
  /** A column that is not stored; where it is true, the row with the key is deleted. */
  readonly deleteFlag?: [F] extends [never] ? Problem<"the rows have no column that is true or false"> : F;
  /** A row replaces the stored one only where it has more in this column. */
  readonly newerBy?: K;
  /** Stored rows whose key did not arrive are deleted. */
  readonly missing?: "delete";
}

/** Inserts the rows whose key is not there. */
export interface InsertOnly<K extends string> extends AnyMode, NoMerge, NoPartitions {
  readonly mode: "insert-only";
  /** The columns that tell rows apart. */
  readonly key: readonly K[];
}

/** Deletes all rows with one of the keys that arrive, then inserts. */
export interface DeleteInsert<K extends string> extends AnyMode, NoMerge, NoPartitions {
  readonly mode: "delete+insert";
  /** The columns that say which rows go; a key may stand for many rows. */
  readonly key: readonly K[];
}

/** Replaces the partitions that rows arrive for, or the rows that meet a condition. */
export interface Overwrite<K extends string, R> extends AnyMode, NoKey, NoMerge {
  readonly mode: "overwrite";
  /** The columns whose arriving values are replaced whole; absent where the target has partitions of its own. */
  readonly partitions?: readonly K[];
  /**
   * In place of partitions: the stored rows for which it is true go, also where nothing arrives. A row that arrives without
   * meeting it ends the load.
   *
   * @example where: (c) => between(c.day, param("from", "date"), param("to", "date"))
   */
  readonly where?: (columns: R) => Condition;
}

interface Modes<K extends string, F, R> {
  readonly replace: Replace;
  readonly append: Append;
  readonly merge: Merge<K, F>;
  readonly "insert-only": InsertOnly<K>;
  readonly "delete+insert": DeleteInsert<K>;
  readonly overwrite: Overwrite<K, R>;
}

/** What `load` takes: the options of any step, the rows, the target, the mode and what the mode has to be told. */
export type LoadOptions<
  Name extends string,
  R,
  M extends LoadMode = LoadMode,
  K extends string = never,
  F extends string = never,
  A extends Address = Address,
> = StepOptions<Name, R> & {
  readonly from: Rows<R>;
  readonly into: A;
  /** `replace` where absent. */
  readonly mode?: M;
  readonly key?: Seen<K, readonly K[]>;
  readonly deleteFlag?: Seen<F, F>;
} & Modes<NoInfer<keyof R & string>, NoInfer<Flags<R>>, NoInfer<R>>[M];

// Both sides of a condition are inferred from, and what it becomes then asks for nothing: what is wrong is said by the mode.
type Seen<T, As> = [T] extends [never] ? As : unknown;

/** A step that writes rows to a target. */
export interface LoadStep<Name extends string, T = OpenRow> extends AnyStep {
  readonly name: Name;
  /**
   * What the load writes as a source for other pipelines, typed by this step: the columns that are stored, as the target
   * stores them. Never null are those of the key, and with `replace` those that are never null in its rows.
   *
   * @example
   * import { loadCrash } from "./chicago.ts";
   * loadCrash.table.filter((c) => c.crash_hour.lt(6)); // reads sqlite.warehouse.crash
   */
  readonly table: Relation<T>;
}

const SETTINGS = ["key", "deleteFlag", "newerBy", "missing", "partitions", "where", "evolve", "takeOver"] as const;

/**
 * A step that writes rows to a target.
 *
 * @example
 * load({ name: "load_crash", from: crash, into: sqlite("warehouse").table("crash"), mode: "merge", key: ["crash_id"] });
 */
export function load<
  const Name extends string,
  R,
  M extends LoadMode = "replace",
  const K extends string = never,
  const F extends string = never,
  A extends Address = Address,
>(options: LoadOptions<Name, R, M, K, F, A>): LoadStep<Name, TableRow<R, M, K, F, A>> {
  const { from, into, mode = "replace", ...rest } = optionsOf("load", options);
  const others = Object.fromEntries(Object.entries(rest).filter(([option]) => !SETTINGS.some((one) => one === option)));
  refuseOther("load", others, ["from", "into", "mode", ...SETTINGS]);
  const name = stepName("load", rest.name);
  const relation = relationOf(`from of the step "${name}"`, from);
  const known = LOAD_MODES.find((one) => one === mode);
  if (known === undefined) {
    throw new SluiceError("config", `the step "${name}" has the mode ${describe(mode)}`, {
      hint: didYouMean(String(mode), LOAD_MODES, "modes"),
    });
  }
  const settings = settingsOf(name, rest);
  const [problem] = settingProblems(known, settings);
  if (problem !== undefined) {
    const { message, hint, offending } = problem;
    throw new SluiceError("config", `the step "${name}": ${message}`, {
      ...(hint === undefined ? {} : { hint }),
      ...(offending === undefined ? {} : { offending }),
    });
  }
  const step = Object.freeze({
    kind: "load",
    name,
    ...commonOf(name, rest),
    from: relation.node,
    into: addressOf(name, into),
    mode: known,
    ...settings,
  } satisfies LoadDefinition);
  const table = tableRelation(step.into, [relation]);
  const made = Object.freeze({ name, step, table });
  recordStep(made, [relation], rest.after);
  return made as unknown as LoadStep<Name, TableRow<R, M, K, F, A>>;
}

/**
 * The rows of a table, as a source in the very pipeline that loads it, where its load cannot be named yet. They are read as
 * they were before the load; before the first one there are none. The second relation says what they are like.
 *
 * @example
 * const news = crash.join(tableOf(lake.table("chicago.crash"), crash), { how: "anti", using: ["crash_id"] });
 * load({ name: "load_crash", from: news, into: lake.table("chicago.crash"), mode: "append" });
 */
export function tableOf<R, A extends Address>(
  table: A,
  like: Rows<R>,
): Relation<TableRow<R, "append", never, never, A>> {
  const relation = relationOf("the second argument of tableOf", like);
  return tableRelation(addressOf("tableOf", table), [relation]) as unknown as Relation<
    TableRow<R, "append", never, never, A>
  >;
}

/** It comes from the project of these rows, and reads none of their steps. */
function tableRelation(into: Address, like: readonly RelationValue[]): RelationValue {
  const made = new RelationValue({ kind: "scan", source: Object.freeze({ table: Object.freeze(placeOf(into)) }) }, []);
  recordProvenance(made, like);
  return made;
}

function settingsOf(step: string, given: Readonly<Record<string, unknown>>): LoadSettings {
  const { key, partitions, where, ...words } = Object.fromEntries(SETTINGS.map((member) => [member, given[member]]));
  for (const [member, value] of Object.entries(words)) {
    if (value !== undefined) nameOf(`${member} of the step "${step}"`, value);
  }
  return loadSettingsOf({
    ...(words as LoadSettings),
    ...(key === undefined ? {} : { key: columnNames("key", key, (list) => `key: ${list}`) }),
    ...(partitions === undefined
      ? {}
      : { partitions: columnNames("partitions", partitions, (list) => `partitions: ${list}`) }),
    ...(where === undefined ? {} : { where: expressionFrom(`where of the step "${step}"`, where, [createColumns()]) }),
  });
}

function addressOf(step: string, into: unknown): Address {
  if (typeof into === "object" && into !== null && !(into instanceof RelationValue) && "type" in into) {
    return Object.freeze({ ...into }) as Address;
  }
  throw new SluiceError("config", `the step "${step}" loads into ${describe(into)}, which is no target`, {
    hint: 'write sqlite("warehouse").table("crash") or file("out/crash.csv")',
  });
}
