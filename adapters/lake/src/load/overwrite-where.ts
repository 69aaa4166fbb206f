import { join } from "node:path";
import {
  type Expression,
  familyOf,
  mapOperands,
  type OpenContext,
  parseType,
  type Relation,
  rowsOutside,
  SluiceError,
  type StageRequest,
  type WrittenFile,
  walkExpression,
} from "@sluice/core";
import { type LakeAddress, nameOf } from "../config.ts";
import type { LiveFile } from "../format/table.ts";
import { conditionOf } from "../pruning/condition.ts";
import { assertFiles } from "../scan/assert-files.ts";
import { typeTextOf } from "../types.ts";
import { askEngine } from "./ask-engine.ts";
import { isNotTrue } from "./is-not-true.ts";
import { batchInput, inputsOf } from "./load-inputs.ts";
import { mayHold } from "./may-hold.ts";
import type { Change } from "./publish.ts";
import { FILE_COLUMN } from "./rewrite.ts";
import { fieldOf, outputFor, type TargetPlan } from "./target-plan.ts";

/** Rows that arrive for those that meet a condition. */
export interface ConditionalOverwrite {
  readonly address: LakeAddress;
  readonly plan: TargetPlan;
  readonly where: Expression;
  readonly live: readonly LiveFile[];
  readonly request: StageRequest;
  readonly context: OpenContext;
  /** The rows that arrive. */
  readonly files: readonly WrittenFile[];
}

/**
 * Takes out every stored row that meets the condition. A file that holds none of them stays, one that holds nothing else goes
 * as a whole, and of the others the rest is written anew.
 *
 * @throws SluiceError `data` where a row arrives that does not meet it
 */
export async function overwriteWhere(
  overwrite: ConditionalOverwrite,
): Promise<Pick<Change, "added" | "removed" | "counts" | "condition">> {
  const { address, plan, where, live, request, context, files } = overwrite;
  const shown = nameOf(address);
  const { signal } = request;
  await assertMeets(overwrite, shown);
  const meets = overFields(where, plan);
  const condition = conditionOf(meets);
  const isCandidate = mayHold(plan, condition);
  const candidates = live.filter(({ entry }) => isCandidate(entry.file));
  await assertFiles(shown, candidates);
  const batch = batchInput(plan, request, files);
  const ask = (stored?: readonly string[]) =>
    askEngine(
      context,
      inputsOf(plan, request, candidates, batch, shown, stored === undefined ? {} : { stored }),
      signal,
    );
  const found = await ask().rows({
    kind: "aggregate",
    input: { kind: "filter", input: STORED, condition: meets },
    by: [FILE_COLUMN],
    columns: [["rows", COUNT]],
  });
  const going = new Map(found.map(([location, rows]) => [String(location), Number(rows)]));
  const removed = [...going.keys()];
  const parts = candidates.filter(({ entry: { file }, deletes }) => {
    const rows = going.get(file.path);
    return rows !== undefined && (deletes.length > 0 || rows < file.recordCount);
  });
  const id = `${request.commitId.slice(0, 16)}-${++overwrites}`;
  const rest: readonly WrittenFile[] =
    parts.length === 0
      ? []
      : await ask(parts.map(({ entry }) => entry.file.path)).write(
          { kind: "filter", input: STORED, condition: isNotTrue(meets) },
          outputFor(plan, address, join(context.scratch, `kept-${id}`), true),
        );
  const inserted = files.reduce((sum, { rows }) => sum + rows, 0);
  const deleted = [...going.values()].reduce((sum, rows) => sum + rows, 0);
  return { added: [...files, ...rest], removed, counts: { inserted, deleted }, condition };
}

/**
 * Refuses a condition on a column that the table does not keep as what it is in the load: it would be another condition there.
 *
 * @throws SluiceError `unsupported`
 */
export function assertStoredAlike(where: Expression, { schema }: StageRequest, plan: TargetPlan, shown: string): void {
  walkExpression(where, (node) => {
    if (node.kind !== "column") return;
    const type = schema.columns.find(({ name }) => name === node.name)?.type;
    const field = fieldOf(plan.fields, node.name);
    if (type === undefined || field === undefined) return;
    const stored = typeTextOf(field.type);
    if (familyOf(parseType(type)) === familyOf(parseType(stored))) return;
    throw new SluiceError("unsupported", `${shown} keeps "${node.name}" as ${stored}, and where asks for ${type}`, {
      offending: node.name,
      hint: "name other columns in where, or cast the column before the load",
    });
  });
}

let overwrites = 0;

const STORED: Relation = { kind: "scan", source: { dataset: "stored" } };
const BATCH: Relation = { kind: "scan", source: { dataset: "batch" } };
const COUNT: Expression = { kind: "call", name: "count", arguments: [] };

/** A row that is not replaced by its next load would be there twice. */
async function assertMeets(
  { plan, where, request, context, files }: ConditionalOverwrite,
  shown: string,
): Promise<void> {
  const asked = askEngine(context, new Map([["batch", batchInput(plan, request, files)]]), request.signal);
  const input: Relation = { kind: "filter", input: BATCH, condition: isNotTrue(where) };
  const [[outside = 0] = []] = await asked.rows({ kind: "aggregate", input, by: [], columns: [["rows", COUNT]] });
  if (Number(outside) === 0) return;
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  throw rowsOutside(shown, { where, outside: Number(outside), rows });
}

/** The condition over the columns of the table, which may be written otherwise than those of the load. */
function overFields(condition: Expression, { arriving }: Pick<TargetPlan, "arriving">): Expression {
  if (condition.kind !== "column") return mapOperands(condition, (operand) => overFields(operand, { arriving }));
  const field = arriving.find(({ name }) => name === condition.name)?.field;
  return field === undefined ? condition : { kind: "column", name: field.name };
}
