// Where points are lost, by kind of pollution.
import { MEASURES } from "./pollock-measures.mjs";

/** Kinds that lose something, the one that costs most in the weighted score first. */
export function lossesOf(files, weights) {
  const total = files.reduce((sum, { file }) => sum + (weights[file] ?? 0), 0);
  const kinds = new Map();
  for (const { file, note, measures } of files) {
    const lost = MEASURES.length - MEASURES.reduce((sum, name) => sum + measures[name], 0);
    if (lost < 1e-9) continue;
    const kind = kindOf(file);
    const before = kinds.get(kind) ?? { kind, files: 0, simple: 0, weighted: 0, worst: 0, note: "" };
    kinds.set(kind, {
      kind,
      files: before.files + 1,
      simple: before.simple + lost / files.length,
      weighted: before.weighted + (lost * (weights[file] ?? 0)) / total,
      ...(lost > before.worst
        ? { worst: lost, note: `${file}${note === "" ? "" : `: ${note}`}` }
        : { worst: before.worst, note: before.note }),
    });
  }
  return [...kinds.values()]
    .sort((one, other) => other.weighted - one.weighted)
    .map(({ worst: _worst, ...loss }) => loss);
}

/** `row_less_sep_row8_col1.csv` is of the kind `row_less_sep`; that of the header is one of its own. */
function kindOf(file) {
  const name = file.replace(/\.csv$/, "");
  if (!name.startsWith("row_")) return name;
  const isHeader = /(?:row0_|quote0_|delimiter_0_)/.test(name);
  const kind = name.replace(/_?(?:row)?\d+_col\d+$/, "").replace(/_\d+_0x/, "_0x");
  return isHeader ? `${kind} in the header` : kind;
}
