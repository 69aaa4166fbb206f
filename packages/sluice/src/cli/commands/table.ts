import { didYouMean, SluiceError } from "@sluice/core";
import type { Snapshot, Table } from "@sluice/lake";
import type { Session } from "../../composition.ts";
import { parseBytes } from "../../project/config-schema.ts";
import { nameOf, openTables, type Tables } from "../../tables/open-tables.ts";
import { parseDuration } from "../../yaml/duration.ts";
import { countOf } from "../arguments.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { openCommand } from "../open-command.ts";
import { plural } from "../output/format-values.ts";
import { formatTable } from "../output/table.ts";
import { deleteWhere } from "./table-rows.ts";

/** Of smaller files, most is what Parquet says of them. */
const LEAST_FILE = 100e3;
const LARGEST_FILE = 1e12;

interface Asked {
  readonly tables: Tables;
  readonly session: Session;
  readonly context: CommandContext;
  readonly words: readonly string[];
}

/** What an action gives: an object for programs, and lines for people. */
interface Answer {
  readonly json: object;
  readonly lines: readonly string[];
}

const ACTIONS: Readonly<Record<string, (asked: Asked) => Promise<Answer>>> = {
  list,
  show,
  history,
  diff,
  rollback,
  compact,
  expire,
  delete: remove,
  clean,
  drop,
};

/** Lists, shows and keeps the tables of the project's lake. */
export async function table(context: CommandContext): Promise<ExitCode> {
  const [action = "", ...words] = context.parsed.words;
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (act === undefined) {
    throw usage(
      `"${action}" is nothing that can be done with tables`,
      didYouMean(action, Object.keys(ACTIONS), "actions"),
    );
  }
  await using session = await openCommand(context);
  await using tables = await openTables(session);
  const { json, lines } = await act({ tables, session, context, words });
  const { terminal } = context;
  if (terminal.json) terminal.print(JSON.stringify(json));
  else for (const line of lines) terminal.print(line);
  return 0;
}

async function list({ tables, context, words }: Asked): Promise<Answer> {
  refuseMore(words, 0);
  const found = (await tables.list()).map((one) =>
    "problem" in one
      ? { name: one.name, problem: one.problem.message }
      : {
          ...{ name: one.name, ...figures(one.table.currentSnapshot()) },
          snapshots: one.table.metadata.snapshots.length,
        },
  );
  if (found.length === 0) return { json: found, lines: ["the lake has no tables yet"] };
  const rows = found.map((one) =>
    "problem" in one
      ? [one.name, "", "", "", ""]
      : [one.name, shown(one.rows), shown(one.files), shown(one.bytes), String(one.snapshots)],
  );
  const problems = found.flatMap((one) => ("problem" in one ? [`${one.name} cannot be read: ${one.problem}`] : []));
  const lines = printed(context, ["table", "rows", "files", "bytes", "snapshots"], rows);
  return { json: found, lines: [...lines, ...problems] };
}

async function show({ tables, context, words }: Asked): Promise<Answer> {
  const { table: found, snapshot, isNamed } = await tables.findVersion(nameIn(words, 1));
  const { metadata } = found;
  const fieldsOf = (id: number) => metadata.schemas.find(({ schemaId }) => schemaId === id)?.fields;
  const current = fieldsOf(metadata.currentSchemaId) ?? [];
  const fields = isNamed && snapshot?.schemaId !== undefined ? (fieldsOf(snapshot.schemaId) ?? current) : current;
  const spec = metadata.partitionSpecs.find(({ specId }) => specId === metadata.defaultSpecId);
  const columns = fields.map(({ id, name, type }) => ({ name, type: tables.lake.typeTextOf(type), id }));
  const partitions = (spec?.fields ?? []).map(({ sourceId, transform }) => {
    const column = current.find(({ id }) => id === sourceId)?.name ?? String(sourceId);
    if (transform.kind === "identity") return column;
    if (transform.kind === "bucket") return `bucket(${transform.buckets}, ${column})`;
    if (transform.kind === "truncate") return `truncate(${transform.width}, ${column})`;
    return `${transform.kind === "unknown" ? transform.text : transform.kind}(${column})`;
  });
  const now = figures(snapshot);
  const name = isNamed ? `${nameOf(found)}@${now.snapshot}` : nameOf(found);
  const json = {
    ...{
      name,
      location: metadata.location,
      ...now,
      snapshots: metadata.snapshots.length,
      columns,
      partitions,
    },
    properties: metadata.properties,
  };
  const last = figures(found.currentSnapshot()).snapshot ?? "none";
  const lines = [
    name,
    `  location    ${metadata.location}`,
    `  rows        ${shown(now.rows)} in ${now.files === null ? "-" : plural(now.files, "file")}, ${shown(now.bytes)} bytes`,
    `  parted by   ${partitions.length === 0 ? "nothing" : partitions.join(", ")}`,
    `  snapshots   ${metadata.snapshots.length}, of which the last is ${last}`,
    "",
    ...printed(
      context,
      ["column", "type", "number"],
      columns.map(({ name, type, id }) => [name, type, String(id)]),
    ),
  ];
  return { json, lines };
}

async function history({ tables, context, words }: Asked): Promise<Answer> {
  const found = await theTable(tables, words, 1);
  const entries = tables.lake.historyOf(found.metadata).map(({ snapshot, isCurrent, isAncestor }) => ({
    snapshot: String(snapshot.snapshotId),
    at: new Date(snapshot.timestampMs).toISOString(),
    operation: snapshot.operation,
    rows: figures(snapshot).rows,
    by: [snapshot.summary["sluice.pipeline"], snapshot.summary["sluice.step"]]
      .filter((name) => name !== undefined)
      .join("."),
    state: isCurrent ? "current" : isAncestor ? "" : "rolled back",
  }));
  const rows = entries.map((one) => [one.snapshot, one.at, one.operation, shown(one.rows), one.by, one.state]);
  return { json: entries, lines: printed(context, ["snapshot", "at", "operation", "rows", "by", ""], rows) };
}

async function diff({ tables, words }: Asked): Promise<Answer> {
  const found = await theTable(tables, words, 3);
  const [, first, second] = words;
  if (first === undefined)
    throw usage("diff needs the snapshot to compare with", "sluice table diff <table> <snapshot|time> [snapshot|time]");
  const from = tables.snapshot(found, first);
  const to = second === undefined ? found.currentSnapshot() : tables.snapshot(found, second);
  const difference = await tables.lake.differenceOf(found, from, to);
  const json = {
    from: String(from.snapshotId),
    to: to === undefined ? null : String(to.snapshotId),
    ...{ addedFiles: difference.addedFiles.length, removedFiles: difference.removedFiles.length },
    ...{ addedRows: difference.addedRows, removedRows: difference.removedRows },
    addedDeletes: difference.addedDeletes.length,
  };
  const lines = [
    `from ${json.from} to ${json.to ?? "nothing"}`,
    `  files came  ${json.addedFiles}, with ${plural(json.addedRows, "row")}`,
    `  files went  ${json.removedFiles}, with ${plural(json.removedRows, "row")}`,
    ...(json.addedDeletes === 0 ? [] : [`  deletes     ${plural(json.addedDeletes, "file")} of rows that are gone`]),
  ];
  return { json, lines };
}

async function rollback({ tables, context, words }: Asked): Promise<Answer> {
  const found = await theTable(tables, words, 2);
  const [, to] = words;
  if (to === undefined)
    throw usage("rollback needs the snapshot to go back to", "sluice table rollback <table> <snapshot|time>");
  const { snapshotId } = tables.snapshot(found, to);
  const after = await found.commit(async () => ({ currentSnapshotId: snapshotId }), { signal: context.signal });
  const { rows } = figures(after.currentSnapshot());
  return {
    json: { table: nameOf(found), snapshot: String(snapshotId), rows },
    lines: [`${nameOf(found)} is again as in snapshot ${snapshotId}, with ${shown(rows)} rows`],
  };
}

async function compact({ tables, session, context, words }: Asked): Promise<Answer> {
  const found = await theTable(tables, words, 1);
  const size = context.parsed.value("target-size");
  const targetBytes = size === undefined ? undefined : parseBytes(size);
  if (size !== undefined && (targetBytes === undefined || targetBytes < LEAST_FILE || targetBytes > LARGEST_FILE)) {
    throw usage(`"${size}" is no size of a file`, "write it as 128MB; from 100KB to 1TB");
  }
  const sortBy = context.parsed
    .value("sort")
    ?.split(",")
    .map((name) => name.trim());
  const upkeep = { ...(await session.openContext(() => undefined)), signal: context.signal };
  const done = await tables.lake.compactTable(found, upkeep, {
    ...(targetBytes === undefined ? {} : { targetBytes }),
    ...(sortBy === undefined ? {} : { sortBy }),
  });
  const { removedFiles, addedFiles } = done;
  const says =
    removedFiles === 0
      ? "has no files to put together"
      : `has ${plural(addedFiles, "file")} in place of ${removedFiles}`;
  return { json: { table: nameOf(found), removedFiles, addedFiles }, lines: [`${nameOf(found)} ${says}`] };
}

async function expire({ tables, session, context, words }: Asked): Promise<Answer> {
  const found = await theTable(tables, words, 1);
  const given = context.parsed.value("keep");
  const keep = given === undefined ? {} : { minSnapshots: countOf(context.parsed, "keep", 50, 1), maxAgeMs: 0 };
  const done = await tables.lake.expireSnapshots(found, tables.lake.localFiles, session.clock.now(), keep);
  const json = { table: nameOf(found), snapshots: done.expired.length, files: done.removedFiles };
  return {
    json,
    lines: [`${json.table}: ${plural(json.snapshots, "snapshot")} expired, ${plural(json.files, "file")} removed`],
  };
}

async function remove({ tables, session, context, words }: Asked): Promise<Answer> {
  const found = await theTable(tables, words, 1);
  const done = await deleteWhere(session, tables, found, context.parsed.value("where"));
  const { removedFiles, addedFiles } = done;
  const rows = done.removedRows - done.addedRows;
  const json = { table: nameOf(found), rows, removedFiles, addedFiles };
  const files =
    removedFiles === 0
      ? ""
      : `: ${plural(removedFiles, "file")} went, ${plural(addedFiles, "file")} came in their place`;
  return { json, lines: [`${json.table}: ${plural(rows, "row")} deleted${files}`] };
}

async function clean({ tables, session, context, words }: Asked): Promise<Answer> {
  const found = await theTable(tables, words, 1);
  const given = context.parsed.value("older-than");
  const olderThanMs = given === undefined ? undefined : parseDuration(given);
  if (given !== undefined && olderThanMs === undefined) throw usage(`"${given}" is no time`, "write it as 12h or 3d");
  const dryRun = context.parsed.flag("dry-run");
  const { paths, sizeBytes } = await tables.lake.removeOrphans(found, tables.lake.localFiles, session.clock.now(), {
    dryRun,
    ...(olderThanMs === undefined ? {} : { olderThanMs }),
  });
  const json = { table: nameOf(found), files: paths, bytes: sizeBytes, removed: !dryRun };
  const files = plural(paths.length, "file");
  const says = `${json.table}: ${files} that no snapshot names, ${sizeBytes} bytes, ${dryRun ? "would be removed" : "removed"}`;
  return { json, lines: [says, ...(dryRun ? paths.map((path) => `  ${path}`) : [])] };
}

async function drop({ tables, context, words }: Asked): Promise<Answer> {
  const purge = context.parsed.flag("purge");
  const { name, location } = await tables.drop(nameIn(words, 1), purge);
  const stay = location === undefined ? "its files stay where they are" : `its files stay in ${location}`;
  const where = purge ? "and its files are gone" : stay;
  return { json: { table: name, purged: purge }, lines: [`${name} is no table any more; ${where}`] };
}

async function theTable(tables: Tables, words: readonly string[], most: number): Promise<Table> {
  return tables.find(nameIn(words, most));
}

function nameIn(words: readonly string[], most: number): string {
  const [name] = words;
  if (name === undefined) throw usage("the table is missing", "name it: sluice table show chicago.crash");
  refuseMore(words, most);
  return name;
}

function refuseMore(words: readonly string[], most: number): void {
  const extra = words[most];
  if (extra !== undefined) throw usage(`"${extra}" is one word too many`, "sluice table --help says what there is");
}

function usage(message: string, hint: string): SluiceError {
  return new SluiceError("config", message, { reason: "usage", hint });
}

interface Figures {
  readonly snapshot: string | null;
  readonly rows: number | null;
  readonly files: number | null;
  readonly bytes: number | null;
}

/** What a snapshot says of itself; deleted rows that still stand in files are left out of its rows. */
function figures(snapshot: Snapshot | undefined): Figures {
  if (snapshot === undefined) return { snapshot: null, rows: 0, files: 0, bytes: 0 };
  const { summary } = snapshot;
  const figure = (key: string): number | null => (summary[key] === undefined ? null : Number(summary[key]));
  const [all, deleted] = [figure("total-records"), figure("total-position-deletes")];
  return {
    snapshot: String(snapshot.snapshotId),
    rows: all === null ? null : all - (deleted ?? 0),
    files: figure("total-data-files"),
    bytes: figure("total-files-size"),
  };
}

function shown(figure: number | null): string {
  return figure === null ? "-" : String(figure);
}

function printed(
  { terminal }: CommandContext,
  titles: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const numbers = ["rows", "files", "bytes", "snapshots", "number"];
  const columns = titles.map((title) => ({ title, ...(numbers.includes(title) ? { align: "right" as const } : {}) }));
  const [head = "", ...lines] = formatTable(columns, rows, terminal.width);
  return [terminal.paint("bold", head), ...lines];
}
