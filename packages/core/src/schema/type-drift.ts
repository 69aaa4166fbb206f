import { SluiceError } from "../errors.ts";
import { isSameType } from "../infer/diff-schemas.ts";
import { acceptHint } from "./accept-hint.ts";
import type { ColumnDrift } from "./column-drift.ts";
import type { FrozenColumn, FrozenDataset } from "./frozen.ts";
import type { TypeText } from "./types.ts";
import { widerType } from "./wider-type.ts";

/** The type as which a source would give a column now. */
export interface TypeNow {
  readonly type: TypeText;
  /** What a person is told where the type says it badly: `numeric`. */
  readonly shown?: string;
}

/**
 * The drift of a table whose columns are read as another type now; undefined where there is none. A column of which its author
 * says the type, or that the source does not tell, is none.
 *
 * @example
 * typeDrift(dataset, "sqlite:shop.db#t", ({ name }) => ({ type: types.get(name) }))?.message; // sqlite:shop.db#t is not what was frozen as "t": "id" was int64 and is string
 */
export function typeDrift(
  { name: dataset, columns }: Pick<FrozenDataset, "name" | "columns">,
  shown: string,
  typeNow: (column: FrozenColumn) => TypeNow | undefined,
): SluiceError | undefined {
  const retyped = columns.flatMap((column) => {
    const now = column.asFound === true ? typeNow(column) : undefined;
    return now === undefined || isHeld(column, now.type) ? [] : [{ column, now }];
  });
  const [first] = retyped;
  if (first === undefined) return undefined;
  const changes = retyped.map(
    ({ column: { name, type }, now }): ColumnDrift => ({
      kind: "retyped",
      column: name,
      from: type,
      to: now.shown ?? now.type,
    }),
  );
  const sentences = changes.map(({ column, from, to }) => `${JSON.stringify(column)} was ${from} and is ${to}`);
  return new SluiceError("data", `${shown} is not what was frozen as "${dataset}": ${sentences.join("; ")}`, {
    reason: "drift",
    offending: first.column.name,
    hint: acceptHint(dataset),
    drift: { dataset, changes },
  });
}

/** One that evolves took up what is wider before the run was planned, and holds what is narrower. */
function isHeld(column: FrozenColumn, type: TypeText): boolean {
  if (isSameType(column, { ...column, type })) return true;
  const wider = column.evolves === true ? widerType(column.type, type) : undefined;
  return wider !== undefined && isSameType(column, { ...column, type: wider });
}
