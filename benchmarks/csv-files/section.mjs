// The section of docs/benchmarks.md on messy text files, from what was measured.

const PUBLISHED = [
  "| DuckDB 1.2 automatic, as Pollock published it | 9.075 | 8.439 | |",
  "| DuckDB 1.2 told how to read each file, as Pollock published it: the best of all there | 9.961 | 9.599 | |",
];

/** What each kind of pollution is that costs points, and why it does. */
const WORDS = {
  file_no_payload: "an empty file has no columns, so `sync` refuses it; Pollock wants a table without columns",
  file_header_multirow_2:
    "two header lines: the first is the header, the second a record, with a warning for each column that it makes text of; Pollock wants names joined of both",
  file_header_multirow_3: "three header lines: as with two",
  file_multitable_same:
    "a second table below the first, with the same columns: its records and its header are read as records (a warning names the line of the header); Pollock wants the first table only",
  file_multitable_more:
    "a second table with one column more, which is empty: its header is rejected, its records are read as records",
  file_multitable_less: "a second table with one column less",
  file_quotation_char_0x27:
    "apostrophes as quotes around texts that hold apostrophes (`'won't let you down'`): those records are rejected",
  file_field_delimiter_0x20:
    "blanks as delimiters between texts that hold blanks and are in no quotes: rejected, since nobody can tell",
  file_escape_char_0x00: 'quotes inside quotes that nothing escapes (`"Round 48""`): rejected',
  file_escape_char_0x5C:
    "one value holds a backslash of its own before an apostrophe, which escapes it here and does not for Pollock",
  row_more_sep:
    "a delimiter too many: rejected where the record is longer then; where it ends in an empty field it is not, and makes text of the columns that it shifts, with a warning",
  row_less_sep: "a delimiter too few: rejected, since nobody can tell between which fields it stood",
  "row_less_sep in the header": "a header with a delimiter too few: names stand over the wrong columns, with a warning",
  row_extra_quote: "a quote too many: its record is rejected",
  row_field_delimiter_0x20: "a record with other delimiters than the rest: rejected",
  "row_field_delimiter_0x20 in the header":
    "a header with other delimiters than the records: one name, all records rejected, with a warning",
};

/** Lines of the page; none where nothing was measured. */
export function csvFilesSection(results) {
  const pollock = results.find(({ scores }) => scores !== undefined);
  const spectrum = results.find(({ different }) => different !== undefined);
  if (pollock === undefined) return spectrum === undefined ? [] : ["", "## Messy text files", "", `${spectrum.title}.`];
  const [sluice] = pollock.scores;
  const score = ({ simple, weighted }) => `${simple.toFixed(3)} | ${weighted.toFixed(3)}`;
  return [
    "",
    "## Messy text files",
    "",
    `Written by \`npm run bench:csv\`, ${pollock.date}. How well \`sync\` reads files that it was told nothing of. [Pollock](https://github.com/HPI-Information-Systems/Pollock) holds one table polluted in ${pollock.files.toLocaleString("en")} ways, and the table as it should have been loaded. Ten measures from 0 to 1 are summed: success, and precision, recall and their mean of header, records and cells. *Simple* is the mean over all files; *weighted* counts a kind of pollution as often as it was found in the wild.`,
    "",
    "| program | simple | weighted | files that gave nothing |",
    "|---|---:|---:|---:|",
    ...pollock.scores.map((one) => `| ${one.name} | ${score(one)} | ${one.failed} |`),
    ...PUBLISHED,
    "| what was aimed at | 9.900 | 9.400 | |",
    "",
    "What was done: each file was discovered and frozen as `sync` does it, without any option, then read as a run does: strictly, and record by record where that ends at a bad one. Rejected records are lost. Pollock compares text, so values were read as text, after it was checked that with the types that were found the same number of records is accepted; blanks that a frozen `trim` leaves out are left out. The names are written where the file has them, and none where `sync` found that it has no header. The measures are computed by this benchmark; Pollock's own `evaluate.py` gave the same scores for the same loaded files.",
    "",
    "DuckDB runs in the same process with the options that Pollock gives it (`strict_mode = false, ignore_errors = true, null_padding = true`). *As Pollock runs it*, values are printed by their types, so that a day or a time is another text than that of the file, and names that DuckDB made up are printed too: that is what the published score says of version 1.2, printed by pandas. *All columns as text* is the comparison with what was done here for sluice.",
    "",
    ...(spectrum === undefined ? [] : [spectrumLine(spectrum), ""]),
    "### What is missing",
    "",
    "| kind of file | files | simple points lost | weighted points lost | why |",
    "|---|---:|---:|---:|---|",
    ...sluice.losses.map(
      ({ kind, files, simple, weighted }) =>
        `| \`${kind}\` | ${files} | ${points(simple)} | ${points(weighted)} | ${WORDS[kind] ?? ""} |`,
    ),
    "",
    padLine(pollock.scores),
  ];
}

function points(lost) {
  return lost < 0.0005 ? "< 0.001" : lost.toFixed(3);
}

function spectrumLine({ title, different }) {
  const why =
    different.length === 1 && different[0] === "location_coordinates.csv"
      ? ": the JSON of `location_coordinates.csv` holds another telephone number than the file itself, and is equal otherwise"
      : different.length === 0
        ? ""
        : `: not ${different.map((file) => `\`${file}\``).join(", ")}`;
  return `[csv-spectrum](https://github.com/max-mapper/csv-spectrum): ${title.replace(/^csv-spectrum: /, "")}${why}.`;
}

/** What the policy for short records is worth. */
function padLine(scores) {
  const [reject, pad] = scores;
  const gain = (of) => `${pad[of] - reject[of] < 0 ? "−" : "+"}${Math.abs(pad[of] - reject[of]).toFixed(3)}`;
  return `Short records are rejects where nothing else was said. With \`ragged: "pad"\` for all files the score changes by ${gain("simple")} simple and ${gain("weighted")} weighted: a record that lost a delimiter in its middle is then accepted with every value behind it in the wrong column. Pollock takes nothing off for a delimiter too many where the record still ends in an empty field: it joins the fields of a record before it compares. Here such a record is read too, shifted, and a warning names each column that it makes text of.`;
}
