import type { Profile, ProfileWarning, TopValue } from "./profile.ts";
import type { LookedAt } from "./profile-source.ts";

const MOSTLY = 0.9;
/** A few that are written otherwise are a doubt; many are another kind of column. */
const DOMINANT = 0.9;

/** What a person should look at before using the source, the whole first. */
export function profileWarnings(
  { rows, duplicates }: Pick<Profile, "rows" | "duplicates">,
  columns: readonly LookedAt[],
): readonly ProfileWarning[] {
  if (rows === 0) return [{ column: null, kind: "empty", message: "there are no rows" }];
  const found: ProfileWarning[] = columns.flatMap((looked) => [...columnWarnings(looked)]);
  if (duplicates !== null && duplicates > 0) {
    const message = `${counted(duplicates, "row is", "rows are")} equal to an earlier one`;
    found.unshift({ column: null, kind: "duplicates", message });
  }
  return found;
}

function* columnWarnings(looked: LookedAt): Generator<ProfileWarning> {
  const { column, text, folded, numbers } = looked;
  const { rows, nulls, distinct, exact } = column;
  const values = rows - nulls;
  const warn = (kind: ProfileWarning["kind"], message: string): ProfileWarning => ({
    column: column.column,
    kind,
    message,
  });
  if (values === 0) {
    yield warn("null", "no row has a value");
    return;
  }
  if (nulls / rows >= MOSTLY) yield warn("mostly-null", `${percent(nulls / rows)} of the rows have no value`);
  if (distinct === 1 && rows > 1 && nulls === 0) {
    yield warn("constant", `every row has the same value, ${JSON.stringify(column.min ?? "")}`);
  }
  if (exact && nulls === 0 && rows > 1 && distinct === rows && /^(?:u?int|string|uuid)/.test(column.type)) {
    yield warn("possible-key", "every value is there once: it may be a key");
  }
  if (column.outliers !== null && column.outliers > 0 && !isSequence(column)) {
    const range = `${column.min} to ${column.max}, the middle half ${column.q25} to ${column.q75}`;
    yield warn("outliers", `${counted(column.outliers, "value is", "values are")} far from the rest (${range})`);
  }
  if (text === null) return;
  if (text.leadingZeros > 0 && text.digits / values >= MOSTLY) {
    yield warn(
      "leading-zeros",
      `${counted(text.leadingZeros, "value begins", "values begin")} with a zero: as numbers they would lose it`,
    );
  } else if (numbers / column.patternsOf >= MOSTLY && numbers < column.patternsOf) {
    const others = counted(column.patternsOf - numbers, "value is no number", "values are no numbers");
    const of = column.patternsOf < values ? ` of the first ${column.patternsOf}` : "";
    yield warn("numbers-as-text", `${others}${of}, all others are`);
  }
  if (text.blankEdges > 0) {
    yield warn("blanks", `${counted(text.blankEdges, "value begins or ends", "values begin or end")} with a blank`);
  }
  if (folded !== null && folded < distinct) {
    yield warn("case", `${counted(distinct - folded, "value differs", "values differ")} from another by case only`);
  }
  const mixed = mixedFormats(column.patterns, column.patternsOf);
  if (mixed !== undefined) yield warn("mixed-formats", mixed);
}

/** Whole numbers that only tell things apart, one after the other with few left out, are nowhere far. */
function isSequence({ type, rows, nulls, distinct, q25, q75 }: LookedAt["column"]): boolean {
  const values = rows - nulls;
  return /^u?int/.test(type) && distinct >= values && Number(q75) - Number(q25) <= values;
}

/** Most values are written alike, digits among them, and some are not. */
function mixedFormats(patterns: readonly TopValue[], of: number): string | undefined {
  const shapes = new Map<string, TopValue>();
  for (const { value, rows } of patterns) {
    const shape = value.replace(/9+/g, "9").replace(/A+/g, "A").replace(/a+/g, "a");
    shapes.set(shape, { value: shapes.get(shape)?.value ?? value, rows: rows + (shapes.get(shape)?.rows ?? 0) });
  }
  const [first, second] = [...shapes.values()].toSorted((a, b) => b.rows - a.rows);
  if (first === undefined || second === undefined || !first.value.includes("9")) return undefined;
  const share = first.rows / of;
  if (share < DOMINANT || share === 1) return undefined;
  return `${percent(share)} are written like ${first.value}, others like ${second.value}`;
}

function counted(count: number, one: string, many: string): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ",")} ${count === 1 ? one : many}`;
}

/** Never 100 % of what is not all. */
export function percent(share: number): string {
  const rounded = Math.round(share * 1000) / 10;
  if (rounded === 100 && share < 1) return "99.9 %";
  if (rounded === 0 && share > 0) return "0.1 %";
  return `${rounded} %`;
}
