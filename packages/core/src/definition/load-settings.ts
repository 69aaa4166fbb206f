import { didYouMean } from "../infer/closest.ts";
import type { SinkCapabilities } from "../ports/sink.ts";
import type { Schema } from "../schema/schema.ts";
import { familyOf, parseType } from "../schema/types.ts";
import type { Evolution, LoadDefinition, LoadMode } from "./definition.ts";
import type { ProblemDetails } from "./problems.ts";

/** What a load says of how it writes, beside its mode. */
export type LoadSettings = Pick<
  LoadDefinition,
  "key" | "deleteFlag" | "newerBy" | "missing" | "partitions" | "where" | "evolve" | "takeOver"
>;

/** The modes of a load, in the order in which they are said. */
export const LOAD_MODES: readonly LoadMode[] = [
  "append",
  "replace",
  "merge",
  "insert-only",
  "delete+insert",
  "overwrite",
];

/** How far a load may change its target, from the least on. */
export const EVOLUTIONS: readonly Evolution[] = ["fail", "add", "widen"];

/** Modes that compare rows by key, and have to be told it. */
export const KEYED_MODES: readonly LoadMode[] = ["merge", "insert-only", "delete+insert"];

/** Settings that belong to some modes only, with what to say where another mode has them. */
const BELONGS: readonly (readonly [keyof LoadSettings, readonly LoadMode[], string])[] = [
  ["key", KEYED_MODES, "compare keys"],
  ["deleteFlag", ["merge"], "deletes rows by a flag"],
  ["newerBy", ["merge"], "replaces rows only by newer ones"],
  ["missing", ["merge"], "deletes rows that did not arrive"],
  ["partitions", ["overwrite"], "replaces partitions"],
  ["where", ["overwrite"], "replaces rows by a condition"],
];

/** One thing that is wrong with how a load writes: under which member, and why. */
export interface LoadProblem extends ProblemDetails {
  readonly member: "mode" | keyof LoadSettings;
  readonly message: string;
}

/**
 * The settings that are there, and nothing else.
 *
 * @example
 * loadSettingsOf({ kind: "load", name: "l", from, into, mode: "merge", key: ["id"] }); // { key: ["id"] }
 */
export function loadSettingsOf(from: LoadSettings): LoadSettings {
  const { key, deleteFlag, newerBy, missing, partitions, where, evolve, takeOver } = from;
  return {
    ...(key === undefined ? {} : { key }),
    ...(deleteFlag === undefined ? {} : { deleteFlag }),
    ...(newerBy === undefined ? {} : { newerBy }),
    ...(missing === undefined ? {} : { missing }),
    ...(partitions === undefined ? {} : { partitions }),
    ...(where === undefined ? {} : { where }),
    ...(evolve === undefined ? {} : { evolve }),
    ...(takeOver === undefined ? {} : { takeOver }),
  };
}

/**
 * The columns that a target stores: all that arrive but the flag of deletions.
 *
 * @example
 * storedSchema({ columns: [id, gone] }, { deleteFlag: "gone" }); // { columns: [id] }
 */
export function storedSchema(schema: Schema, { deleteFlag }: Pick<LoadSettings, "deleteFlag">): Schema {
  if (deleteFlag === undefined) return schema;
  return { columns: schema.columns.filter((column) => column.name !== deleteFlag) };
}

/**
 * The columns that a table has for its readers. Never null is what the load can vouch for, whatever was loaded before it:
 * the columns of its key, and with `replace` what is never null in its rows.
 *
 * @example
 * tableSchema({ columns: [id, at] }, { mode: "merge", key: ["id"] }); // { columns: [id, { ...at, nullable: true }] }
 */
export function tableSchema(schema: Schema, load: Pick<LoadDefinition, "mode" | "key" | "deleteFlag">): Schema {
  const { mode, key = [] } = load;
  const isSure = (name: string): boolean => mode === "replace" || key.includes(name);
  const { columns } = storedSchema(schema, load);
  return { columns: columns.map((column) => (isSure(column.name) ? column : { ...column, nullable: true })) };
}

/** What is wrong with mode and settings, whatever the rows and the target. */
export function settingProblems(mode: LoadMode, settings: LoadSettings): readonly LoadProblem[] {
  if (!LOAD_MODES.includes(mode)) {
    const hint = didYouMean(String(mode), LOAD_MODES, "modes");
    return [{ member: "mode", message: `there is no mode "${String(mode)}"`, offending: String(mode), hint }];
  }
  const found: LoadProblem[] = [];
  const { key = [], deleteFlag, newerBy, partitions, evolve } = settings;
  if (KEYED_MODES.includes(mode) && key.length === 0) {
    const purpose =
      mode === "delete+insert" ? "the columns that say which rows go" : "the columns that tell rows apart";
    found.push({ member: "key", message: `${mode} needs a key`, hint: `name ${purpose}: key: ["id"]` });
  }
  for (const [member, modes, does] of BELONGS) {
    const value = settings[member];
    const isThere = value !== undefined && !(Array.isArray(value) && value.length === 0);
    if (!isThere || modes.includes(mode)) continue;
    found.push({
      member,
      message: `the mode is ${mode}, and only ${listed(modes)} ${does}: "${member}" has no meaning`,
      offending: member,
      hint: `leave it out, or write mode: "${modes[0]}"`,
    });
  }
  if (partitions !== undefined && partitions.length === 0) {
    found.push({ member: "partitions", message: "partitions names no column", hint: "name them, or leave it out" });
  }
  if (partitions !== undefined && settings.where !== undefined) {
    const message = "both partitions and where say which rows go";
    found.push({ member: "where", message, offending: "where", hint: "leave one of them out" });
  }
  for (const [member, name] of [["deleteFlag", deleteFlag] as const, ["newerBy", newerBy] as const]) {
    if (name === undefined || !key.includes(name)) continue;
    const hint = "a key says which row is meant, not what becomes of it: name another column";
    found.push({ member, message: `"${name}" is a column of the key too`, offending: name, hint });
  }
  if (deleteFlag !== undefined && deleteFlag === newerBy) {
    const hint = "the flag is not stored, so nothing can be compared with it";
    found.push({ member: "newerBy", message: `"${newerBy}" is the flag of deletions too`, offending: newerBy, hint });
  }
  if (evolve !== undefined && !EVOLUTIONS.includes(evolve)) {
    const hint = didYouMean(String(evolve), EVOLUTIONS, "ways");
    found.push({ member: "evolve", message: `evolve is "${String(evolve)}"`, offending: String(evolve), hint });
  }
  if (settings.missing !== undefined && settings.missing !== "delete") {
    const said = String(settings.missing);
    found.push({
      member: "missing",
      message: `missing is "${said}"`,
      offending: said,
      hint: 'write "delete", or leave it out to keep rows that did not arrive',
    });
  }
  return found;
}

/** What is wrong with the settings, seeing the rows that arrive. */
export function settingColumnProblems(settings: LoadSettings, schema: Schema): readonly LoadProblem[] {
  const { key = [], deleteFlag, newerBy, partitions = [] } = settings;
  const found: LoadProblem[] = [];
  const names = schema.columns.map((column) => column.name);
  const kindOf = (member: keyof LoadSettings, name: string): string | undefined => {
    const column = schema.columns.find((one) => one.name === name);
    if (column !== undefined) return familyOf(parseType(column.type));
    const message = `${member} names "${name}", which is no column of the rows`;
    found.push({ member, message, offending: name, hint: didYouMean(name, names, "columns") });
    return undefined;
  };
  for (const name of key) kindOf("key", name);
  for (const name of partitions) {
    const kind = kindOf("partitions", name);
    if (kind === undefined || !NOT_PARTITIONS.includes(kind)) continue;
    const hint = "rows are parted by numbers, texts, dates, times and bools";
    found.push({
      member: "partitions",
      message: `"${name}" is ${kind}, which cannot part rows`,
      offending: name,
      hint,
    });
  }
  if (deleteFlag !== undefined) {
    const kind = kindOf("deleteFlag", deleteFlag);
    if (kind !== undefined && kind !== "bool") {
      const message = `deleteFlag names "${deleteFlag}", which is ${kind} and not bool`;
      found.push({
        member: "deleteFlag",
        message,
        offending: deleteFlag,
        hint: "derive a column that is true or false",
      });
    }
    if (kind !== undefined && schema.columns.length === 1) {
      const hint = "the flag itself is not stored";
      found.push({
        member: "deleteFlag",
        message: "the rows have no column but the flag",
        offending: deleteFlag,
        hint,
      });
    }
  }
  if (newerBy !== undefined) {
    const kind = kindOf("newerBy", newerBy);
    if (kind !== undefined && NOT_ORDERED.includes(kind)) {
      const message = `newerBy names "${newerBy}", which is ${kind} and has no order`;
      found.push({ member: "newerBy", message, offending: newerBy, hint: "name a number, a text, a date or a time" });
    }
  }
  return found;
}

const NOT_PARTITIONS = ["list", "struct", "map", "json", "bytes", "interval"];
const NOT_ORDERED = [...NOT_PARTITIONS, "bool", "uuid"];

/** What a target cannot do of what is asked; `target` is how it is called: `a target of type "file"`. */
export function abilityProblems(
  mode: LoadMode,
  settings: LoadSettings,
  { modes, merge = [], overwrite = [], evolve = ["add"] }: SinkCapabilities,
  target: string,
): readonly LoadProblem[] {
  const found: LoadProblem[] = [];
  const add = (member: LoadProblem["member"], message: string, offending: string, hint: string): void => {
    found.push({ member, message, offending, hint, code: "unsupported" });
  };
  if (!modes.includes(mode)) {
    add("mode", `${target} cannot be loaded with mode "${mode}"`, mode, `it can ${modes.join(", ")}`);
    return found;
  }
  for (const member of ["deleteFlag", "newerBy", "missing"] as const) {
    if (settings[member] === undefined || merge.includes(member)) continue;
    const hint =
      merge.length === 0 ? "it only updates and inserts" : `beside updates and inserts it knows ${listed(merge)}`;
    add(member, `${target} cannot merge with "${member}"`, member, hint);
  }
  if (settings.where !== undefined && !overwrite.includes("where")) {
    const hint = "it replaces partitions: name their columns in partitions, or delete+insert by a key";
    add("where", `${target} cannot overwrite by a condition`, "where", hint);
  }
  if (settings.evolve !== undefined && !evolve.includes(settings.evolve)) {
    add("evolve", `${target} has no evolve: "${settings.evolve}"`, settings.evolve, `it can ${listed(evolve)}`);
  }
  return found;
}

function listed(words: readonly string[]): string {
  const [last = "", ...before] = words.toReversed();
  return before.length === 0 ? last : `${before.toReversed().join(", ")} and ${last}`;
}
