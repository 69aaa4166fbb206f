import { type Address, assertLocalPath, closest, didYouMean, expectedText, SluiceError } from "@sluice/core";
import { z } from "zod";

const oneByte = z
  .string()
  .refine((text) => text.length === 1 && text > "\0" && text <= "\x7f", "one ASCII character")
  .refine((text) => text !== "\n" && text !== "\r", "anything but a line end");
const delimiter = z
  .string()
  .min(1)
  .max(4)
  .refine((text) => !/[\r\n\0]/.test(text), "one to four characters, no line ends")
  .refine((text) => !/\\[A-Za-z0]/.test(text), "the character itself, not a backslash and a letter");

const mark = z
  .string()
  .refine((text) => Array.from(text).length === 1 && !/[0-9A-Za-z+\r\n\0-]/.test(text), "one mark, such as a comma");

const SIZE = /^([1-9][0-9]{0,5}) ?(MB|GB)$/;

/** What an address of type `file` holds. `quote` is a character or "none" for a source; "minimal", "all" or "none" for a target. */
export const addressSchema = z.strictObject({
  type: z.literal("file"),
  path: z
    .string()
    .min(1)
    .refine((path) => !path.includes("\0"), "a path without NUL")
    .describe("A file, a glob (`data/*.csv`) or a template (`data/{day}.csv`), relative to the project's folder"),
  format: z
    .enum(["csv", "parquet", "fixed", "lines", "json", "ndjson"])
    .describe("What the file holds; known from its name's ending where absent"),
  at: z
    .string()
    .regex(/^\$/, "a path such as $.items")
    .optional()
    .describe("Where the records of a JSON document are: `$.items`"),
  delimiter: delimiter.optional().describe("What stands between two fields"),
  quote: z
    .union([z.enum(["none", "minimal", "all"]), oneByte])
    .optional()
    .describe("How fields are quoted"),
  escape: oneByte.optional().describe("What escapes a quote inside quotes; the quote itself where absent"),
  header: z.boolean().optional().describe("Whether the first record holds the names"),
  encoding: z.string().min(1).optional().describe("The encoding of a text file, by its WHATWG name"),
  newline: z.enum(["lf", "crlf", "cr", "mixed"]).optional().describe("How lines end"),
  quotedEmpty: z.enum(["text", "null"]).optional().describe("What a quoted empty field of a text column is"),
  nonFinite: z
    .enum(["fail", "null"])
    .optional()
    .describe("What NaN and infinity become in a JSON target: an error, or null"),
  compression: z.enum(["none", "gzip", "snappy", "zstd"]).optional().describe("How a target is compressed"),
  hive: z.boolean().optional().describe("Whether folders such as year=2024 are columns; found where absent"),
  level: z.int().min(1).max(22).optional().describe("How hard zstd works on a Parquet target: 1 is quick, 22 small"),
  rowGroupRows: z
    .int()
    .min(2048)
    .max(10_000_000)
    .optional()
    .describe("How many rows a row group of Parquet has at most, rounded up to a multiple of 2048"),
  partitions: z
    .array(z.string().min(1))
    .min(1)
    .refine((names) => new Set(names).size === names.length, "names that differ")
    .optional()
    .describe("Columns of a target whose values become folders: year=2024/month=1"),
  targetSize: z
    .string()
    .regex(SIZE, "a size such as 128MB, of at least 1MB")
    .optional()
    .describe("How large the files of a target shall be, roughly: 128MB"),
  nullText: z
    .string()
    .min(1)
    .refine((text) => !/["\r\n\0]/.test(text), "a word without quotes and line ends")
    .optional()
    .describe("What a null is in a delimited target; nothing where absent"),
  bom: z.boolean().optional().describe("Whether a delimited target begins with a byte order mark, which Excel wants"),
  comment: z
    .string()
    .min(1)
    .refine((text) => !/[\r\n\0]/.test(text), "letters without a line end")
    .optional()
    .describe("What a line begins with that is a comment"),
  skip: z.int().min(0).optional().describe("How many lines stand above the header"),
  skipEnd: z.int().min(0).optional().describe("How many lines stand below the last record"),
  decimal: mark.optional().describe("What stands between whole and fraction of a number; a point where absent"),
  thousands: mark.optional().describe("What may stand between groups of three digits"),
  nulls: z
    .array(z.string().min(1))
    .min(1)
    .refine((words) => new Set(words).size === words.length, "words that differ")
    .optional()
    .describe("Words that mean null where a whole unquoted field is one of them"),
  ragged: z
    .enum(["reject", "pad"])
    .optional()
    .describe("What a record with too few fields is: a reject where absent, or filled up with nulls"),
  columns: z
    .array(z.tuple([z.string().min(1), z.int().min(1), z.int().min(1)]))
    .min(1)
    .optional()
    .describe("For fixed width: the name, the first and the last character of each column, from 1"),
  short: z.enum(["reject", "pad"]).optional().describe("For fixed width: what a line that ends too early is"),
  trim: z
    .boolean()
    .optional()
    .describe(
      "Whether blanks around a value are left out; of texts of fixed width where absent, of delimited ones where they mean nothing",
    ),
});

export type FileAddress = z.infer<typeof addressSchema>;

const OPTIONS: readonly string[] = Object.keys(addressSchema.shape);
const DELIMITED = ["delimiter", "quote", "escape", "header", "quotedEmpty", "ragged"] as const;
const TEXT = ["encoding", "newline", "comment", "skip", "skipEnd"] as const;
const VALUES = ["decimal", "thousands", "nulls"] as const;
const FIXED = ["columns", "short"] as const;
const PARQUET_ONLY = ["level", "rowGroupRows"] as const;
const CSV_TARGET = ["nullText", "bom"] as const;
const FOLDER = ["partitions", "targetSize"] as const;
const JSON_ONLY = ["at", "nonFinite"] as const;
const AROUND = ["newline", "comment", "skip", "skipEnd"] as const;
/** Which members a format has no use for, and what it is called. */
const FOREIGN: Readonly<Record<FileAddress["format"], readonly [string, ...(readonly (keyof FileAddress)[])[]]>> = {
  csv: ["a delimited file", FIXED, JSON_ONLY, PARQUET_ONLY],
  parquet: ["a Parquet file", DELIMITED, TEXT, VALUES, FIXED, ["trim"], JSON_ONLY, CSV_TARGET],
  fixed: ["a file of fixed width", DELIMITED, JSON_ONLY, PARQUET_ONLY, CSV_TARGET, FOLDER],
  lines: ["a file of lines", DELIMITED, VALUES, FIXED, ["trim"], JSON_ONLY, PARQUET_ONLY, CSV_TARGET, FOLDER],
  json: ["a JSON file", DELIMITED, AROUND, VALUES, FIXED, ["trim"], PARQUET_ONLY, CSV_TARGET],
  ndjson: ["an NDJSON file", DELIMITED, AROUND, VALUES, FIXED, ["trim"], PARQUET_ONLY, CSV_TARGET, ["at"]],
};

/**
 * Checks an address, and adds the format where the name's ending says it.
 *
 * @throws SluiceError `config` naming the member
 */
export function parseAddress(address: Address): FileAddress & Address {
  if (typeof address.path === "string") assertLocalPath(address.path);
  const completed = address.format === undefined ? { ...address, format: formatOf(address.path) } : address;
  const result = addressSchema.safeParse(completed);
  if (!result.success) throw refusal(address, result.error.issues[0]);
  const checked = Object.fromEntries(Object.entries(result.data).filter(([, value]) => value !== undefined));
  const parsed = checked as unknown as FileAddress & Address;
  const [called, ...foreign] = FOREIGN[parsed.format];
  const other = foreign.flat().find((name) => parsed[name] !== undefined);
  if (other !== undefined) {
    throw new SluiceError("config", `${parsed.path}: ${called} has no "${other}"`, { offending: other });
  }
  if (parsed.format === "fixed") assertSpans(parsed);
  else assertTellable(parsed);
  assertMarks(parsed);
  return parsed;
}

/** A mark that means two things would make two numbers of one text. */
function assertMarks({ path, decimal = ".", thousands }: FileAddress): void {
  if (decimal !== thousands) return;
  throw new SluiceError("config", `${path}: "thousands" is ${JSON.stringify(thousands)}, and so is the decimal mark`, {
    offending: "thousands",
    hint: 'say both: decimal: ",", thousands: "."',
  });
}

function assertSpans({ path, columns }: FileAddress): void {
  const refuse = (says: string, offending: string): never => {
    throw new SluiceError("config", `${path}: ${says}`, {
      offending,
      hint: 'name every column with its first and its last character: columns: [["id", 1, 6], ["name", 8, 20]]',
    });
  };
  if (columns === undefined) refuse("a file of fixed width needs its columns", "columns");
  const names = new Set<string>();
  for (const [name, first, last] of columns ?? []) {
    if (first > last) refuse(`the column "${name}" ends at ${last}, before it begins at ${first}`, name);
    if (names.has(name.toLowerCase())) refuse(`two columns are called "${name}"`, name);
    names.add(name.toLowerCase());
  }
}

/** What stands between fields cannot also stand around them. */
function assertTellable({ path, delimiter, quote = '"' }: FileAddress): void {
  if (quote === "none") return;
  const character = quote === "minimal" || quote === "all" ? '"' : quote;
  if (delimiter?.includes(character) !== true) return;
  const message = `${path}: "delimiter" is ${JSON.stringify(delimiter)}, which holds the quote ${character}`;
  throw new SluiceError("config", message, { offending: delimiter, hint: "name another delimiter, or another quote" });
}

/**
 * As a person would write it.
 *
 * @example
 * nameOf({ type: "file", format: "csv", path: "data/x.csv" }); // "data/x.csv"
 */
export function nameOf(address: Address): string {
  return typeof address.path === "string" && address.path !== "" ? address.path : "a file";
}

function refusal(address: Address, issue: z.core.$ZodIssue | undefined): SluiceError {
  const name = nameOf(address);
  if (issue?.code === "unrecognized_keys") {
    const [unknown = ""] = issue.keys;
    return new SluiceError("config", `${name}: a file has no option "${unknown}"`, {
      offending: unknown,
      hint: didYouMean(unknown, OPTIONS, "its options"),
    });
  }
  const member = issue?.path.join(".") ?? "";
  if (member === "format" && address.format === undefined) {
    return new SluiceError("config", `${name}: what the file holds cannot be told from its name`, {
      offending: name,
      reason: "format",
      hint: ARCHIVE.test(name)
        ? name.includes("!")
          ? "archives in archives are not read: unpack it, and name what it holds"
          : `name the member that is meant: "${name}!*.csv"`
        : 'say it: format: "csv", "parquet", "json" or "ndjson"',
    });
  }
  const value = issue?.path.reduce<unknown>((at, key) => (at as Readonly<Record<PropertyKey, unknown>>)[key], address);
  const offending = typeof value === "string" ? value : (JSON.stringify(value) ?? member);
  if (issue?.code === "invalid_value") {
    const known = issue.values.map(String);
    const near = closest(String(value), known);
    const words = known.map((word) => JSON.stringify(word));
    const expected = [words.slice(0, -1).join(", "), words.at(-1)].filter((part) => part !== "").join(" or ");
    return new SluiceError("config", `${name}: "${member}" is ${JSON.stringify(value)}; expected ${expected}`, {
      offending,
      ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
    });
  }
  return new SluiceError(
    "config",
    `${name}: "${member}" is ${JSON.stringify(value) ?? "missing"}; expected ${issue === undefined ? "something else" : expectedText(issue)}`,
    { offending },
  );
}

const ARCHIVE = /\.(?:zip|tar|tgz|tar\.gz)$/i;

function formatOf(path: unknown): string | undefined {
  if (typeof path !== "string") return undefined;
  if (path === "-") return "csv";
  if (/\.(?:csv|tsv|tab|psv|txt|log|dat)(?:\.gz)?$/i.test(path)) return "csv";
  if (/\.(?:ndjson|jsonl|ldjson)(?:\.gz)?$/i.test(path)) return "ndjson";
  if (/\.json(?:\.gz)?$/i.test(path)) return "json";
  return /\.(?:parquet|pq)$/i.test(path) ? "parquet" : undefined;
}
