import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expectedText, type FrozenDataset, isSluiceError, isTypeText, SluiceError, systemCode } from "@sluice/core";
import { z } from "zod";
import { whileReading, whileWriting } from "../project/own-folder.ts";

const text = z.string();
const dialect = z.strictObject({
  delimiter: text,
  quote: text.max(1),
  escape: text.max(1),
  header: z.boolean(),
  newline: z.enum(["lf", "crlf", "cr", "mixed"]),
  encoding: text.min(1),
  quotedEmpty: z.enum(["text", "null"]),
  compression: z.enum(["none", "gzip"]),
  comment: text.min(1).optional(),
  skip: z.int().min(0).optional(),
  skipEnd: z.int().min(0).optional(),
  looseHeader: z.literal(true).optional(),
  ragged: z.literal("pad").optional(),
  fixed: z.strictObject({ short: z.enum(["reject", "pad"]), trim: z.boolean() }).optional(),
});
const column = z.strictObject({
  name: text.min(1),
  type: text.refine(isTypeText, "a type such as int64"),
  nullable: z.boolean(),
  format: text.optional(),
  formats: z.array(z.tuple([text, text])).optional(),
  words: z.tuple([z.array(text), z.array(text)]).optional(),
  decimal: text.min(1).optional(),
  thousands: text.min(1).optional(),
  nulls: z.array(text).optional(),
  partition: z.literal(true).optional(),
  trim: z.literal(true).optional(),
  span: z.tuple([z.int().min(1), z.int().min(1)]).optional(),
  declared: text.optional(),
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
  drift: z.enum(["fail", "warn", "evolve"]),
  reordered: z.enum(["fail", "warn", "accept"]),
  stage: z.enum(["volatile", "persistent"]),
  keep: z.union([z.int().min(1), text]).optional(),
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
    content = whileReading(file, () => readFileSync(file, "utf8"));
  } catch (thrown) {
    if (isSluiceError(thrown) && systemCode(thrown.cause) === "ENOENT") return undefined;
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
  const lines = content.split("\n");
  const refuse = (
    says: string,
    { line, offending, hint }: { line?: number; offending?: string; hint?: string },
  ): never => {
    throw new SluiceError("config", `the frozen schema of "${name}" ${says}`, {
      at: { file, ...(line === undefined ? {} : { line, column: 1 }) },
      ...(offending === undefined ? {} : { offending }),
      hint:
        hint ??
        `mend it, restore it from version control, or remove it and run "sluice sync ${name}" again, which freezes what the source is now`,
    });
  };
  const lineOf = (word: string): { line?: number } => {
    const index = lines.findIndex((line) => line.includes(word));
    return index === -1 ? {} : { line: index + 1 };
  };
  const conflict = lines.find((line) => /^(<<<<<<<|=======|>>>>>>>)/.test(line));
  if (conflict !== undefined)
    refuse("holds a merge conflict", { ...lineOf(conflict), offending: conflict.slice(0, 7) });
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (thrown) {
    const { message } = thrown as Error;
    const position = /position (\d+)/.exec(message)?.[1];
    const line = content
      .slice(0, position === undefined ? undefined : Number(position))
      .trimEnd()
      .split("\n").length;
    return refuse(`is not JSON: ${message}`, { line });
  }
  const version = (json as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > 1) {
    refuse(`is of version ${version}, which a newer sluice wrote; this one reads version 1`, {
      ...lineOf('"version"'),
      offending: '"version"',
      hint: "update sluice in this project to the one that wrote the file",
    });
  }
  const parsed = frozenSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.join(".") ?? "";
    const [first] = issue?.path ?? [];
    return refuse(
      `is wrong: ${path === "" ? "it" : path}: expected ${issue === undefined ? "something else" : expectedText(issue)}`,
      {
        ...(first === undefined ? {} : lineOf(`"${String(first)}"`)),
      },
    );
  }
  const frozen = parsed.data as FrozenDataset;
  if (frozen.name !== name) {
    return refuse(`is that of "${frozen.name}"`, { ...lineOf(`"${frozen.name}"`), offending: frozen.name });
  }
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
  const { validate, drift, reordered, stage, keep, partial, warnings } = rest;
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
    ["keep", keep],
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
