import { type Relation, SluiceError } from "@sluice/core";
import type { Session } from "../../composition.ts";
import { addressOf } from "../../query/address-text.ts";
import { landRelation } from "../../query/land-relation.ts";
import { reconcile as compare, type KeyDifference, type Reconciliation } from "../../reconcile/reconcile.ts";
import type { Arguments } from "../arguments.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { openLoose } from "../open-loose.ts";
import { formatCount, plural } from "../output/format-values.ts";
import { printNotices } from "../output/print-notices.ts";
import { formatTable } from "../output/table.ts";
import type { Terminal } from "../output/terminal.ts";
import { plainText } from "../output/text-width.ts";

/** Compares two sources by value; exit code 1 says that they differ. */
export async function reconcile(context: CommandContext): Promise<ExitCode> {
  const { parsed, terminal } = context;
  const [key, columns] = [namesIn(parsed, "key"), namesIn(parsed, "columns")];
  await using session = await openLoose(context);
  const [first = "", second = ""] = parsed.words;
  const landed = [];
  for (const text of [first, second]) {
    const query = { relation: await sourceOf(session, context, text), parameterTypes: new Map<string, string>() };
    const rows = await landRelation(session, { query, parameters: {} });
    printNotices(rows.events, terminal);
    landed.push(rows);
  }
  const [a, b] = landed;
  if (a === undefined || b === undefined) throw new SluiceError("internal", "two sources are compared");
  const named = { ...(key === undefined ? {} : { key }), ...(columns === undefined ? {} : { columns }) };
  const found = await compare(session, { a, b, ...named });
  if (terminal.json) terminal.print(JSON.stringify({ a: first, b: second, ...found }));
  else terminal.print(linesOf(found, [first, second], terminal).join("\n"));
  return found.equal ? 0 : 1;
}

async function sourceOf(session: Session, { folder }: CommandContext, text: string): Promise<Relation> {
  const found = await addressOf(session, { text, folder, readsDatasets: true });
  if ("dataset" in found) return { kind: "scan", source: found };
  if ("address" in found) return { kind: "scan", source: { inline: found.address } };
  throw new SluiceError("config", "standard input cannot be compared", {
    reason: "usage",
    offending: text,
    hint: "name a file, a table or a dataset",
  });
}

function namesIn(parsed: Arguments, option: string): readonly string[] | undefined {
  const names = parsed
    .value(option)
    ?.split(",")
    .map((name) => name.trim());
  if (names?.includes("") !== true) return names;
  throw new SluiceError("config", `--${option} names no column`, {
    reason: "usage",
    hint: `name the columns: --${option} id,day`,
  });
}

function linesOf(found: Reconciliation, names: readonly [string, string], terminal: Terminal): readonly string[] {
  const { paint } = terminal;
  const mark = (equal: boolean): string => (equal ? "equal" : "differs");
  const [a, b] = found.rows;
  const rows = found.columns.map(({ name, types, nulls, summary, equal, notCompared }) => [
    plainText(name),
    types[0] === types[1] ? types[0] : `${types[0]}, ${types[1]}`,
    formatCount(nulls[0]),
    formatCount(nulls[1]),
    shown(summary[0]),
    shown(summary[1]),
    equal && notCompared !== undefined ? `not compared (${notCompared})` : mark(equal),
  ]);
  const titles = ["column", "type", "nulls a", "nulls b", "sum or hash a", "sum or hash b", ""];
  const [head = "", ...lines] = formatTable(
    titles.map((title) => ({ title })),
    rows,
    terminal.width,
  );
  const only = (["a", "b"] as const).flatMap((side) =>
    found.onlyIn[side].length === 0 ? [] : [`only in ${side}: ${found.onlyIn[side].map(plainText).join(", ")}`],
  );
  const isMixed = !found.rowsEqual && found.columns.every(({ equal }) => equal);
  const mixed = isMixed
    ? ["each column has the same values, but other ones stand together in rows: name a --key to see which"]
    : [];
  const keys = found.keys === undefined ? [] : Object.entries(found.keys).map(([name, one]) => keyLine(name, one));
  return [
    `a: ${names[0]}, ${plural(a, "row")}`,
    `b: ${names[1]}, ${plural(b, "row")}`,
    "",
    paint("bold", head),
    ...lines,
    ...only,
    ...mixed,
    ...(keys.length === 0 ? [] : ["", ...keys]),
    "",
    found.equal ? paint("green", "equal") : paint("red", "they differ"),
  ];
}

function keyLine(name: string, { rows, first }: KeyDifference): string {
  const examples = first.map((key) => plainText(key.map((value) => value ?? "null").join(", "))).join("; ");
  return `${name}: ${plural(rows, "row")}${rows === 0 ? "" : `, first ${examples}`}`;
}

function shown(summary: string | null): string {
  if (summary === null) return "-";
  // The last digits of a hash tell two apart.
  return summary.length > 24 && !summary.includes(".") ? `…${summary.slice(-12)}` : summary;
}
