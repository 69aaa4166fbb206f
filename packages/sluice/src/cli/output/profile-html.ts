import type { ColumnProfile, HistogramBar, Profile, TopValue } from "../../profile/profile.ts";
import { percent } from "../../profile/profile-warnings.ts";
import { formatCount, plural } from "./format-values.ts";
import { plainText } from "./text-width.ts";

/**
 * A profile as one page that needs nothing else: styles and drawings stand in it, and a policy forbids everything that a
 * value in it could ask a browser for.
 */
export function profileHtml(profile: Profile): string {
  const { source, rows, columns, rejected, duplicates, warnings } = profile;
  const facts = [
    plural(rows, "row"),
    plural(columns.length, "column"),
    ...(rejected === 0 ? [] : [`${plural(rejected, "record")} rejected`]),
    duplicates === null ? "duplicates not looked for" : plural(duplicates, "duplicate"),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escaped(source)}: profile</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${escaped(source)}</h1><p>${facts.map(escaped).join(" · ")}</p></header>
${warnings.length === 0 ? "" : warningList(profile)}
<main>
${columns.map(columnSection).join("\n")}
</main>
</body>
</html>
`;
}

function warningList({ warnings }: Profile): string {
  const items = warnings.map(
    ({ column, kind, message }) =>
      `<li class="${kind === "possible-key" ? "note" : "warning"}"><b>${escaped(column ?? "all columns")}</b> ${escaped(message)}</li>`,
  );
  return `<section><h2>Worth a look</h2><ul class="warnings">${items.join("")}</ul></section>`;
}

function columnSection(column: ColumnProfile): string {
  const facts: (readonly [string, string | null])[] = [
    ["nulls", `${formatCount(column.nulls)}${column.rows === 0 ? "" : ` (${percent(column.nulls / column.rows)})`}`],
    ["distinct", `${column.exact ? "" : "about "}${formatCount(column.distinct)}`],
    ["least", column.min],
    ["quarter", column.q25],
    ["median", column.median],
    ["three quarters", column.q75],
    ["greatest", column.max],
    ["mean", column.mean === null ? null : String(Number(column.mean.toPrecision(6)))],
    ["deviation", column.stddev === null ? null : String(Number(column.stddev.toPrecision(6)))],
    ["outliers", column.outliers === null ? null : formatCount(column.outliers)],
    ["length", column.lengths === null ? null : `${column.lengths.min} to ${column.lengths.max}`],
  ];
  const list = facts
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value ?? "")}</dd>`);
  const values = column.rows - column.nulls;
  return `<section class="column">
<h2>${escaped(column.column)} <small>${escaped(column.type)}</small></h2>
<dl>${list.join("")}</dl>
<div class="values">${histogram(column.histogram)}${bars("most frequent", column.top, values)}${bars("written like", column.patterns, column.patternsOf)}</div>
</section>`;
}

const WIDTH = 300;
const HEIGHT = 80;

function histogram(given: readonly HistogramBar[] | null): string {
  if (given === null || given.length < 2) return "";
  const most = Math.max(...given.map((bar) => bar.rows), 1);
  const step = WIDTH / given.length;
  const drawn = given.map(({ from, to, rows }, index) => {
    const height = rows === 0 ? 0 : Math.max(1, (rows / most) * HEIGHT);
    const place = `x="${round(index * step)}" y="${round(HEIGHT - height)}" width="${round(step - 1)}" height="${round(height)}"`;
    return `<rect ${place}><title>${escaped(`${from} to ${to}: ${plural(rows, "row")}`)}</title></rect>`;
  });
  const [first, last] = [given[0]?.from ?? "", given.at(-1)?.to ?? ""];
  return `<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="histogram">${drawn.join("")}</svg><figcaption><span>${escaped(first)}</span><span>${escaped(last)}</span></figcaption></figure>`;
}

function bars(title: string, values: readonly TopValue[], of: number): string {
  if (values.length === 0) return "";
  const rows = values.map(({ value, rows: count }) => {
    const share = count / Math.max(of, 1);
    return `<tr><td>${escaped(value)}</td><td class="bar"><i style="width:${round(share * 100)}%"></i></td><td>${formatCount(count)}</td><td>${percent(share)}</td></tr>`;
  });
  return `<table><caption>${title}</caption>${rows.join("")}</table>`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Text from outside as text of a page, whatever it holds. */
function escaped(text: string): string {
  return plainText(text).replace(/[&<>"'`]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --faint: #60656c; --line: #d9dce0; --paper: #ffffff; --panel: #f7f8f9; --bar: #3b73d1; --warn: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --faint: #9aa0a8; --line: #34383d; --paper: #15171a; --panel: #1d2023; --bar: #6d9cf0; --warn: #e0b252; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem; background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 1.05rem; margin: 0 0 .6rem; overflow-wrap: anywhere; }
header p, small, dt, figcaption, caption { color: var(--faint); } small { font-weight: normal; }
section { border: 1px solid var(--line); border-radius: 8px; background: var(--panel); padding: 1rem; margin: 1rem 0; }
.column { display: grid; grid-template-columns: minmax(14rem, 1fr) 2fr; gap: 0 1.5rem; } .column h2 { grid-column: 1 / -1; }
@media (max-width: 44rem) { .column { display: block; } .values { margin-top: 1rem; } }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; align-content: start; } dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.values { display: grid; gap: 1rem; min-width: 0; } figure { margin: 0; max-width: 26rem; } svg { width: 100%; display: block; } rect, .bar i { fill: var(--bar); background: var(--bar); }
figcaption { display: flex; justify-content: space-between; font-size: .85em; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; font-size: .92em; } caption { text-align: left; font-size: .9em; } td { padding: .1rem .5rem .1rem 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; } td:nth-child(n+3) { width: 18%; text-align: right; white-space: nowrap; }
.bar { width: 26%; } .bar i { display: block; height: .6em; border-radius: 2px; min-width: 1px; }
.warnings { margin: 0; padding-left: 1.2rem; } .warning b { color: var(--warn); }
`.trim();
