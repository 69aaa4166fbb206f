import {
  type CallNode,
  type CastNode,
  canonicalJson,
  type Engine,
  type Expression,
  entryOf,
  expressionsOf,
  isSluiceError,
  type LiteralNode,
  type PipelineDefinition,
  parseSignature,
  type Relation,
  relationPaths,
  relationsOf,
  SluiceError,
  type StepDefinition,
  walkExpression,
} from "@sluice/core";

/** A part of a definition that depends on no row: what it gives can be known before there is one. */
interface Constant {
  /** Where it stands in the definition. */
  readonly path: string;
  /** The same over literals only. */
  readonly probe: Expression;
  /** The literal that may be wrong, as its author wrote it. */
  readonly text: string;
  readonly kind: "pattern" | "layout" | "cast";
  readonly type?: string;
}

/**
 * What is wrong with a definition whatever its rows are: regular expressions and layouts of times that do not parse, and
 * casts of literals that are no values of the type. One query finds out; there is none where nothing is constant.
 *
 * @example
 * (await constantProblems(definition, engine, signal)).map((error) => error.message);
 * // ['the regular expression "(" is not valid: missing )']
 */
export async function constantProblems(
  definition: PipelineDefinition,
  engine: Engine,
  signal: AbortSignal,
): Promise<readonly SluiceError[]> {
  const found = definition.steps.flatMap(constantsOf);
  const distinct = [...new Map(found.map((one) => [canonicalJson([one.path, one.probe]), one])).values()];
  const probed = distinct.filter((one) => !isEmptyLayout(one));
  const areSound = probed.length === 0 || (await failureOf(probed, engine, signal)) === undefined;
  const problems: SluiceError[] = [];
  for (const one of distinct) {
    if (isEmptyLayout(one)) problems.push(emptyLayout(one));
    else if (!areSound) {
      const failure = await failureOf([one], engine, signal);
      if (failure !== undefined) problems.push(problemOf(one, failure));
    }
  }
  return problems;
}

function constantsOf(step: StepDefinition): readonly Constant[] {
  const path = `steps.${step.name}`;
  const found: Constant[] = [];
  const places = relationsOf(step).flatMap(({ member, relation }) => [...relationPaths(relation, `${path}.${member}`)]);
  for (const [node, at] of places) {
    for (const expression of expressionsOf(node)) found.push(...constantsIn(expression, at));
  }
  for (const [index, check] of (step.checks ?? []).entries()) {
    const at = `${path}.checks[${index}]`;
    if (check.kind === "expression") found.push(...constantsIn(check.condition, at));
    if (check.kind === "pattern") found.push(...constantsIn(matches(check.pattern), at));
  }
  if (step.when !== undefined) found.push(...constantsIn(step.when, `${path}.when`));
  if (step.kind === "load" && step.where !== undefined) found.push(...constantsIn(step.where, `${path}.where`));
  return found;
}

function constantsIn(expression: Expression, path: string): readonly Constant[] {
  const found: Constant[] = [];
  walkExpression(expression, (node) => {
    const constant = node.kind === "call" ? constantCall(node) : node.kind === "cast" ? constantCast(node) : undefined;
    if (constant !== undefined) found.push({ path, ...constant });
  });
  return found;
}

type Placeless = Omit<Constant, "path">;

/** A call whose pattern or layout is a literal, over any text or time in place of its rows. */
function constantCall(node: CallNode): Placeless | undefined {
  const entry = entryOf(node.name);
  // Patterns of `like` are an operator's: each text is one.
  if (entry === undefined || !("function" in entry.text)) return undefined;
  for (const signature of entry.signatures) {
    for (const [index, { name, word }] of parseSignature(signature).parameters.entries()) {
      const argument = node.arguments[index];
      if (argument?.kind !== "literal" || typeof argument.value !== "string") continue;
      const text = argument.value;
      if (word === "layout") {
        const self = node.name === "formatTime" ? instant : literal("");
        return { kind: "layout", text, probe: { ...node, arguments: [self, argument] } };
      }
      if (name === "pattern") return { kind: "pattern", text, probe: matches(text) };
    }
  }
  return undefined;
}

/** A safe cast gives null where the value does not fit: nothing is wrong with it. */
function constantCast(node: CastNode): Placeless | undefined {
  const { value } = node;
  if (node.safe === true || value.kind !== "literal" || value.value === null) return undefined;
  return { kind: "cast", text: String(value.value), type: node.type, probe: node };
}

function matches(pattern: string): CallNode {
  return { kind: "call", name: "matches", arguments: [literal(""), literal(pattern)] };
}

function literal(value: string): LiteralNode {
  return { kind: "literal", type: "string", value };
}

const instant: LiteralNode = { kind: "literal", type: "timestamp", value: "2000-01-01T00:00:00" };

function isEmptyLayout({ kind, text }: Constant): boolean {
  return kind === "layout" && !hasField(text);
}

/** Whether a layout has a letter that stands for a part of a time. */
function hasField(layout: string): boolean {
  return /%[^%]/.test(layout.replaceAll("%%", ""));
}

/** Why the constants cannot be computed, or undefined where they can. */
async function failureOf(
  constants: readonly Constant[],
  engine: Engine,
  signal: AbortSignal,
): Promise<SluiceError | undefined> {
  const relation: Relation = {
    kind: "select",
    input: { kind: "values", columns: [{ name: "row", type: "bool", nullable: false }], rows: [[true]] },
    columns: constants.map(({ probe }, index) => [`constant_${index + 1}`, probe] as const),
  };
  try {
    const query = engine.compile(relation, { schemaOf: noSchema, parameters: new Map() });
    const constantsOfRun = { now: "2000-01-01T00:00:00Z", today: "2000-01-01" };
    const request = { inputs: new Map(), parameters: new Map(), constants: constantsOfRun, signal };
    for await (const _ of engine.rows(query, request));
    return undefined;
  } catch (thrown) {
    if (isSluiceError(thrown) && (thrown.code === "data" || thrown.code === "config")) return thrown;
    throw thrown;
  }
}

function noSchema(): never {
  throw new SluiceError("internal", "a query of constants reads no source");
}

function problemOf({ path, kind, text, type }: Constant, failure: SluiceError): SluiceError {
  const details = { at: { file: "", path }, offending: offendingOf(text), cause: failure };
  const shown = JSON.stringify(text);
  if (kind === "cast") {
    const message = `${shown} cannot be cast to ${type}, whatever the rows are`;
    return new SluiceError("config", message, { ...details, hint: "write a value of that type" });
  }
  if (kind === "layout") {
    const reason = failure.message.replace(/^the layout .* is not valid: /, "");
    const hint = `write it with strftime letters, such as "%Y-%m-%d %H:%M:%S"`;
    return new SluiceError("config", `the layout ${shown} is not valid: ${reason}`, { ...details, hint });
  }
  const end = `: ${text}`;
  const said = failure.message.replace(/^a regular expression of a row is not valid: /, "");
  const reason = said.endsWith(end) ? said.slice(0, -end.length) : said;
  const hint = "a backslash takes the next character as it is; the syntax is that of RE2";
  return new SluiceError("config", `the regular expression ${shown} is not valid: ${reason}`, { ...details, hint });
}

function emptyLayout({ path, text }: Constant): SluiceError {
  const message = `the layout ${JSON.stringify(text)} has no letter with a %, so it stands for no part of a time`;
  return new SluiceError("config", message, {
    at: { file: "", path },
    offending: offendingOf(text),
    hint: `write it with strftime letters: ${JSON.stringify(asStrftime(text))}`,
  });
}

/** One character is found everywhere in a line; in quotes it is the literal. */
function offendingOf(text: string): string {
  return text.length === 1 ? `'${text}'` : text;
}

/** What the letters of other tools mean, as far as they are plain. */
function asStrftime(layout: string): string {
  const letters: readonly (readonly [RegExp, string])[] = [
    [/yyyy/gi, "%Y"],
    [/hh:mm/gi, "%H:%M"],
    [/mm/gi, "%m"],
    [/dd/gi, "%d"],
    [/ss/gi, "%S"],
  ];
  const written = letters.reduce((text, [pattern, letter]) => text.replaceAll(pattern, letter), layout);
  return hasField(written) ? written : "%Y-%m-%d";
}
