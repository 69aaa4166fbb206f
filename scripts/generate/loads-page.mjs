import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const MODES = ["append", "replace", "merge", "insert-only", "delete+insert", "overwrite"];

/** What a column of the matrix says, and which case of the suite stands behind it. */
const CASES = [
  ["empty", (mode) => `sink.${mode}.empty`],
  ["new", (mode) => `sink.${mode}.new`],
  ["changed", (mode) => `sink.${mode}.changed`],
  ["deleted", (mode) => `sink.${mode}.deleted`],
  ["duplicate key", (mode) => `sink.${mode}.duplicate-key`],
  ["null key", (mode) => `sink.${mode}.null-key`],
  ["repeated commit", (mode) => `sink.${mode}.repeated`],
  ["lower epoch", (mode) => `sink.commit.lower-epoch.${mode}`],
  ["failure", (mode) => `sink.${mode}.failure`],
  ["discard", (mode) => `sink.${mode}.discard`],
];

/** Settings that only some sinks take, by a case that such a sink has. */
const SETTINGS = [
  ["`deleteFlag`", "sink.merge.deleteFlag"],
  ["`newerBy`", "sink.merge.newerBy"],
  ["`missing`", "sink.merge.missing"],
  ['`evolve: "fail"`', "sink.evolve.fail"],
  ['`evolve: "add"`', "sink.evolve.add"],
  ['`evolve: "widen"`', "sink.evolve.widen"],
];

/** The page on loads with its tables: between their marks they are what the suites reported. */
export function generateLoads(root) {
  const folder = join(root, "packages/conformance/reports");
  const read = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));
  const names = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "outcomes.json");
  const order = (sink) => (sink === "memory" ? `0${sink}` : `1${sink}`);
  const reports = names.map(read).sort((a, b) => (order(a.sink) < order(b.sink) ? -1 : 1));
  const page = readFileSync(join(root, "docs/loads.md"), "utf8");
  const tables = {
    outcomes: outcomes(read("outcomes.json")),
    matrix: matrix(reports),
    settings: settings(reports),
  };
  return Object.entries(tables).reduce((text, [name, table]) => between(text, name, table), page);
}

function between(text, name, table) {
  const [from, to] = [`<!-- ${name}: generated -->\n`, `<!-- ${name}: end -->`];
  const [start, end] = [text.indexOf(from), text.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`docs/loads.md has no marks for the table "${name}"`);
  return `${text.slice(0, start + from.length)}\n${table}\n\n${text.slice(end)}`;
}

function table(head, rows) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function outcomes({ cases }) {
  const rows = cases.map(({ title, modes }) => [title, ...MODES.map((mode) => outcome(modes[mode]))]);
  return table(["What arrives", ...MODES.map((mode) => `\`${mode}\``)], rows);
}

function outcome(found) {
  if (typeof found === "string") return `error: ${found.replace("-", " ")}`;
  const said = ["inserted", "updated", "deleted", "unchanged"].filter((name) => found[name] > 0);
  return said.length === 0 ? "nothing" : said.map((name) => `${found[name]} ${name}`).join(", ");
}

function matrix(reports) {
  const rows = reports.flatMap((report) => {
    const able = MODES.filter((mode) => report.cases.includes(`sink.${mode}.new`));
    const others = MODES.filter((mode) => !able.includes(mode));
    const held = able.map((mode) => [report.sink, code(mode), ...CASES.map(([, idOf]) => cell(report, idOf(mode)))]);
    const refused = [report.sink, others.map(code).join(", "), ...CASES.map(() => "–")];
    return others.length === 0 ? held : [...held, refused];
  });
  return table(["Target", "Mode", ...CASES.map(([name]) => name)], rows);
}

function code(mode) {
  return `\`${mode}\``;
}

function settings(reports) {
  const rows = reports.map((report) => [
    report.sink,
    ...SETTINGS.map(([, id]) => (report.cases.includes(id) ? cell(report, id) : "–")),
  ]);
  return table(["Target", ...SETTINGS.map(([name]) => name)], rows);
}

function cell(report, id) {
  if (!report.cases.includes(id)) throw new Error(`the suite of "${report.sink}" has no case ${id}`);
  return Object.hasOwn(report.gaps, id) ? `not yet: ${report.gaps[id]}` : "✓";
}
