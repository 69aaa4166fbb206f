/**
 * The members of the address of a file, for editors: what the adapter takes is checked where the address is opened, since an
 * address may belong to any adapter.
 */
export const FILE_MEMBERS: Readonly<Record<string, object>> = {
  format: {
    type: "string",
    description: "csv, parquet, fixed, lines …: what a file holds; its ending tells where absent",
  },
  delimiter: { type: "string", description: "what stands between two fields" },
  header: { type: "boolean", description: "whether the first record holds the names" },
  quote: { type: "string", description: 'a source: the character, or "none"; a target: minimal, all, none' },
  encoding: { type: "string", description: "the encoding of a text, by its WHATWG name" },
  comment: { type: "string", description: "what a line begins with that is a comment" },
  skip: { type: "integer", minimum: 0, description: "how many lines stand above the header" },
  skipEnd: { type: "integer", minimum: 0, description: "how many lines stand below the last record" },
  decimal: { type: "string", description: "the mark between whole and fraction of a number" },
  thousands: { type: "string", description: "the mark that may stand between groups of three digits" },
  nulls: {
    type: "array",
    items: { type: "string" },
    description: "words that mean null where a whole unquoted field is one of them",
  },
  hive: { type: "boolean", description: "whether folders such as year=2024 are columns" },
  columns: {
    type: "array",
    items: {
      type: "array",
      prefixItems: [{ type: "string" }, { type: "integer", minimum: 1 }, { type: "integer", minimum: 1 }],
      minItems: 3,
      maxItems: 3,
    },
    description: "fixed width: name, first and last character of each column",
  },
  short: { enum: ["reject", "pad"], description: "fixed width: what a line that ends too early is" },
  trim: { type: "boolean", description: "fixed width: whether blanks around a value are left out" },
};
