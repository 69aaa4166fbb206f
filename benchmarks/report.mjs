// Medians, ratios, and the table: on the terminal and as docs/benchmarks.md.
import { writeFileSync } from "node:fs";
import { csvFilesSection } from "./csv-files/section.mjs";

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of `own` over the median of `other`: below 1, `own` is faster. */
export function ratio(own, other) {
  return median(own) / median(other);
}

export function printTable(results) {
  for (const { title, note, rows } of results) {
    console.log(`\n${title}${note === undefined ? "" : `\n  ${note}`}`);
    for (const line of lines(rows))
      console.log(
        `  ${line[0].padEnd(34)} ${line[1].padStart(9)} ${line[2].padStart(17)} ${line[3].padStart(9)}  ${line[4]}`,
      );
  }
}

export function writePage(path, machine, results) {
  const page = [
    "# Benchmarks",
    "",
    "Written by `npm run bench`. Each case runs side by side with what a user would pick instead, interleaved, several times in fresh processes, warm; all outputs are synced to disk. A ratio is the median of sluice over the median of the other: below 1, sluice is faster. What a budget asks for stands behind it.",
    "",
    `Machine: ${machine.cores} × ${machine.cpu}, ${machine.memoryGb} GB, ${machine.system}; Node ${machine.node}${machine.polars === undefined ? "; Python peers were not run" : `, polars ${machine.polars}, pandas ${machine.pandas}`}; ${machine.date}.`,
    "",
    "The Chicago data is `examples/chicago` repeated with ids of its own by a seeded generator: ×200 is 600,000 records in three files (270 MB), ×1,000 is 3,000,000 (1.4 GB). *Same validation*: every typed column of each file is checked exactly, used or not, by one expression per record. pandas and polars parse what they use and validate nothing.",
  ];
  for (const { title, note, rows } of results.filter((result) => result.rows !== undefined)) {
    page.push(
      "",
      `## ${title}`,
      ...(note === undefined ? [] : ["", note]),
      "",
      "| program | median | least to most | peak memory | sluice takes |",
      "|---|---:|---:|---:|---|",
    );
    for (const line of lines(rows)) page.push(`| ${line.join(" | ")} |`);
  }
  page.push(...csvFilesSection(results.filter((result) => result.case === "csv-files")));
  page.push("", ...LOST);
  if (results.some((result) => result.case === "postgres")) page.push("", ...LOST_WITH_POSTGRES);
  if (results.some((result) => result.case === "lake")) page.push("", ...LOST_IN_THE_LAKE);
  writeFileSync(path, `${page.join("\n")}\n`);
}

/** What the numbers above do not say of themselves. */
const LOST = [
  "## What is lost, and why",
  "",
  "**Every budget of Chicago is kept; with `validate: used` and two consumers by little at ×200** (2.06 times as fast as pandas where 2 is asked for; 3.2 times at ×1,000). Text is taken apart, validated and its numbers and times read by a kernel of sluice's own in one pass, which takes less processor time than DuckDB's reader alone; with two consumers, what was taken apart is written once more as the copy that both read. The cases of ×1,000 were measured once each (two warm runs), before the kernel read numbers and times, without polars and without the program that validates nothing.",
  "",
  "**polars is faster** (1.2 times at ×200): it parses only the columns used and validates none of them.",
  "",
  "**A query over a pipe takes 2.4 times as long as DuckDB that guesses.** Standard input is spooled, the start of it is typed, and the query reads all of it strictly by those types; a value that would have given others ends that try, all values are looked at, and the query begins anew. What is left, in seconds of processor time of 2026-11 for 109 MB: 0.4 to start and load the program and the engine, 0.15 to spool, 0.3 for the types of the start, 1.2 for the strict read with the query, of which all ten columns are part where DuckDB parses two; DuckDB by hand takes 0.8 to 1.1 for everything.",
];

const LOST_WITH_POSTGRES = [
  "**The merge into PostgreSQL takes 1.03 times what the best SQL takes that is known, a `merge` of the rows in the order of their key, and 0.71 times the usual one (`insert … on conflict`).** sluice merges in the same way. That keys are apart it sees while it sends them, and how many rows were inserted and updated the server's statistics say: to have the server look and tell of each row took it about a second more. Rows into a table and out of it are within 1.11 times of `psql`: they go both ways in binary, which costs the server half of what CSV does. The merge was measured in another run than the rest, beside other work on the same machine; in it CSV went in within 0.93 times of `psql`, Parquet within 0.85, and rows out within 1.13, which 1.02 was on a quiet one.",
];

const LOST_IN_THE_LAKE = [
  "**Merges and deletes in the lake, within 1.3 times: missed (1.43 and 1.32 at a million rows); appends of a million rows are within it; of 100,000 rows, only the append of Parquet is.** A load takes 0.2 s more than a program by hand to start, to plan, to write down what it does and to commit, and of 100,000 rows that by hand is done in 0.4 s. A merge does what the program by hand does not: keys are looked at for nulls and for coming twice, every row that is there is compared with the one that arrives, so that files without a change stay and the report is exact (of a million rows, processor time, 2026-11: 1.8 s in all, by hand 1.4).",
];

function lines(rows) {
  return rows.map((row, index) => [
    row.name,
    `${(row.seconds * 1000).toFixed(0)} ms`,
    `${(row.least * 1000).toFixed(0)} to ${(row.most * 1000).toFixed(0)} ms`,
    row.memoryMb === undefined ? "" : `${row.memoryMb} MB`,
    row.says ?? (index === 0 ? "" : verdict(row)),
  ]);
}

function verdict(row) {
  const parts = [`${row.ratio.toFixed(2)}×`];
  if (row.budget !== undefined) parts.push(judged(row.ratio, row.budget));
  if (row.usedRatio !== undefined)
    parts.push(`; with validate: used ${row.usedRatio.toFixed(2)}×`, judged(row.usedRatio, row.usedBudget));
  return parts.join(" ").replaceAll(" ;", ";");
}

/** `at most`: of the other's time; `at least`: as many times as fast as the other. */
function judged(value, [kind, budget]) {
  if (kind === "at most") return `(budget ≤ ${budget}×: ${value <= budget ? "kept" : "MISSED"})`;
  return `(${(1 / value).toFixed(2)} times as fast; budget ≥ ${budget}: ${1 / value >= budget ? "kept" : "MISSED"})`;
}
