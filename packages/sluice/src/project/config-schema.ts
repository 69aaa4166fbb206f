import { canonicalLag, expectedText, isRejectLimit, isTypeText, withoutNullMarks } from "@sluice/core";
import { z } from "zod";
import { sourceOf } from "../dataset-options.ts";

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a name of letters, digits and _");
const folder = z.string().min(1);

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

/** Bytes from text such as `512MB` or `1.5 GiB`, or undefined. */
export function parseBytes(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(text.trim()) ?? [];
  const factor = UNITS[unit.toUpperCase()];
  return count === undefined || factor === undefined ? undefined : Math.floor(Number(count) * factor);
}

const memory = z.union([z.number().int().positive(), z.string()]).transform((value, context) => {
  const bytes = typeof value === "number" ? value : parseBytes(value);
  if (bytes !== undefined && bytes >= 64e6) return bytes;
  context.addIssue({ code: "custom", message: 'at least 64 MB, written like "2GB"', input: value });
  return z.NEVER;
});

const type = z.string().superRefine((text, context) => {
  if (isTypeText(text)) return;
  const bare = withoutNullMarks(text);
  const why = /^[^?]*\?$/.test(text)
    ? "every column that is not in required may be null"
    : "what is nested may always be null";
  const message = bare === undefined ? "a type such as int64" : `"${bare}", since ${why}`;
  context.addIssue({ code: "custom", message, input: text });
});
const texts = z.array(z.string());
const byColumn = z.record(z.string(), z.string());
const datasetOptions = z.looseObject({
  columns: texts.min(1).optional(),
  types: z.record(z.string(), type).optional(),
  formats: byColumn.optional(),
  required: texts.optional(),
  maxRejects: z
    .union([
      z.number().int().min(0),
      z.string().refine(isRejectLimit, 'a count, or a share of at most 100% such as "0.5%"'),
    ])
    .optional(),
  validate: z.enum(["all", "used"]).optional(),
  drift: z.enum(["fail", "warn", "evolve"]).optional(),
  driftOf: z.record(z.string(), z.enum(["fail", "evolve", "discardRow", "discardValue"])).optional(),
  reordered: z.enum(["fail", "warn", "accept"]).optional(),
  stage: z.enum(["volatile", "persistent"]).optional(),
  keep: z
    .union([
      z.number().int().min(1),
      z.string().refine((text) => canonicalLag(text)?.startsWith("P") === true, 'a count, or a time such as "7 days"'),
    ])
    .optional(),
});

const source = z.unknown().transform((value, context) => {
  const found = sourceOf(value);
  if (found !== undefined) {
    const { error } = datasetOptions.safeParse(found.options);
    for (const issue of error?.issues ?? []) {
      const { path } = issue;
      const given = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)[key], found.options);
      context.addIssue({ code: "custom", path, message: expectedText(issue), input: given, params: { given } });
    }
    return found;
  }
  context.addIssue({ code: "custom", message: 'a source such as csv("data/x.csv")', input: value });
  return z.NEVER;
});

const PROJECT = "an id of letters, digits, _, - and .";

/** What `sluice.config.ts` may hold; errors, types and documentation come from here. */
export const configSchema = z.strictObject({
  project: z.string(PROJECT).regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, PROJECT),
  datasets: z.record(name, source).default({}),
  connections: z.record(name, z.looseObject({ type: z.string() })).default({}),
  lake: z.strictObject({ path: folder.default("lake"), catalog: name.optional() }).default({ path: "lake" }),
  memory: memory.optional(),
  parallel: z.number().int().min(1).max(64).default(2),
  leaseMs: z.number().int().min(1000).max(3_600_000).optional(),
  paths: z
    .strictObject({
      pipelines: folder.default("pipelines"),
      schemas: folder.default("schemas"),
      state: folder.default(".sluice"),
      secrets: folder.default(".env"),
    })
    .default({ pipelines: "pipelines", schemas: "schemas", state: ".sluice", secrets: ".env" }),
});

export type ParsedConfig = z.output<typeof configSchema>;
