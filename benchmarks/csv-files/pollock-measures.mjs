// The measures of Pollock (its pollock/metrics.py and evaluate.py define them), over text that was printed as CSV.

export const MEASURES = [
  "success",
  "header_precision",
  "header_recall",
  "header_f1",
  "record_precision",
  "record_recall",
  "record_f1",
  "cell_precision",
  "cell_recall",
  "cell_f1",
];

const NONE = [0, 0, 0];
const ALL = [1, 1, 1];

/** The ten measures of one file: what was expected, and what a program loaded (undefined where it failed). */
export function measuresOf(expected, loaded) {
  if (loaded === undefined) return named(0, NONE, NONE, NONE);
  const source = parseCsv(expected);
  const found = parseCsv(loaded);
  if (source.length === 0) return named(1, ALL, ALL, ALL);
  const header = source[0].length === 0 ? ALL : found.length === 0 ? NONE : overlap(cells(source[0]), cells(found[0]));
  const records = (rows) => rows.slice(1).map((row) => cells(row).join(""));
  const record = source.length === 1 ? ALL : overlap(records(source), records(found));
  const cell = overlap(source.flat(), found.flat());
  return named(1, header, record, cell);
}

function named(success, ...groups) {
  const values = [success, ...groups.flat()];
  return Object.fromEntries(MEASURES.map((name, index) => [name, values[index]]));
}

/** What two bags share: of the first, of the second, and the harmonic mean. */
function overlap(source, loaded) {
  const counts = new Map();
  for (const text of source) counts.set(text, (counts.get(text) ?? 0) + 1);
  let shared = 0;
  for (const text of loaded) {
    const left = counts.get(text) ?? 0;
    if (left === 0) continue;
    shared += 1;
    counts.set(text, left - 1);
  }
  if (shared === 0) return NONE;
  const [precision, recall] = [shared / source.length, shared / loaded.length];
  return [precision, recall, (2 * precision * recall) / (precision + recall)];
}

function cells(row) {
  return row.map(normalised);
}

const NUMBER = /^\s*[+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i;
const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?$/;
const DAY = /^(\d{1,4})([/-])(\d{1,2})\2(\d{1,4})(?: (\d{1,2}:\d{2}(?::\d{2})?))?$/;
const PRICE = /([$€£])\s*(\d+(?:\.\d+)?)/;

/**
 * Two texts that mean one value become one: numbers, times, days and prices. Of the formats that Pollock's own libraries know,
 * those that occur.
 */
function normalised(text) {
  if (text.trim() === "") return text;
  if (/^(?:true|false)$/.test(text.toLowerCase())) return text.toLowerCase() === "true" ? "1" : "0";
  if (NUMBER.test(text)) {
    const number = Number(text.replaceAll("_", ""));
    return /^\s*[+-]?\d+\s*$/.test(text) ? String(BigInt(text.trim().replace("+", ""))) : `${number}f`;
  }
  const time = TIME.exec(text);
  if (time !== null) return `${time[1].padStart(2, "0")}:${time[2]}:${time[3] ?? "00"}`;
  return dayOf(text) ?? priceOf(text) ?? text.toLowerCase();
}

function dayOf(text) {
  const found = DAY.exec(text);
  if (found === null) return undefined;
  const [, first, , second, third, time = "00:00"] = found;
  // As Python's dateutil takes them: the month first where that can be.
  const [year, month, day] =
    first.length === 4 ? [first, second, third] : Number(first) <= 12 ? [third, first, second] : [third, second, first];
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")} ${time.length === 5 ? `${time}:00` : time}`;
}

function priceOf(text) {
  const found = PRICE.exec(text);
  return found === null ? undefined : `${found[1]}${Number(found[2])}`;
}

/** Commas, quotes doubled, every kind of line end; a blank line is a record without fields. */
export function parseCsv(content) {
  const text = content.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const rows = [];
  let row = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] === "\n") {
      rows.push(row);
      row = [];
      at += 1;
      continue;
    }
    let field = "";
    if (text[at] === '"') {
      for (at += 1; at < text.length; at += 1) {
        if (text[at] !== '"') field += text[at];
        else if (text[at + 1] === '"') {
          field += '"';
          at += 1;
        } else break;
      }
      at += 1;
    }
    while (at < text.length && text[at] !== "," && text[at] !== "\n") {
      field += text[at];
      at += 1;
    }
    row.push(field);
    if (text[at] !== ",") continue;
    at += 1;
    if (at >= text.length || text[at] === "\n") row.push("");
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

/** Values as CSV with commas; null is nothing. */
export function printCsv(rows) {
  const print = (value) => {
    const text = value ?? "";
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.length === 1 && (row[0] ?? "") === "" ? '""' : row.map(print).join(",")}\n`).join("");
}

/** The sum of the means of all measures; weighted, each file counts as often as files like it were found in the wild. */
export function scoreOf(files, weights) {
  const total = files.reduce((sum, { file }) => sum + (weights[file] ?? 0), 0);
  let simple = 0;
  let weighted = 0;
  for (const { file, measures } of files) {
    const sum = MEASURES.reduce((all, name) => all + measures[name], 0);
    simple += sum / files.length;
    weighted += (sum * (weights[file] ?? 0)) / total;
  }
  return { simple, weighted };
}
