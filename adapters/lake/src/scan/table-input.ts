import {
  type FrozenColumn,
  type InputFile,
  isSluiceError,
  type Json,
  type PositionDeletes,
  type ScannableInput,
  SluiceError,
} from "@sluice/core";
import { pathOf } from "../format/location.ts";
import type { ColumnType, Field } from "../format/model.ts";
import type { LiveFile } from "../format/table.ts";
import { fieldNamesOf } from "../schema/name-mapping.ts";
import { fieldIdOf } from "../types.ts";

export interface TableInput {
  /** As people write it. */
  readonly shown: string;
  readonly files: readonly LiveFile[];
  /** Files that are not published yet: by path. */
  readonly staged?: readonly { readonly path: string; readonly bytes: number; readonly rows: number }[];
  /** The columns to give, each with the field of the table that holds it. */
  readonly columns: readonly { readonly column: FrozenColumn; readonly field: Field }[];
  /** The name of a column that gives the location of each row's file. */
  readonly fileColumn?: string;
  /** Of the table: they may say what files without numbers call its columns. */
  readonly properties: Readonly<Record<string, string>>;
  readonly identity: Json;
}

/**
 * Files of a table as the engine reads them.
 *
 * @throws SluiceError `unsupported` for what is not Parquet, and for deletes by value
 */
export function tableInput(given: TableInput): ScannableInput {
  const { shown, files, staged = [], columns, fileColumn, properties, identity } = given;
  const input: InputFile[] = files.map(({ entry: { file } }) => {
    if (file.format !== "parquet") throw unsupported(shown, `data files in ${file.format}`, file.path);
    const values = fileColumn === undefined ? {} : { values: [file.path] };
    return { path: pathOf(file.path), origin: file.path, bytes: file.sizeBytes, rows: file.recordCount, ...values };
  });
  const own = staged.map(({ path, bytes, rows }) => ({ path, origin: shown, bytes, rows }));
  const deletes = deletesOf(shown, files);
  const frozen = columns.map(({ column }) => column);
  const nested = columns
    .filter(({ field }) => holdsStruct(field.type))
    .map(({ column, field }) => ({ ...fieldIdOf(field), name: column.name }));
  const names = namesIn(
    properties,
    columns.map(({ field }) => field),
    shown,
  );
  const file: FrozenColumn[] =
    fileColumn === undefined ? [] : [{ name: fileColumn, type: "string", nullable: false, partition: true }];
  return {
    format: "parquet",
    groups: [{ order: frozen.map(({ name }) => name), files: [...input, ...own] }],
    columns: [...frozen, ...file],
    ...(nested.length === 0 ? {} : { nested }),
    ...names,
    fieldIds: [...columns.map(({ field }) => field.id), ...file.map(() => -1)],
    ...(deletes.length === 0 ? {} : { deletes }),
    validate: "used",
    identity,
  };
}

/** Most tables have no file that needs the names, so one whose names are damaged is read as far as it needs none. */
function namesIn(
  properties: Readonly<Record<string, string>>,
  fields: readonly Field[],
  shown: string,
): Pick<ScannableInput, "fieldNames" | "fieldNamesProblem"> {
  try {
    const fieldNames = fieldNamesOf(properties, fields, shown);
    return fieldNames === undefined ? {} : { fieldNames };
  } catch (error) {
    if (!isSluiceError(error) || error.code !== "data") throw error;
    const { message, offending = "", hint = "" } = error;
    return { fieldNamesProblem: { message, offending, hint } };
  }
}

function holdsStruct(type: ColumnType): boolean {
  switch (type.kind) {
    case "struct":
      return true;
    case "list":
      return holdsStruct(type.element);
    case "map":
      return holdsStruct(type.key) || holdsStruct(type.value);
    default:
      return false;
  }
}

/** Which delete file is about which of the data files. */
function deletesOf(shown: string, files: readonly LiveFile[]): readonly PositionDeletes[] {
  const found = new Map<string, { name: string; path: string }[]>();
  for (const { entry, deletes } of files) {
    for (const { file } of deletes) {
      if (file.content === "equality-deletes")
        throw unsupported(shown, "rows deleted by value (equality deletes)", file.path);
      if (file.format !== "parquet") throw unsupported(shown, `deletes in ${file.format}`, file.path);
      const of = found.get(file.path) ?? [];
      found.set(file.path, of);
      // Whoever wrote the deletes knows the file by this very text.
      of.push({ name: entry.file.path, path: pathOf(entry.file.path) });
    }
  }
  return [...found].map(([path, of]) => ({ path: pathOf(path), of }));
}

function unsupported(shown: string, what: string, offending: string): SluiceError {
  return new SluiceError("unsupported", `${shown} holds ${what}, which is not read here`, {
    offending,
    hint: "have the program that wrote it write the table anew (Spark: call rewrite_data_files, with delete-file-threshold 1)",
  });
}
