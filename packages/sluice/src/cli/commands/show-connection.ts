import { type ListedTable, SluiceError } from "@sluice/core";
import type { Session } from "../../composition.ts";
import { sizeText } from "../../doctor/check.ts";
import type { ConnectionText } from "../../query/connection-text.ts";
import type { CommandContext } from "../context.ts";
import { formatCount, plural } from "../output/format-values.ts";
import { formatTable, type TableColumn } from "../output/table.ts";
import { plainText } from "../output/text-width.ts";

/** Shows what a connection holds, or the columns of one of its tables. */
export async function showConnection(
  { terminal, signal }: CommandContext,
  session: Session,
  { type, connection, shown, mark, within }: ConnectionText,
): Promise<void> {
  const adapter = await session.adapter(type);
  if (adapter.list === undefined) {
    throw new SluiceError("unsupported", `what ${shown} holds cannot be listed: ${type} has no catalogue`, {
      offending: shown,
    });
  }
  const request = { shown, root: session.project.root, signal, ...(within === undefined ? {} : { within }) };
  const { tables, isOne } = await adapter.list(connection(), request);
  const addressed = tables.map((table) => ({ address: `${shown}${mark}${table.name}`, ...table }));
  const [one] = addressed;
  if (terminal.json) {
    const records = addressed.map(recordOf);
    terminal.print(JSON.stringify(isOne === true ? records[0] : { connection: shown, tables: records }));
    return;
  }
  const print = (lines: readonly string[]): void => terminal.print(lines.join("\n"));
  const titled = (columns: readonly TableColumn[], rows: readonly (readonly string[])[]): readonly string[] => {
    const [head = "", ...lines] = formatTable(columns, rows, terminal.width);
    return [terminal.paint("bold", head), ...lines];
  };
  if (isOne === true && one !== undefined) {
    print([`${terminal.paint("bold", plainText(one.address))}  ${aboutOf(one)}`, "", ...columnsOf(one, titled)]);
    return;
  }
  print([`${terminal.paint("bold", plainText(shown))}  ${contentsOf(tables)}`]);
  if (tables.length > 0) print(["", ...tablesOf(tables, titled)]);
  for (const { name, problem } of tables) {
    if (problem !== undefined)
      print([`${terminal.paint("yellow", "warning")}: ${plainText(`${name} cannot be read: ${problem}`)}`]);
  }
}

type Titled = (columns: readonly TableColumn[], rows: readonly (readonly string[])[]) => readonly string[];

function tablesOf(tables: readonly ListedTable[], titled: Titled): readonly string[] {
  const rows = tables.map((table) => [
    table.name,
    table.kind,
    table.problem === undefined ? formatCount(table.columns.length) : "-",
    rowsOf(table),
    table.bytes === undefined ? "-" : sizeText(table.bytes),
    keysText(table.keys ?? []),
    table.cursors.join(", ") || "-",
  ]);
  const right = ["columns", "rows", "size"];
  const titles = ["name", "kind", "columns", "rows", "size", "key", "cursor candidates"];
  return titled(
    titles.map((title) => ({ title, ...(right.includes(title) ? { align: "right" as const } : {}) })),
    rows,
  );
}

function columnsOf({ columns, keys = [], cursors }: ListedTable, titled: Titled): readonly string[] {
  const hasReading = columns.some(({ type, readAs }) => readAs !== undefined && readAs !== type);
  const rows = columns.map(({ name, type, readAs, nullable }) => [
    name,
    type === "" ? "-" : type,
    ...(hasReading ? [readAs ?? "by its values"] : []),
    nullable ? "may be null" : "required",
    [
      ...keys.flatMap((key, index) => (key.includes(name) ? [index === 0 ? "key" : "unique"] : [])),
      ...(cursors.includes(name) ? ["cursor candidate"] : []),
    ].join(", "),
  ]);
  const titles = ["column", "type", ...(hasReading ? ["read as"] : []), "null", ""];
  return titled(
    titles.map((title) => ({ title })),
    rows,
  );
}

function aboutOf(table: ListedTable): string {
  const { kind, rows, bytes, keys = [], cursors } = table;
  return [
    kind,
    ...(rows === undefined ? [] : [`${rowsOf(table)} ${rows === 1 ? "row" : "rows"}`]),
    ...(bytes === undefined ? [] : [sizeText(bytes)]),
    ...keyLine({ keys, cursors }),
  ].join(", ");
}

/** `key id; email`, `cursor candidates updated_at, id`, where there are some. */
export function keyLine({
  keys = [],
  cursors = [],
}: {
  readonly keys?: readonly (readonly string[])[];
  readonly cursors?: readonly string[];
}): readonly string[] {
  return [
    ...(keys.length === 0 ? [] : [`key ${plainText(keysText(keys))}`]),
    ...(cursors.length === 0 ? [] : [`cursor candidates ${plainText(cursors.join(", "))}`]),
  ];
}

function keysText(keys: readonly (readonly string[])[]): string {
  return keys.map((key) => key.join(", ")).join("; ") || "-";
}

function rowsOf({ rows, isEstimated }: ListedTable): string {
  return `${isEstimated === true ? "~" : ""}${formatCount(rows)}`;
}

function contentsOf(tables: readonly ListedTable[]): string {
  const views = tables.filter(({ kind }) => kind.endsWith("view")).length;
  const schemas = [...new Set(tables.flatMap(({ schema }) => schema ?? []))];
  const counted = [plural(tables.length - views, "table"), ...(views === 0 ? [] : [plural(views, "view")])].join(", ");
  if (schemas.length === 0) return counted;
  return `${counted} in ${schemas.length > 10 ? plural(schemas.length, "schema") : plainText(schemas.join(", "))}`;
}

/** As `--json` has it: what is not known is null. */
function recordOf({
  address,
  name,
  schema,
  kind,
  columns,
  keys,
  cursors,
  rows,
  isEstimated,
  bytes,
  problem,
}: ListedTable & { readonly address: string }): object {
  return {
    ...{ address, name, schema: schema ?? null, kind, columns, keys: keys ?? [], cursors },
    ...{ rows: rows ?? null, estimated: isEstimated === true, bytes: bytes ?? null },
    ...(problem === undefined ? {} : { problem }),
  };
}
