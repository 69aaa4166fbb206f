// The SELECT that a program by hand reads a text of ten columns with.
const COLUMNS = {
  id: "bigint",
  day: "date",
  at: "timestamp",
  city: "varchar",
  name: "varchar",
  count: "bigint",
  amount: "double",
  price: "double",
  active: "boolean",
  code: "varchar",
};
const DAY = `(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29)`;
const PATTERNS = {
  bigint: "-?[0-9]{1,18}",
  double: "-?(?:[0-9]{1,17}(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?",
  date: DAY,
  timestamp: `${DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]`,
  boolean: "true|false",
};
const names = Object.keys(COLUMNS);
const typed = names.filter((name) => COLUMNS[name] !== "varchar");
const values = names.map((name) => `cast("${name}" as ${COLUMNS[name]}) as "${name}"`).join(", ");
const declared = `{${names.map((name) => `'${name}': 'VARCHAR'`).join(", ")}}`;

/**
 * DuckDB's JSON reader takes `1.7` for an integer, `true` for 1 and leaves out keys that it does not know. Exact by hand: each line
 * as text, one expression over it (keys in their order, values of their kinds), then the typed transform.
 */
function ndjsonQuery(path, validate) {
  const file = `'${path}'`;
  if (validate === "none") {
    const types = `{${names.map((name) => `'${name}': '${COLUMNS[name]}'`).join(", ")}}`;
    return `select * from read_json(${file}, format = 'newline_delimited', columns = ${types}, auto_detect = false)`;
  }
  const number = "-?(?:0|[1-9][0-9]{0,14})(?:\\.[0-9]{1,24})?(?:[eE][+-]?[0-9]{1,2})?";
  const kinds = {
    bigint: "-?(?:0|[1-9][0-9]{0,17})",
    double: number,
    boolean: "true|false",
    varchar: '"(?:[^"\\\\]|\\\\.)*"',
  };
  const values = names.map((name) => {
    const kind = kinds[COLUMNS[name]] ?? `"${PATTERNS[COLUMNS[name]]}"`;
    return `"${name}":(?:null|${kind})`;
  });
  const structure = `{${names.map((name) => `"${name}":"${COLUMNS[name].toUpperCase()}"`).join(", ")}}`;
  const lines = `read_csv(${file}, auto_detect = false, header = false, delim = '\x01', quote = '', escape = '', new_line = '\\n', columns = {'line': 'VARCHAR'})`;
  const isValid = `regexp_full_match(line, '\\{${values.join(",")}\\}')`;
  const terms = names.map((name) => `v."${name}" as "${name}"`).join(", ");
  return `select ${terms} from (select json_transform(line, '${structure}') as v from ${lines}
    where case when ${isValid} then true else error('invalid') end)`;
}

/** The rows of a file of `wide-data.mjs`; with `validate` other than `none` every typed value is checked. */
export function wideQuery(path, validate) {
  if (path.endsWith(".ndjson")) return ndjsonQuery(path, validate);
  const read = `read_csv('${path}', auto_detect = false, hive_partitioning = false, header = true, delim = ',', quote = '"', escape = '"', new_line = '\\n', columns = ${declared})`;
  if (validate === "none") return `select ${values} from ${read}`;
  const text = typed.map((name) => `"${name}"`).join(", '\x1f', ");
  const pattern = typed.map((name) => `(?:${PATTERNS[COLUMNS[name]]})?`).join("\\x1f");
  return `select ${values} from ${read} where case when regexp_full_match(concat(${text}), '${pattern}') then true else error('invalid') end`;
}
