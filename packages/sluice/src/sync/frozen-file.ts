import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type FrozenDataset, isTypeText, SluiceError } from "@sluice/core";
import { z } from "zod";
import { whileWriting } from "../project/own-folder.ts";

const text = z.string();
const dialect = z.strictObject({
  delimiter: text.min(1),
  quote: text.max(1),
  escape: text.max(1),
  header: z.boolean(),
  newline: z.enum(["lf", "crlf", "cr", "mixed"]),
  encoding: text.min(1),
  quotedEmpty: z.enum(["text", "null"]),
  compression: z.enum(["none", "gzip"]),
});
const column = z.strictObject({
  name: text.min(1),
  type: text.refine(isTypeText, "a type such as int64"),
  nullable: z.boolean(),
  format: text.optional(),
  words: z.tuple([z.array(text), z.array(text)]).optional(),
  comment: text.optional(),
});

/** What `schemas/<name>.json` holds. */
export const frozenSchema = z.strictObject({
  version: z.literal(1),
  name: text.min(1),
  source: z.looseObject({ type: text }),
  dialect: dialect.optional(),
  columns: z.array(column).min(1),
  maxRejects: z.union([z.number(), text]).optional(),
  validate: z.enum(["all", "used"]),
  drift: z.enum(["fail", "warn"]),
  reordered: z.enum(["fail", "warn", "accept"]),
  stage: z.enum(["volatile", "persistent"]),
  partial: z.literal(true).optional(),
  warnings: z.array(text),
});

/** The file in which the schema of a dataset is frozen. */
export function frozenFile(schemasFolder: string, name: string): string {
  return join(schemasFolder, `${name}.json`);
}

/**
 * The frozen dataset, or undefined where it was never synced.
 *
 * @throws SluiceError `config` where the file is not what `sluice sync` writes
 */
export function readFrozen(schemasFolder: string, name: string): FrozenDataset | undefined {
  const file = frozenFile(schemasFolder, name);
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw thrown;
  }
  return parseFrozen(content, file, name);
}

/**
 * Reads the text of a frozen schema.
 *
 * @throws SluiceError `config` naming the member that is wrong
 */
export function parseFrozen(content: string, file: string, name: string): FrozenDataset {
  const refuse = (says: string, offending: string): never => {
    throw new SluiceError("config", `the frozen schema of "${name}" ${says}`, {
      at: { file },
      offending,
      hint: `run "sluice sync ${name}" to write it again`,
    });
  };
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (thrown) {
    return refuse(`is not JSON: ${(thrown as Error).message}`, content.slice(0, 40));
  }
  const parsed = frozenSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.join(".") ?? "";
    return refuse(`is wrong: ${path === "" ? "it" : path}: ${issue?.message ?? "is not valid"}`, path);
  }
  const frozen = parsed.data as FrozenDataset;
  if (frozen.name !== name) return refuse(`is that of "${frozen.name}"`, frozen.name);
  return frozen;
}

/**
 * The text of a frozen schema: members in one order, a line for each column, so that a change reads well in review.
 *
 * @example
 * // {
 * //   "version": 1,
 * //   "name": "crashes",
 * //   …
 * //   "columns": [
 * //     { "name": "crash_hour", "type": "int64", "nullable": true, "comment": "int64; like \"14\"" },
 */
export function formatFrozen(frozen: FrozenDataset): string {
  const { version, name, source, dialect: how, columns, maxRejects, ...rest } = frozen;
  const { validate, drift, reordered, stage, partial, warnings } = rest;
  const members: readonly (readonly [string, unknown])[] = [
    ["version", version],
    ["name", name],
    ["source", source],
    ["dialect", how],
    ["columns", columns],
    ["maxRejects", maxRejects],
    ["validate", validate],
    ["drift", drift],
    ["reordered", reordered],
    ["stage", stage],
    ["partial", partial],
    ["warnings", warnings],
  ];
  const lines = members
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${JSON.stringify(key)}: ${Array.isArray(value) ? listText(value) : lineText(value)}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

/** Writes a frozen schema, all of it or nothing; a file that is the same already is not touched. */
export function writeFrozen(schemasFolder: string, frozen: FrozenDataset): boolean {
  return writeWhole(frozenFile(schemasFolder, frozen.name), formatFrozen(frozen));
}

/** Writes a text file aside and renames it. False where it held that text before. */
export function writeWhole(file: string, content: string): boolean {
  if (contentOf(file) === content) return false;
  const aside = `${file}.${process.pid}.tmp`;
  try {
    whileWriting(file, () => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(aside, content);
      renameSync(aside, file);
    });
  } catch (thrown) {
    rmSync(aside, { force: true });
    throw thrown;
  }
  return true;
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw thrown;
  }
}

function listText(items: readonly unknown[]): string {
  return items.length === 0 ? "[]" : `[\n${items.map((item) => `    ${lineText(item)}`).join(",\n")}\n  ]`;
}

/** JSON on one line, with blanks where a person would put them. */
function lineText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(lineText).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.length === 0) return "{}";
  return `{ ${members.map(([key, member]) => `${JSON.stringify(key)}: ${lineText(member)}`).join(", ")} }`;
}
