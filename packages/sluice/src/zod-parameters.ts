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
  return Object.entries(schema.shape).map(([name, field]) => parameterOf(name, field as z.ZodType));
}

function parameterOf(name: string, field: z.ZodType): ParameterDefinition {
  const json = z.toJSONSchema(field, { io: "input", unrepresentable: "any" }) as JsonSchema;
  const { nullable, core } = withoutNull(json);
  const refuse = (what: string, hint: string): never => {
    throw new SluiceError("config", `the parameter "${name}" ${what}`, { offending: name, hint });
  };
  refuseOwnRules(field, refuse);
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
  if (innermost(field) === "date") {
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
}

function innermost(field: z.ZodType): string {
  let def = field._zod.def as unknown as Inner;
  while (def.innerType !== undefined) def = def.innerType._zod.def;
  return def.type;
}

/** A function of the author's cannot stand in a definition, so it would be left out without a word. */
function refuseOwnRules(field: z.ZodType, refuse: Refuse): void {
  for (let def: Inner | undefined = field._zod.def as unknown as Inner; def !== undefined; ) {
    const own = def.checks?.some((check) => check._zod.def.check === "custom") === true;
    if (own || def.type === "pipe" || def.type === "transform") {
      refuse("has a rule or a change of its own, which a definition cannot hold", "do it in a step");
    }
    def = def.innerType?._zod.def;
  }
}

function defaultText(value: unknown, type: string, refuse: Refuse): string | boolean | null {
  if (value === null || typeof value === "boolean") return value;
  const text = String(value);
  const problem = literalProblem(text, parseType(type));
  return problem === undefined ? text : refuse(`has the default "${text}", which ${problem}`, "correct it");
}
