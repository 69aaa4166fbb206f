import { literalProblem } from "../catalogue/literal.ts";
import { SluiceError } from "../errors.ts";
import { givenColumns, ROW_HASH } from "../incremental/slice.ts";
import type { IncrementalNode } from "../ir/relation.ts";
import type { Column } from "../schema/schema.ts";
import { type Family, familyOf, parseType, type TypeText } from "../schema/types.ts";
import { isCastable } from "./cast.ts";
import { required } from "./node-columns.ts";

const GROWING: readonly Family[] = ["int", "decimal", "float", "text", "date", "timestamp", "timestamptz", "uuid"];
const MOMENTS: readonly Family[] = ["date", "timestamp", "timestamptz"];
const NUMBERS: readonly Family[] = ["int", "decimal", "float"];

/** The columns of an incremental read; the cursor has to be of a type whose values stand in an order, the bounds of that type. */
export function incrementalColumns(
  node: IncrementalNode,
  input: readonly Column[],
  parameters: ReadonlyMap<string, TypeText>,
): readonly Column[] {
  const reserved = input.find(
    ({ name }) => name.toLowerCase() === ROW_HASH && node.input.kind === "scan" && "dataset" in node.input.source,
  );
  if (reserved !== undefined) {
    throw new SluiceError("config", `"${reserved.name}" is a name that an incremental read keeps for itself`, {
      offending: reserved.name,
    });
  }
  for (const name of node.key ?? []) required(name, input);
  if (node.deleted !== undefined && input.some(({ name }) => name.toLowerCase() === node.deleted?.toLowerCase())) {
    throw new SluiceError("config", `there is a column "${node.deleted}" already`, {
      offending: node.deleted,
      hint: "give deleted another name",
    });
  }
  if (node.cursor !== undefined) assertCursor(node, node.cursor, input, parameters);
  return givenColumns(node, input);
}

function assertCursor(
  node: IncrementalNode,
  name: string,
  input: readonly Column[],
  parameters: ReadonlyMap<string, TypeText>,
): void {
  required(name, input);
  const type = input.find((column) => column.name === name)?.type ?? "string";
  const family = familyOf(parseType(type));
  if (!GROWING.includes(family) || parseType(type).kind === "enum") {
    throw new SluiceError("config", `the cursor "${name}" is ${type}, whose values do not grow`, {
      offending: name,
      hint: "a cursor is a number, a date, a time of change, or text in the order of its letters",
    });
  }
  if (node.lag !== undefined) {
    const isDuration = node.lag.startsWith("P");
    const fits = isDuration ? MOMENTS.includes(family) : NUMBERS.includes(family);
    const isWholeDays = family !== "date" || /^P\d+D$/.test(node.lag);
    if (!fits || !isWholeDays) {
      throw new SluiceError(
        "config",
        `a lag of ${node.lag} cannot be taken from the cursor "${name}", which is ${type}`,
        {
          offending: node.lag,
          hint: MOMENTS.includes(family)
            ? `write a duration${family === "date" ? " of whole days" : ""}: "2 days"`
            : NUMBERS.includes(family)
              ? "write a number"
              : "leave it out: text has no distances",
        },
      );
    }
  }
  for (const member of ["initial", "end"] as const) {
    const value = node[member];
    if (value?.kind === "parameter") {
      const given = parameters.get(value.name);
      if (given === undefined || isCastable(given.replace(/\?$/, ""), type)) continue;
      throw new SluiceError(
        "config",
        `${member} of incremental is $${value.name}, of type ${given}, and the cursor "${name}" is ${type}`,
        {
          offending: `$${value.name}`,
        },
      );
    }
    if (value?.kind !== "literal") continue;
    const problem = literalProblem(value.value, parseType(type));
    if (problem === undefined) continue;
    throw new SluiceError("config", `${member} of incremental: ${JSON.stringify(value.value)} ${problem}`, {
      offending: String(value.value),
    });
  }
}
