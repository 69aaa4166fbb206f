import { readFileSync } from "node:fs";
import { join } from "node:path";
import { didYouMean, type FrozenDataset, isTypeText, SluiceError } from "@sluice/core";
import { z } from "zod";

const text = z.string();
const address = z.looseObject({ type: text });
const dialect = z.strictObject({
  delimiter: text,
  quote: text,
  escape: text,
  header: z.boolean(),
  newline: z.enum(["lf", "crlf", "cr", "mixed"]),
  encoding: text,
  quotedEmpty: z.enum(["text", "null"]),
  compression: z.enum(["none", "gzip"]),
});
const column = z.strictObject({
  name: text,
  type: text.refine(isTypeText, "a type such as int64"),
  nullable: z.boolean(),
  format: text.optional(),
  words: z.tuple([z.array(text), z.array(text)]).optional(),
  comment: text.optional(),
});
const frozenSchema = z.strictObject({
  version: z.literal(1),
  name: text,
  source: address,
  dialect: dialect.optional(),
  columns: z.array(column).min(1),
  maxRejects: z.union([z.number(), text]).optional(),
  validate: z.enum(["all", "used"]),
  drift: z.enum(["fail", "warn"]),
  reordered: z.enum(["fail", "warn", "accept"]),
  stage: z.enum(["volatile", "persistent"]),
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
  const refuse = (message: string, hint: string): never => {
    throw new SluiceError("config", `${message} in the frozen schema of "${name}"`, { at: { file }, hint });
  };
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (thrown) {
    return refuse((thrown as Error).message, `run "sluice sync ${name}" to write it again`);
  }
  const parsed = frozenSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.join(".") ?? "";
    return refuse(`"${path}" is wrong: ${issue?.message}`, `run "sluice sync ${name}" to write it again`);
  }
  return parsed.data as FrozenDataset;
}

/**
 * The frozen dataset of a name that a pipeline reads.
 *
 * @throws SluiceError `config` where no dataset has the name, or it was never synced
 */
export function requireFrozen(
  schemasFolder: string,
  name: string,
  { configured, path }: { readonly configured: readonly string[]; readonly path?: string },
): FrozenDataset {
  const at = path === undefined ? {} : { at: { file: "", path } };
  if (!configured.includes(name)) {
    throw new SluiceError("config", `no dataset is named "${name}"`, {
      ...at,
      offending: name,
      hint: didYouMean(name, configured, "datasets"),
    });
  }
  const frozen = readFrozen(schemasFolder, name);
  if (frozen !== undefined) return frozen;
  throw new SluiceError("config", `the schema of the dataset "${name}" is not frozen yet`, {
    ...at,
    offending: name,
    hint: `run "sluice sync ${name}"`,
    reason: "not-synced",
  });
}
