import { literalProblem, type ParameterDefinition, parseType, SluiceError } from "@sluice/core";
import { z } from "zod";

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly [rule: string]: unknown;
}

/** Members of a JSON Schema that a parameter can hold, or that only repeat its type. */
const KNOWN = new Set(["type", "format", "pattern", "enum", "default", "description", "anyOf"]);

/**
 * The parameters that a Zod object declares, as a definition holds them.
 *
 * @example
 * parametersOf(z.object({ since: z.iso.date().default("2024-01-01"), top: z.number().int() }));
 * // [{ name: "since", type: "date", default: "2024-01-01" }, { name: "top", type: "int64" }]
 * @throws SluiceError `config` for what a definition cannot hold: nested objects, ranges, own rules
 */
export function parametersOf(schema: z.ZodObject): readonly ParameterDefinition[] {
  if ((schema._zod.def.checks ?? []).length > 0) {
    throw new SluiceError(
      "config",
      "the parameters as a whole have a rule of their own, which a definition cannot hold",
      {
        offending: "parameters",
        hint: "leave the rule out, or check it in a step",
      },
    );
  }
  return Object.entries(schema.shape).map(([name, field]) => parameterOf(name, field as z.ZodType));
}

function parameterOf(name: string, field: z.ZodType): ParameterDefinition {
  const refuse = (what: string, hint: string): never => {
    throw new SluiceError("config", `the parameter "${name}" ${what}`, { offending: name, hint });
  };
  refuseOwnRules(field, refuse);
  refuseChangingDefault(field, refuse);
  const json = z.toJSONSchema(field, { io: "input", unrepresentable: "any" }) as JsonSchema;
  const { nullable, core } = withoutNull(json);
  const type = typeOf(core, field, refuse);
  for (const rule of Object.keys(core)) {
    if (KNOWN.has(rule) || rule === "$schema" || isRangeOfSafeIntegers(rule, core)) continue;
    refuse(`has the rule "${rule}", which a definition cannot hold`, "leave the rule out, or check it in a step");
  }
  const hasDefault = Object.hasOwn(json, "default") || Object.hasOwn(core, "default");
  const given = json.default ?? core.default ?? null;
  if (!hasDefault && (nullable || field.safeParse(undefined).success)) {
    refuse("may be absent but has no default", "give it one: .default(…), or .nullable().default(null)");
  }
  const description = json.description ?? core.description;
  const values = core.enum as readonly string[] | undefined;
  return {
    name,
    type,
    ...(hasDefault ? { default: defaultText(given, type, refuse) } : {}),
    ...(description === undefined ? {} : { description }),
    ...(values === undefined ? {} : { values }),
  };
}

type Refuse = (what: string, hint: string) => never;

function withoutNull(json: JsonSchema): { readonly nullable: boolean; readonly core: JsonSchema } {
  const alternatives = json.anyOf as readonly JsonSchema[] | undefined;
  const others = alternatives?.filter((one) => one.type !== "null");
  if (alternatives !== undefined && others?.length === 1 && others[0] !== undefined) {
    return { nullable: alternatives.length > 1, core: others[0] };
  }
  if (!Array.isArray(json.type)) return { nullable: false, core: json };
  const types = (json.type as readonly string[]).filter((one) => one !== "null");
  const { type: _type, ...rest } = json;
  return { nullable: true, core: types.length === 1 && types[0] !== undefined ? { ...rest, type: types[0] } : rest };
}

function typeOf(json: JsonSchema, field: z.ZodType, refuse: Refuse): string {
  if (layersOf(field).at(-1)?.type === "date") {
    refuse(
      "is a Date, which is an instant and not a day",
      "write z.iso.date() for a day, z.iso.datetime() for an instant",
    );
  }
  switch (json.type) {
    case "integer":
      return "int64";
    case "number":
      return "float64";
    case "boolean":
      return "bool";
    case "string":
      if (json.format === undefined || json.enum !== undefined) return stringType(json, refuse);
      if (json.format === "date") return "date";
      if (json.format === "date-time") return "timestamptz";
      if (json.format === "uuid") return "uuid";
      return refuse(`has the format "${json.format}"`, "formats are date, date-time and uuid");
    default:
      return refuse(
        "is not text, a number, true or false, a date, an instant or one of some words",
        "write z.string(), z.number(), z.number().int(), z.boolean(), z.iso.date(), z.iso.datetime() or z.enum([…])",
      );
  }
}

function stringType(json: JsonSchema, refuse: Refuse): string {
  if (json.pattern !== undefined) {
    refuse('has the rule "pattern", which a definition cannot hold', "leave the rule out, or check it in a step");
  }
  if (json.enum?.some((value) => typeof value !== "string") === true) refuse("lists values that are not text", "");
  return "string";
}

function isRangeOfSafeIntegers(rule: string, json: JsonSchema): boolean {
  if (json.type !== "integer") return false;
  return rule === "minimum" || rule === "maximum" ? Math.abs(Number(json[rule])) === Number.MAX_SAFE_INTEGER : false;
}

interface Inner {
  readonly type: string;
  readonly innerType?: { readonly _zod: { readonly def: Inner } };
  readonly checks?: readonly { readonly _zod: { readonly def: { readonly check: string } } }[];
  readonly defaultValue?: unknown;
}

/** What a field is made of, from the outside in: `z.string().default("a")` is a default around text. */
function layersOf(field: z.ZodType): readonly Inner[] {
  const layers: Inner[] = [];
  for (let def: Inner | undefined = field._zod.def as unknown as Inner; def !== undefined; ) {
    layers.push(def);
    def = def.innerType?._zod.def;
  }
  return layers;
}

/** Checks and layers that hold a function: a rule of the author's, or a change of the value (`trim`, `overwrite`). */
const OWN_CHECKS = new Set(["custom", "overwrite"]);
const OWN_LAYERS = new Set(["pipe", "transform", "catch"]);

/** A function of the author's cannot stand in a definition, so it would be left out without a word. */
function refuseOwnRules(field: z.ZodType, refuse: Refuse): void {
  for (const { type, checks = [] } of layersOf(field)) {
    if (!OWN_LAYERS.has(type) && !checks.some((check) => OWN_CHECKS.has(check._zod.def.check))) continue;
    refuse("has a rule or a change of its own, which a definition cannot hold", "do it in a step");
  }
}

/** Zod does not tell a function from a value: it is one where another moment gives another default. */
function refuseChangingDefault(field: z.ZodType, refuse: Refuse): void {
  for (const layer of layersOf(field)) {
    if (!("defaultValue" in layer)) continue;
    if (
      Object.is(
        layer.defaultValue,
        withLaterClock(() => layer.defaultValue),
      )
    )
      continue;
    refuse(
      "has a default that is another one each time, and a definition stays as it is",
      "write a constant, use now() or today() in a step, or give the value to each run",
    );
  }
}

const LATER_MS = 500 * 24 * 60 * 60 * 1000;

/** Two calls within a millisecond, or a day, would read the same clock. */
function withLaterClock<T>(read: () => T): T {
  const Real = globalThis.Date;
  const now = (): number => Real.now() + LATER_MS;
  globalThis.Date = new Proxy(Real, {
    construct: (target, words, self) => Reflect.construct(target, words.length === 0 ? [now()] : words, self),
    apply: () => new Real(now()).toString(),
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  });
  try {
    return read();
  } finally {
    globalThis.Date = Real;
  }
}

function defaultText(value: unknown, type: string, refuse: Refuse): string | boolean | null {
  if (value === null || typeof value === "boolean") return value;
  const text = String(value);
  const problem = literalProblem(text, parseType(type));
  return problem === undefined ? text : refuse(`has the default "${text}", which ${problem}`, "correct it");
}
