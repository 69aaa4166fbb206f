import {
  expressionsOf,
  type ParameterDefinition,
  type PipelineDefinition,
  type Relation,
  type RelationQuery,
  SluiceError,
  type StepDefinition,
  walkExpression,
  walkRelation,
} from "@sluice/core";

/** The pipeline that a query on its own becomes: one step, and the parameters that it uses, each with a type. */
export function queryDefinition(
  { relation, parameterTypes }: Pick<RelationQuery, "relation" | "parameterTypes">,
  step: StepDefinition,
  given: Readonly<Record<string, unknown>>,
): PipelineDefinition {
  const used = parametersIn(relation);
  const names = [...new Set([...used, ...parameterTypes.keys()])].sort();
  const parameters = names.map((name): ParameterDefinition => {
    const type = parameterTypes.get(name) ?? typeOfValue(name, Object.hasOwn(given, name) ? given[name] : undefined);
    return type.endsWith("?") ? { name, type: type.slice(0, -1), default: null } : { name, type };
  });
  return { name: "query", ...(parameters.length === 0 ? {} : { parameters }), steps: [step] };
}

/** Every parameter that a relation names: in expressions, in raw SQL, in templates of files. */
function parametersIn(relation: Relation): ReadonlySet<string> {
  const found = new Set<string>();
  walkRelation(relation, (node) => {
    for (const expression of expressionsOf(node)) {
      walkExpression(expression, (one) => {
        if (one.kind === "parameter") found.add(one.name);
        if (one.kind === "text") for (const name of namesIn(one.text)) found.add(name);
      });
    }
    if (node.kind === "sql") for (const text of node.texts) for (const name of namesIn(text)) found.add(name);
  });
  return found;
}

/** Those in SQL text; what stands in a string, a quoted name or a comment is no parameter. */
function namesIn(text: string): readonly string[] {
  const bare = text.replace(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//g,
    " ",
  );
  return [...bare.matchAll(/\$([A-Za-z_]\w*)(?![\w$])/g)].map(([, name = ""]) => name);
}

/** Where nobody said the type of a parameter its value does. */
function typeOfValue(name: string, value: unknown): string {
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int64";
    case "number":
      return Number.isInteger(value) ? "int64" : "float64";
    case "string":
      return "string";
    case "undefined":
      throw new SluiceError("config", `the parameter "${name}" of the query has no value`, {
        offending: `$${name}`,
        hint: `give it: { parameters: { ${name}: … } }`,
      });
    default:
      if (value instanceof Date) return "timestamptz";
      throw new SluiceError("config", `the value of the parameter "${name}" has no type of a column`, {
        offending: name,
        hint: "give text, a number, a bigint, a boolean or a Date",
      });
  }
}
