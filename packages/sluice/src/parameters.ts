import {
  type BoundValue,
  didYouMean,
  type ParameterDefinition,
  parameterProblem,
  parseType,
  SluiceError,
  type SourceLocation,
} from "@sluice/core";

export interface BindRequest {
  readonly pipeline: string;
  readonly declared: readonly ParameterDefinition[];
  /** As text (the command line) or as JavaScript values (the library). */
  readonly given: Readonly<Record<string, unknown>>;
  readonly at?: SourceLocation;
  /** A run that goes on has its values already: what is not given is left out. */
  readonly isResumed?: boolean;
  /** Whether a program gives them, and not a command line. */
  readonly isLibrary?: boolean;
}

/**
 * Gives every declared parameter its value: the given one, else its default.
 *
 * @throws SluiceError `config` for a name that is not declared, a value that does not fit, one that is absent
 */
export function bindParameters({
  pipeline,
  declared,
  given,
  at,
  isResumed = false,
  isLibrary = false,
}: BindRequest): ReadonlyMap<string, BoundValue> {
  const names = declared.map((parameter) => parameter.name);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw new SluiceError("config", `"${pipeline}" has no parameter "${name}"`, {
      offending: name,
      hint: didYouMean(name, names, `parameters of "${pipeline}"`),
    });
  }
  const bound = new Map<string, BoundValue>();
  for (const parameter of declared) {
    const { name, type } = parameter;
    const value = Object.hasOwn(given, name) ? textOf(given[name], parameter, pipeline) : parameter.default;
    if (value === undefined && isResumed) continue;
    if (value === undefined) {
      throw new SluiceError("config", `the parameter "${name}" of "${pipeline}" has no value and no default`, {
        ...(at === undefined ? {} : { at }),
        hint: isLibrary ? `give it: parameters: { ${name}: … }, a ${type}` : `give it with --param ${name}=<${type}>`,
      });
    }
    bound.set(name, { type, value });
  }
  return bound;
}

/** Of the values of a run that goes on, those that are to be compared with its own: what somebody said, and no defaults. */
export function givenAgain(
  bound: ReadonlyMap<string, BoundValue>,
  given: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, BoundValue> {
  return new Map([...bound].filter(([name]) => Object.hasOwn(given, name)));
}

function textOf(value: unknown, parameter: ParameterDefinition, pipeline: string): string | boolean | null {
  const { name, type, values } = parameter;
  const refuse = (shown: string, problem: string): never => {
    throw new SluiceError("config", `the parameter "${name}" of "${pipeline}" is ${shown}, which ${problem}`, {
      offending: shown.replace(/^"(.*)"$/s, "$1"),
      ...(values === undefined ? {} : { hint: didYouMean(String(value), values, "its values") }),
      ...(value === null ? { hint: "only a parameter whose default is null may be null" } : {}),
    });
  };
  if (value === null) return parameter.default === null ? null : refuse("null", `is not of type ${type}`);
  const logical = parseType(type);
  const written = writtenText(value, logical.kind);
  if (written === undefined) return refuse(shownValue(value), `is not of type ${type}`);
  const isWord = logical.kind === "bool" && (written === "true" || written === "false");
  const bound = isWord ? written === "true" : written;
  const problem = parameterProblem(bound, logical);
  if (problem !== undefined) return refuse(shownValue(value), problem);
  if (values !== undefined && !values.includes(String(written))) {
    return refuse(shownValue(value), `is none of ${values.join(", ")}`);
  }
  return bound;
}

/** A JavaScript value as the text of a literal; undefined for what is none. */
function writtenText(value: unknown, kind: string): string | boolean | undefined {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  // A Date is an instant; only a timestamptz is one. Everything else would need a zone that nobody gave.
  const isInstant = value instanceof Date && kind === "timestamptz" && !Number.isNaN(value.getTime());
  return isInstant ? value.toISOString() : undefined;
}

function shownValue(value: unknown): string {
  if (typeof value === "string") return `"${value}"`;
  if (value instanceof Date) return "a Date";
  return typeof value === "object" ? (JSON.stringify(value) ?? "absent") : String(value);
}
