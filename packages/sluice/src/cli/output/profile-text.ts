import type { ColumnProfile, Profile } from "../../profile/profile.ts";
import { percent } from "../../profile/profile-warnings.ts";
import { formatCount, plural } from "./format-values.ts";
import { formatTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { plainText } from "./text-width.ts";

const BARS = "▁▂▃▄▅▆▇█";

/** A profile for a person: a line for each column, then what deserves a look. */
export function profileText(profile: Profile, { paint, width }: Terminal): readonly string[] {
  const { source, rows, columns, duplicates, rejected, warnings } = profile;
  const facts = [plural(rows, "row"), plural(columns.length, "column")];
  if (rejected > 0) facts.push(`${plural(rejected, "record")} rejected`);
  if (duplicates === null) facts.push("duplicates not looked for");
  const titles = [
    { title: "column" },
    { title: "type" },
    { title: "nulls", align: "right" as const },
    { title: "distinct", align: "right" as const },
    { title: "min" },
    { title: "median" },
    { title: "max" },
    { title: "values" },
  ];
  const lines = columns.map((column) => [
    column.column,
    column.type,
    column.rows === 0 || column.nulls === 0 ? "-" : percent(column.nulls / column.rows),
    `${column.exact ? "" : "~"}${formatCount(column.distinct)}`,
    column.min ?? "-",
    column.median ?? "-",
    column.max ?? "-",
    valuesOf(column),
  ]);
  const [head = "", ...table] = formatTable(
    titles,
    lines.map((line) => line.map((text) => cut(text))),
    width,
  );
  return [
    `${paint("bold", plainText(source))}  ${facts.join(", ")}`,
    "",
    paint("bold", head),
    ...table,
    ...(warnings.length === 0 ? [] : [""]),
    ...warnings.map(
      ({ column, kind, message }) =>
        `${paint(kind === "possible-key" ? "cyan" : "yellow", kind)}: ${column === null ? "" : `${plainText(column)}: `}${plainText(message)}`,
    ),
  ];
}

/** A histogram, else the values that occur most, else how they are written. */
function valuesOf({ histogram, top, patterns, rows, nulls, type }: ColumnProfile): string {
  if (histogram !== null && histogram.length > 1) return sparkline(histogram.map((bar) => bar.rows));
  const isFew = top.length > 0 && type !== "bool";
  const shown = isFew || type === "bool" ? top : patterns;
  return shown
    .slice(0, 3)
    .map(({ value, rows: count }) => `${value} ${percent(count / Math.max(1, rows - nulls))}`)
    .join(", ");
}

function sparkline(counts: readonly number[]): string {
  const most = Math.max(...counts, 1);
  return counts.map((count) => (count === 0 ? " " : BARS[Math.ceil((count / most) * BARS.length) - 1])).join("");
}

const LONGEST = 60;

/** A line for a terminal that is not there has no width to give way to. */
function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
