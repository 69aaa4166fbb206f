/**
 * The members of the address of a file, for editors and for the kinds of their values; all else that the adapter takes is
 * checked where the address is opened, since an address may belong to any adapter.
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
  skip: { type: "integer", description: "how many lines stand above the header" },
  skipEnd: { type: "integer", description: "how many lines stand below the last record" },
  decimal: { type: "string", description: "the mark between whole and fraction of a number" },
  thousands: { type: "string", description: "the mark that may stand between groups of three digits" },
  nulls: { type: "array", description: "words that mean null where a whole unquoted field is one of them" },
  hive: { type: "boolean", description: "whether folders such as year=2024 are columns" },
  columns: { type: "array", description: "fixed width: [name, first, last] of each column" },
  short: { type: "string", description: "fixed width: reject or pad, what a line that ends too early is" },
  ragged: { type: "string", description: "delimited: reject or pad, what a record with too few fields is" },
  trim: { type: "boolean", description: "whether blanks around a value are left out" },
  at: { type: "string", description: "JSON: where the records of a document are, $.items" },
  nonFinite: { type: "string", description: "a JSON target: fail or null, what NaN and infinity become" },
  compression: { type: "string", description: "a target: zstd, snappy, gzip, none" },
  level: { type: "integer", description: "a Parquet target: how hard zstd works, 1 to 22" },
  rowGroupRows: {
    type: "integer",
    description: "a Parquet target: the most rows in a row group, rounded up to a multiple of 2048",
  },
  partitions: { type: "array", description: "a target: columns whose values become folders" },
  targetSize: { type: "string", description: "a target: how large the files of a folder shall be, 128MB" },
  newline: { type: "string", description: "a delimited target: lf or crlf" },
  nullText: { type: "string", description: "a delimited target: what a null is" },
  bom: { type: "boolean", description: "a delimited target: whether a byte order mark stands in front" },
};
