import { readFile, writeFile } from "node:fs/promises";
import {
  type Column,
  createJsonReader,
  type Runner,
  rowsFormat,
  SluiceError,
  type TaskRequest,
  type WorkOutput,
  type WorkResult,
} from "@sluice/core";

type Row = Readonly<Record<string, unknown>>;

/**
 * Runs functions in this process, as a reference of what a runner means: rows are judged as records of JSON are. It starts
 * no programs, and contains nothing that a function does.
 */
export function createMemoryRunner(functions: Readonly<Record<string, unknown>>): Runner {
  return {
    runTask: (request) => runTask(functions, request),
    async runCommand({ step }) {
      throw new SluiceError("unsupported", `nothing here runs "${step}", which is a command`);
    },
    addressOf: ({ path, format }) => ({ type: "file", path, format }),
  };
}

async function runTask(functions: Readonly<Record<string, unknown>>, request: TaskRequest): Promise<WorkResult> {
  const { output, step } = request;
  const run = functions[request.module.split("#")[1] ?? ""];
  if (typeof run !== "function") throw new SluiceError("config", `"${request.module}" is no function`);
  const returned: unknown = await stoppable(request, async () => (await run(contextOf(request))) as unknown);
  if (output === undefined) {
    if (isRows(returned)) throw new SluiceError("config", `the function of "${step}" gives rows and declares none`);
    if (returned !== undefined) request.log("info", `it returned ${JSON.stringify(returned)}`);
    return { kind: "none" };
  }
  const given = output.isValue === true ? [{ value: returned }] : returned;
  if (!isRows(given)) throw new SluiceError("data", `the function of "${step}" gave no rows`);
  return await stoppable(request, () => writeRows(step, given, output));
}

/** What a function throws is told as its failure, and an end that it was told to make as what told it. */
async function stoppable<T>({ signal, step }: TaskRequest, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof SluiceError) throw thrown;
    throw new SluiceError("data", `the function of "${step}" failed: ${String(thrown)}`, { reason: "work-failed" });
  }
}

function contextOf({ inputs, parameters, signal, scratch, log, run, step }: TaskRequest): object {
  const readers = inputs.map((input) => {
    async function* rows(): AsyncGenerator<unknown> {
      const text = await readFile(await input.file("ndjson"), "utf8");
      for (const line of text.split("\n")) if (line !== "") yield JSON.parse(line) as unknown;
    }
    return [input.name, { file: input.file.bind(input), [Symbol.asyncIterator]: rows }] as const;
  });
  const values = [...parameters].map(([name, { type, value }]) => [
    name,
    /^u?int|^float/.test(type) ? Number(value) : value,
  ]);
  return {
    inputs: Object.fromEntries(readers),
    parameters: Object.fromEntries(values) as object,
    signal,
    scratch,
    log: (message: string, level: "debug" | "info" | "warn" = "info") => log(level, message),
    run: { ...run, step },
  };
}

function isRows(value: unknown): value is AsyncIterable<Row> | Iterable<Row> {
  return typeof value === "object" && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

async function writeRows(
  step: string,
  rows: AsyncIterable<Row> | Iterable<Row>,
  { columns, setsAside, rows: path, rejects }: WorkOutput,
): Promise<WorkResult> {
  const reader = createJsonReader(columns.map((column) => column));
  const [lines, aside]: [string[], string[]] = [[], []];
  const reasons = new Map<string, { column: string; rule: string; rows: number; example: string }>();
  for await (const row of rows) {
    const text = JSON.stringify(row);
    const gone = columns.find(({ name }) => row[name] === undefined);
    const verdict =
      gone === undefined ? reader.read(text) : { column: gone.name, rule: "is missing", value: "undefined" };
    if ("values" in verdict) {
      lines.push(lineOf(row, columns));
      continue;
    }
    const { column, rule, value } = verdict;
    const record = lines.length + aside.length + 1;
    if (!setsAside) {
      throw new SluiceError("data", `row ${record} of "${step}": ${value} in column "${column}" ${rule}`, {
        reason: "row",
      });
    }
    const before = reasons.get(column + rule);
    reasons.set(column + rule, { column, rule, rows: (before?.rows ?? 0) + 1, example: before?.example ?? value });
    aside.push([record, column, rule, text, text.length].map((field) => quoted(String(field))).join(","));
  }
  await writeFile(path, lines.map((line) => `${line}\n`).join(""));
  if (aside.length > 0) await writeFile(rejects, aside.map((line) => `${line}\n`).join(""));
  return { kind: "rows", accepted: lines.length, rejected: aside.length, reasons: [...reasons.values()] };
}

function lineOf(row: Row, columns: readonly Column[]): string {
  if (rowsFormat(columns) === "ndjson") {
    return JSON.stringify(Object.fromEntries(columns.map(({ name }) => [name, row[name]])));
  }
  const fields = columns.map(({ name }) => {
    const value = row[name];
    if (value === null) return "";
    const text = String(value);
    return text === "" || /[",\n\r]/.test(text) ? quoted(text) : text;
  });
  return columns.length === 1 ? `${fields[0]},1` : fields.join(",");
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
