import {
  canonicalDefinition,
  type ExpressionParser,
  expressionsOf,
  isSluiceError,
  type Locations,
  type PipelineDefinition,
  type Relation,
  relationPaths,
  SluiceError,
  type TextNode,
  walkRelation,
} from "@sluice/core";
import { type Document, isMap, isScalar, LineCounter, parseDocument, type Scalar, visit, type YAMLError } from "yaml";
import { throwAll } from "../failures.ts";
import { pipelineShape } from "./pipeline-shape.ts";
import { replaceTexts } from "./replace-texts.ts";
import { type Place, StopReading, textOf, YamlReader } from "./yaml-reader.ts";

export interface ReadYamlOptions {
  /** As it is shown in messages. */
  readonly file: string;
  readonly parser: ExpressionParser;
  /** What the project has; a kind of name that is absent is not checked. */
  readonly known?: {
    readonly datasets?: readonly string[];
    readonly connections?: readonly string[];
  };
}

export interface YamlPipeline {
  /** Canonical and frozen: the same as from TypeScript. */
  readonly definition: PipelineDefinition;
  readonly locations: Locations;
}

/**
 * Reads a pipeline written in YAML. All that is wrong with it is found at once.
 *
 * @example
 * const { definition, locations } = await readYaml("name: p\nsteps: { a: { transform: { from: crashes } } }", { file, parser });
 * definition.steps; // [{ kind: "transform", name: "a", query: { kind: "scan", source: { dataset: "crashes" } } }]
 * @throws SluiceError `config`, or `SluiceErrors` where there are several, each with file, line and column
 */
export async function readYaml(text: string, options: ReadYamlOptions): Promise<YamlPipeline> {
  const lines = new LineCounter();
  const document = parse(text, lines, options.file);
  const reader = new YamlReader(document, lines, text, options.file, {
    steps: new Set(stepKeys(document).map(textOf)),
    datasets: options.known?.datasets,
    connections: options.known?.connections,
  });
  refuseSyntax(document, text, reader);
  refuseAliases(document, reader);
  throwAll(reader.problems);
  const definition = readDefinition(document, reader);
  refuseNamesOfDatasets(document, reader);
  const parsed = await parseExpressions(reader, options.parser);
  throwAll(reader.problems.toSorted(byPlace));
  if (definition === undefined) throw new SluiceError("internal", "a document gave neither a definition nor a problem");
  const locations = locationsOf(definition, reader);
  return { definition: canonicalDefinition(replaceTexts(definition, parsed)), locations };
}

function parse(text: string, lines: LineCounter, file: string): Document {
  try {
    return parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      schema: "core",
      version: "1.2",
      merge: false,
      uniqueKeys: true,
      strict: true,
    });
  } catch (problem) {
    // The YAML parser recurses; nothing else can go wrong in it.
    if (!(problem instanceof RangeError)) throw problem;
    throw new SluiceError("config", "the document is nested too deeply", { at: { file }, cause: problem });
  }
}

function stepKeys(document: Document): readonly Scalar[] {
  const steps = isMap(document.contents) ? document.contents.get("steps", true) : undefined;
  return isMap(steps) ? steps.items.flatMap(({ key }) => (isScalar(key) ? [key] : [])) : [];
}

const SYNTAX_HINTS: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: "a file holds one pipeline: give the other a file of its own",
  BAD_INDENT: "keys of one map begin in the same column",
  TAB_AS_INDENT: "indent with blanks",
  UNEXPECTED_TOKEN: 'text that begins with a quote, or that holds ": ", has to be quoted as a whole: "\'Y\' = status"',
  BAD_SCALAR_START: "text that begins with this character has to be quoted as a whole",
  MISSING_CHAR: "a bracket or a quote is not closed",
};

function refuseSyntax(document: Document, text: string, reader: YamlReader): void {
  for (const error of [...document.errors, ...document.warnings].slice(0, 20)) {
    const [start, end] = error.pos;
    const isDuplicate = error.code === "DUPLICATE_KEY";
    const [word = ""] = /^[^\s:]+/.exec(text.slice(start, start + 200)) ?? [];
    const at = { range: [start, isDuplicate ? start + word.length : Math.max(end, start + 1)] };
    const message = isDuplicate ? "this key stands twice in its map" : messageOf(error);
    const hint = isDuplicate ? "remove one of them" : SYNTAX_HINTS[error.code];
    reader.problem(at, message, hint === undefined ? {} : { hint });
  }
}

/** The YAML parser looks for anchors only when it makes values, which is never done here. */
function refuseAliases(document: Document, reader: YamlReader): void {
  const anchors = new Set<string>();
  visit(document, {
    Alias(_, alias) {
      if (!anchors.has(alias.source)) {
        reader.problem(alias, `there is no anchor "${alias.source}" above`, {
          hint: "text that begins with * has to be quoted",
        });
      }
    },
    Value(_, node) {
      if (node.anchor !== undefined) anchors.add(node.anchor);
    },
  });
}

function messageOf(error: YAMLError): string {
  if (error.code === "MULTIPLE_DOCS") return "a second document begins here";
  return `this is not YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`;
}

function readDefinition(document: Document, reader: YamlReader): PipelineDefinition | undefined {
  try {
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.value === null)) {
      return reader.problem(contents, "the document is empty", { hint: "a pipeline has a name and steps" });
    }
    return pipelineShape.read(contents, reader, "");
  } catch (stop) {
    if (stop instanceof StopReading) return undefined;
    throw stop;
  }
}

async function parseExpressions(reader: YamlReader, parser: ExpressionParser) {
  const written = [...reader.expressions];
  const parsed = await Promise.all(
    written.map(async ([node, { scalar, sides }]) => {
      try {
        return [[node, await parser.parse(node.text, { sides })] as const];
      } catch (error) {
        if (!isSluiceError(error)) throw error;
        const offset = Math.max((error.at?.column ?? 1) - 1, 0);
        const hint =
          error.hint ?? (reader.endsAtComma(scalar) ? "inside { } a comma ends the text: put it in quotes" : undefined);
        reader.problem(scalar, error.message, {
          offset,
          ...(error.offending === undefined ? {} : { offending: error.offending }),
          ...(hint === undefined ? {} : { hint }),
        });
        return [];
      }
    }),
  );
  return new Map(parsed.flat());
}

function byPlace(a: SluiceError, b: SluiceError): number {
  return (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.column ?? 0) - (b.at?.column ?? 0);
}

/** Every place that a later message may want to point at, by its path inside the definition. */
function locationsOf(definition: PipelineDefinition, reader: YamlReader): Locations {
  const { file } = reader;
  const paths = new Map<string, Place>();
  const add = (path: string, node: unknown): void => {
    if (node !== undefined) paths.set(path, reader.placeOf(node));
  };
  for (const [path, node] of reader.paths) add(path, node);
  for (const [base, query] of reader.queries) {
    const relations = relationPaths(query, base);
    walkRelation(query, (relation) => {
      const path = relations.get(relation) ?? base;
      add(path, singleText(relation, reader) ?? reader.relations.get(relation));
      addColumns(relation, path, (at, text) => add(at, reader.expressions.get(text)?.scalar));
    });
  }
  const steps = definition.steps.map(({ name }) => {
    const place = paths.get(`steps.${name}`) ?? { line: 1, column: 1 };
    return [name, { file, line: place.line, column: place.column }] as const;
  });
  return { file, steps: new Map([["", { file, line: 1, column: 1 }], ...steps]), paths };
}

/** A filter is its text; where a relation holds several texts, its key says more. */
function singleText(relation: Relation, reader: YamlReader): unknown {
  const texts = expressionsOf(relation);
  if (relation.kind !== "filter" || texts[0]?.kind !== "text") return undefined;
  return reader.expressions.get(texts[0])?.scalar;
}

function addColumns(relation: Relation, path: string, add: (path: string, text: TextNode) => void): void {
  const named =
    relation.kind === "join"
      ? (relation.select ?? [])
      : relation.kind === "select" ||
          relation.kind === "derive" ||
          relation.kind === "aggregate" ||
          relation.kind === "pivot" ||
          relation.kind === "window"
        ? relation.columns
        : [];
  for (const [name, expression] of named) if (expression.kind === "text") add(`${path}.${name}`, expression);
  if (relation.kind === "join" && relation.on?.kind === "text") add(`${path}.on`, relation.on);
  if ("by" in relation && relation.kind !== "aggregate" && relation.kind !== "pivot") {
    for (const [index, { expression }] of relation.by.entries()) {
      if (expression.kind === "text") add(`${path}.by[${index}]`, expression);
    }
  }
}

/** A bare name has to mean one thing. */
function refuseNamesOfDatasets(document: Document, reader: YamlReader): void {
  for (const key of stepKeys(document)) {
    const name = textOf(key);
    if (reader.known.datasets?.includes(name) !== true) continue;
    reader.problem(key, `a dataset is named "${name}" too`, {
      offending: name,
      hint: "give the step another name: a bare name has to mean one thing",
    });
  }
}
