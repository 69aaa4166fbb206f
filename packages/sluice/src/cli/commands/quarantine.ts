import { type Cell, type Column, didYouMean, SluiceError } from "@sluice/core";
import type { Session } from "../../composition.ts";
import { loadPipelines } from "../../project/load-pipelines.ts";
import { chooseEntries } from "../../quarantine/choose-entries.ts";
import { findEntries, pendingEntries, type QuarantineEntry } from "../../quarantine/find-entries.ts";
import { foundRows } from "../../quarantine/found-rows.ts";
import { rowsOf, sqlText } from "../../quarantine/parquet-sql.ts";
import { asRecords, headerOf, orderOf, readOrders } from "../../quarantine/raw-files.ts";
import { currentDataset } from "../../quarantine/replay.ts";
import { knownReplays, takenFiles } from "../../quarantine/replayed.ts";
import { countOf } from "../arguments.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { openCommand } from "../open-command.ts";
import { pipeWriter } from "../output/pipe-writer.ts";
import { resultTable } from "../output/result-table.ts";
import { formatTable } from "../output/table.ts";
import { writeForPipe } from "../output/write-for-pipe.ts";
import { replay } from "./quarantine-replay.ts";

const VERBS: Readonly<Record<string, (context: CommandContext, session: Session) => Promise<ExitCode>>> = {
  list,
  show,
  replay,
};

/** Looks at what runs took out of their rows, and loads it once it is right. */
export async function quarantine(context: CommandContext): Promise<ExitCode> {
  const [verb = ""] = context.parsed.words;
  const act = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (act === undefined) {
    throw usage(`"sluice quarantine" does not take "${verb}"`, didYouMean(verb, Object.keys(VERBS), "actions"));
  }
  await using session = await openCommand(context);
  return await act(context, session);
}

const usage = (message: string, hint: string): SluiceError =>
  new SluiceError("config", message, { reason: "usage", hint });

interface Listed {
  readonly pipeline: string;
  readonly run: string;
  readonly name: string;
  readonly kind: QuarantineEntry["kind"];
  readonly rows: number;
  /** Of them, what a replay would take. */
  readonly pending: number;
  readonly rules: readonly { readonly rule: string; readonly rows: number }[];
  readonly at: string;
}

async function list({ parsed, terminal }: CommandContext, session: Session): Promise<ExitCode> {
  const [, pipeline, more] = parsed.words;
  if (more !== undefined)
    throw usage(`"sluice quarantine list" does not take "${more}"`, "usage: sluice quarantine list [pipeline]");
  const entries = chooseEntries(await findEntries(session, pipeline), namedBy(parsed));
  if (pipeline !== undefined && entries.length === 0) await requirePipeline(session, pipeline);
  const listed: Listed[] = [];
  for (const name of new Set(entries.map(({ run }) => run.pipeline))) {
    listed.push(
      ...(await listPipeline(
        session,
        name,
        entries.filter(({ run }) => run.pipeline === name),
      )),
    );
  }
  if (terminal.json) terminal.print(JSON.stringify(listed));
  else if (listed.length === 0) terminal.print("the quarantine is empty");
  else {
    const titles = ["pipeline", "run", "of", "kind", "rows", "to replay", "rules", "when"];
    const rows = listed.map((one) => [
      one.pipeline,
      one.run,
      one.name,
      one.kind,
      String(one.rows),
      one.pending === 0 ? "-" : String(one.pending),
      one.rules.map(({ rule, rows: count }) => `${rule} (${count})`).join(", "),
      one.at,
    ]);
    terminal.print(
      formatTable(
        titles.map((title) => ({ title })),
        rows,
        terminal.width,
      ).join("\n"),
    );
  }
  return 0;
}

async function listPipeline(
  session: Session,
  pipeline: string,
  entries: readonly QuarantineEntry[],
): Promise<readonly Listed[]> {
  const taken = await takenFiles(session, await knownReplays(session, pipeline));
  const pending = await pendingEntries(session, entries);
  const open = new Map<string, number>();
  if (pending.length > 0) {
    const parts = [
      "select run, name, kind, count(*) from (",
      ...foundRows(pending, taken, true),
      ") where replayed is null group by all",
    ];
    for await (const batch of rowsOf(session, parts)) {
      for (const [run, name, kind, count] of batch) open.set(JSON.stringify([run, name, kind]), Number(count));
    }
  }
  const listed: Listed[] = [];
  for (const entry of entries) {
    const { run, name, kind } = entry;
    const rules: { rule: string; rows: number }[] = [];
    const parts = [
      "select rule, count(*) as n from (",
      ...foundRows([entry], [], false),
      ") group by all order by n desc, rule",
    ];
    for await (const batch of rowsOf(session, parts)) {
      for (const [rule, count] of batch) rules.push({ rule: String(rule), rows: Number(count) });
    }
    const rows = rules.reduce((sum, one) => sum + one.rows, 0);
    const at = run.startedAt ?? run.createdAt;
    const key = JSON.stringify([run.id, name, kind]);
    listed.push({ pipeline, run: run.id, name, kind, rows, pending: open.get(key) ?? 0, rules, at });
  }
  return listed;
}

const SHOWN: readonly Column[] = [
  { name: "run", type: "string", nullable: false },
  { name: "of", type: "string", nullable: false },
  { name: "rule", type: "string", nullable: true },
  { name: "column", type: "string", nullable: true },
  { name: "file", type: "string", nullable: true },
  { name: "record", type: "int64", nullable: true },
  { name: "line", type: "int64", nullable: true },
  { name: "raw", type: "string", nullable: true },
  { name: "replayed", type: "bool", nullable: false },
];

const FORMATS = ["table", "csv", "json", "ndjson", "raw"] as const;

async function show(context: CommandContext, session: Session): Promise<ExitCode> {
  const { parsed, terminal } = context;
  const [, word, more] = parsed.words;
  if (word === undefined || more !== undefined) {
    throw usage('"sluice quarantine show" needs a pipeline or a run', "usage: sluice quarantine show <pipeline|run>");
  }
  const given = parsed.value("format") ?? (terminal.json ? "json" : "table");
  const format = FORMATS.find((one) => one === given);
  if (format === undefined)
    throw usage(`--format is ${FORMATS.join(", ")}, not "${given}"`, didYouMean(given, FORMATS, "formats"));
  const entries = chooseEntries(await entriesNamed(session, word), namedBy(parsed));
  if (entries.length === 0) {
    if (format === "table") terminal.print(`nothing of "${word}" is in the quarantine`);
    else if (format === "json") terminal.print("[]");
    return 0;
  }
  if (format === "raw") return showRaw(session, entries);
  const limit = countOf(parsed, "limit", 20, 1);
  const rule = parsed.value("rule");
  const taken = [];
  for (const pipeline of new Set(entries.map(({ run }) => run.pipeline))) {
    taken.push(...(await takenFiles(session, await knownReplays(session, pipeline))));
  }
  const where = rule === undefined ? "" : ` where contains(rule, ${sqlText(rule)})`;
  const found = foundRows(entries, taken, false);
  const columns = `run, name, rule, "column", file, record, line, raw, replayed is not null as replayed`;
  const order = " order by entry, name, file, record, raw, nth";
  const rows: (readonly Cell[])[] = [];
  const parts = [`select ${columns} from (`, ...found, `)${where}${order} limit ${limit}`];
  for await (const batch of rowsOf(session, parts)) rows.push(...batch);
  if (format !== "table") {
    const texts = rows.map((row) => row.map((cell) => (typeof cell === "boolean" ? cell : textOf(cell))));
    const relation = { kind: "values", columns: SHOWN, rows: texts } as const;
    const query = { relation, parameterTypes: new Map<string, string>() };
    const { send } = await writeForPipe(session, context, { query, parameters: {}, mode: "replace", format });
    await send();
    return 0;
  }
  let count = rows.length;
  for await (const [row] of rowsOf(session, ["select count(*) from (", ...found, `)${where}`]))
    count = Number(row?.[0] ?? 0);
  terminal.print(resultTable({ columns: SHOWN, rows, count }, terminal).join("\n"));
  return 0;
}

const textOf = (cell: Exclude<Cell, boolean>): string | null => (cell === null ? null : String(cell));

/** The records that a replay would take, under the header of their file: a file to be corrected. */
async function showRaw(session: Session, entries: readonly QuarantineEntry[]): Promise<ExitCode> {
  const rejects = (await pendingEntries(session, entries)).filter(({ kind }) => kind === "reject");
  const [first] = rejects;
  const names = [...new Set(rejects.map(({ name }) => name))];
  if (first === undefined) return 0;
  if (names.length > 1)
    throw usage(`there are rejects of ${names.join(", ")}, which are unlike`, `say which: --dataset ${names[0] ?? ""}`);
  const taken = await takenFiles(session, await knownReplays(session, first.run.pipeline));
  const dataset = asRecords(currentDataset(session, first.name), rejects);
  const writer = pipeWriter(process.stdout, session.signal);
  const orders = new Map(rejects.map(({ run, orders: path }) => [run.id, readOrders(path)]));
  let header: string | undefined;
  const parts = [
    "select run, file, raw from (",
    ...foundRows(rejects, taken, true),
    ") where replayed is null order by entry, place, record",
  ];
  for await (const batch of rowsOf(session, parts)) {
    for (const [run, place, raw] of batch) {
      const own = headerOf(dataset, orderOf(orders.get(String(run)) ?? [], String(place)));
      if (header === undefined) await writer.write(own);
      else if (own !== header)
        throw new SluiceError("unsupported", "the records come from files with unlike headers", {
          hint: "show one run",
        });
      header = own;
      await writer.write(`${String(raw)}\n`);
    }
  }
  return 0;
}

async function entriesNamed(session: Session, word: string): Promise<readonly QuarantineEntry[]> {
  const ofPipeline = await findEntries(session, word);
  if (ofPipeline.length > 0) return ofPipeline;
  const store = await session.store();
  const run = await store.getRun(session.project.config.project, word);
  if (run !== undefined) return (await findEntries(session, run.pipeline)).filter((entry) => entry.run.id === run.id);
  await requirePipeline(session, word);
  return [];
}

async function requirePipeline(session: Session, name: string): Promise<void> {
  const { found, errors } = await loadPipelines(session);
  const names = [...new Set(found.map((pipeline) => pipeline.name))];
  if (errors.length > 0 || names.includes(name)) return;
  throw new SluiceError("config", `no pipeline and no run is named "${name}"`, {
    offending: name,
    hint: didYouMean(name, names, "pipelines"),
  });
}

/** The dataset or the step that the words name. */
export function namedBy(parsed: CommandContext["parsed"]): {
  readonly dataset: string | undefined;
  readonly step: string | undefined;
} {
  return { dataset: parsed.value("dataset"), step: parsed.value("step") };
}
