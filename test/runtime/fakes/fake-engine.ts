import { readFile, writeFile } from "node:fs/promises";
import {
  type CompiledQuery,
  type Engine,
  type EngineInput,
  type ExecuteRequest,
  type Expression,
  type Relation,
  type ScannableInput,
  SluiceError,
  walkRelation,
} from "@sluice/core";

/** Told before each execution; may throw, wait, or watch the signal. */
export type OnExecute = (query: CompiledQuery, request: ExecuteRequest) => Promise<void> | void;

/** An engine over files of one JSON value per line. In text, a line that begins with `bad` is a reject. */
export function fakeEngine(onExecute: OnExecute = () => undefined): Engine {
  const name = "fake";
  return {
    name,
    supports: () => true,
    compile(relation) {
      const uses = new Map<string, number>();
      walkRelation(relation, (node) => {
        if (node.kind !== "scan") return;
        const input = inputName(node.source);
        uses.set(input, (uses.get(input) ?? 0) + 1);
      });
      const inputs = [...uses].map(([input, count]) => ({ name: input, uses: count }));
      return { engine: name, sql: JSON.stringify(relation), inputs, parameters: [], ordered: false };
    },
    describe: async () => ({ columns: [] }),
    async execute(query, request) {
      // Left behind by whatever fails below, as a real engine does.
      await writeFile(request.output.path, "partial");
      await onExecute(query, request);
      if (request.signal.aborted) throw new SluiceError("cancelled", "interrupted");
      const reading: Reading = { rowsIn: new Map(), incomplete: new Set() };
      const rows = await evaluate(JSON.parse(query.sql) as Relation, request.inputs, reading);
      await writeFile(request.output.path, rows.map((row) => `${row}\n`).join(""));
      const bytes = rows.join("").length + rows.length;
      return {
        files: [{ path: request.output.path, format: request.output.format, rows: rows.length, bytes }],
        rowsOut: rows.length,
        rowsIn: reading.rowsIn,
        incomplete: [...reading.incomplete],
      };
    },
    async *rows(query) {
      const relation = JSON.parse(query.sql) as Relation;
      if (relation.kind !== "select") throw new SluiceError("internal", "the fake engine gives rows of a select only");
      yield [relation.columns.map(([, expression]) => evaluateExpression(expression))];
    },
    explain: async () => "",
    async split({ input, accepted, rejected }) {
      const lines = await linesOf(input);
      const good = lines.filter((line) => !isBad(line));
      const bad = lines.filter(isBad);
      await writeFile(accepted, good.map((line) => `${line}\n`).join(""));
      await writeFile(rejected, bad.map((line) => `${line}\n`).join(""));
      const [example = ""] = bad;
      const reasons = bad.length === 0 ? [] : [{ column: "value", rule: "integer", rows: bad.length, example }];
      return { accepted: good.length, rejected: bad.length, reasons };
    },
    async validate(input) {
      const lines = await linesOf(input);
      if (input.format === "csv" && lines.some(isBad)) throw strict();
      return lines.length;
    },
    schemaOfFile: async () => ({ columns: [] }),
    schemasOfFiles: async (paths) => paths.map(() => ({ columns: [] })),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

interface Reading {
  readonly rowsIn: Map<string, number>;
  readonly incomplete: Set<string>;
}

async function evaluate(
  relation: Relation,
  inputs: ReadonlyMap<string, EngineInput>,
  reading: Reading,
): Promise<readonly string[]> {
  switch (relation.kind) {
    case "scan": {
      const name = inputName(relation.source);
      const input = inputs.get(name)?.input;
      if (input === undefined) throw new SluiceError("internal", `no input ${name}`);
      const lines = await linesOf(input);
      if (input.format === "csv" && lines.some(isBad)) throw strict();
      reading.rowsIn.set(name, lines.length);
      return lines;
    }
    case "union":
      return (await Promise.all(relation.inputs.map((input) => evaluate(input, inputs, reading)))).flat();
    case "limit": {
      // Reads no more than it needs, so that what is behind is never looked at.
      const source = relation.input.kind === "scan" ? inputName(relation.input.source) : "";
      const input = inputs.get(source)?.input;
      if (input === undefined) throw new SluiceError("internal", "the fake engine limits scans only");
      reading.incomplete.add(source);
      return (await linesOf(input)).slice(0, relation.count);
    }
    default:
      throw new SluiceError("internal", `the fake engine knows no ${relation.kind}`);
  }
}

function evaluateExpression(expression: Expression): string | number | boolean | null {
  if (expression.kind === "literal") return expression.type === "number" ? Number(expression.value) : expression.value;
  if (expression.kind === "call" && expression.name === "gt") {
    const [left, right] = expression.arguments.map(evaluateExpression);
    return left === null || right === null || left === undefined || right === undefined ? null : left > right;
  }
  throw new SluiceError("internal", `the fake engine knows no ${expression.kind}`);
}

async function linesOf(input: ScannableInput): Promise<readonly string[]> {
  const texts = await Promise.all(
    input.groups.flatMap((group) => group.files.map((file) => readFile(file.path, "utf8"))),
  );
  return texts.flatMap((text) => text.split("\n").filter((line) => line !== ""));
}

function inputName(source: Extract<Relation, { kind: "scan" }>["source"]): string {
  if ("dataset" in source) return source.dataset;
  if ("stage" in source) return source.stage;
  throw new SluiceError("internal", "plans scan datasets and stages");
}

const isBad = (line: string): boolean => line.startsWith("bad");
const strict = (): SluiceError => new SluiceError("data", "a record is not certainly right", { reason: "strict" });
