import {
  createInference,
  type Expression,
  formatType,
  type InferRequest,
  type InferredSteps,
  inferSteps,
  inputsOf,
  isSluiceError,
  locate,
  parameterTypes,
  parseType,
  type Relation,
  relationPaths,
  relationsOf,
  type ScanSource,
  type Schema,
  type Scope,
  SluiceError,
  schemaOfDataset,
  typeOf,
} from "@sluice/core";

/** A SQL text whose author said what it gives: `expr("latitude + 1", "float64?")`. */
export interface DeclaredText {
  readonly text: string;
  /** A type; one that ends in `?` may be null. */
  readonly declared: string;
  readonly step: string;
  /** Of the relation, the check or the condition that it stands in. */
  readonly path: string;
  readonly expression: Expression;
}

/**
 * What is wrong with declared types, once a definition has been planned: TypeScript took the author's word for them.
 */
export async function declaredTypeProblems(
  texts: readonly DeclaredText[],
  request: InferRequest,
): Promise<readonly SluiceError[]> {
  if (texts.length === 0) return [];
  const { steps } = await inferSteps(request);
  const parameters = parameterTypes(request.definition);
  const problems: SluiceError[] = [];
  const schemaOf = (source: ScanSource): Schema => {
    if ("step" in source) return steps.get(source.step)?.schema ?? { columns: [] };
    const dataset = "dataset" in source ? request.datasets.get(source.dataset) : undefined;
    return dataset === undefined ? { columns: [] } : schemaOfDataset(dataset);
  };
  for (const one of texts) {
    const inferred = steps.get(one.step);
    if (inferred === undefined) continue;
    const { schema } = inferred;
    const { relation, node }: Found = nodeAt(one, steps) ?? { relation: inferred.relation };
    const infer = createInference(relation, { schemaOf, parameters });
    const [left, right] = node === undefined ? [schema] : inputsOf(node).map((input) => infer(input));
    const scope: Scope = {
      columns: left?.columns ?? [],
      parameters,
      ...(right === undefined ? {} : { right: right.columns }),
    };
    const problem = problemOf(one, scope);
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

interface Found {
  readonly relation: Relation;
  readonly node?: Relation;
}

/** What stands at the path of a text, and the relation that it is in: of an input of a task, one planned by itself. */
function nodeAt({ step: name, path }: DeclaredText, steps: InferredSteps["steps"]): Found | undefined {
  for (const [part, { relation, step }] of steps) {
    const input = part.startsWith(`${name}.`) ? part.slice(name.length + 1) : undefined;
    if (part !== name && input === undefined) continue;
    const member = input === undefined ? relationsOf(step)[0]?.member : `inputs.${input}`;
    const node = [...relationPaths(relation, `steps.${name}.${member}`)].find(([, at]) => at === path)?.[0];
    if (node !== undefined) return { relation, node };
  }
  return undefined;
}

function problemOf({ text, declared, path, expression }: DeclaredText, scope: Scope): SluiceError | undefined {
  const at = { file: "", path };
  try {
    const { type, nullable } = typeOf(expression, scope);
    const mayBeNull = declared.endsWith("?");
    const wanted = mayBeNull ? declared.slice(0, -1) : declared;
    if (formatType(parseType(wanted)) === formatType(parseType(type)) && (mayBeNull || !nullable)) return undefined;
    const gives = `${type}${nullable ? "?" : ""}`;
    // What `col` was given a type for is a quoted name.
    const isColumn = expression.kind === "column" && text.startsWith('"');
    const written = isColumn ? `col(${JSON.stringify(expression.name)}` : `expr("${text}"`;
    return new SluiceError("config", `${written}) is declared "${declared}" and gives ${gives}`, {
      at,
      offending: `${written}, "${declared}")`,
      hint: `declare it: ${written}, "${gives}"), or ${isColumn ? "cast it" : "change the text"}`,
    });
  } catch (thrown) {
    if (!isSluiceError(thrown)) throw thrown;
    return locate(thrown, at);
  }
}
