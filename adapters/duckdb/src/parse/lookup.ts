import { catalogue } from "@sluice/core";

/** What stands before or behind its operand in SQL text: `not`, `-`, `is null` → name of the entry. */
export const unaryNames: ReadonlyMap<string, string> = new Map(
  Object.entries(catalogue).flatMap(([name, { text }]) => {
    if ("prefix" in text) return [[text.prefix, name] as const];
    return "postfix" in text ? [[text.postfix, name] as const] : [];
  }),
);

/** What is written in a way of its own, `a[1]`, `a.name`, `[1, 2]`, `{'name': 1}` → name of the entry. */
export const shortNames: ReadonlyMap<string, string> = new Map(
  Object.entries(catalogue).flatMap(([name, { text }]) =>
    "function" in text && text.short !== undefined ? [[text.short, name] as const] : [],
  ),
);

/** What to write instead of a function that other systems have. */
export const functionAdvice: ReadonlyMap<string, string> = new Map([
  ["regexp_full_match", "write regexp_matches(text, '^(…)$')"],
  ["like_escape", "write the pattern with a backslash before what is meant as it is; it is always the escape"],
  ["ilike_escape", "write the pattern with a backslash before what is meant as it is; it is always the escape"],
  ["not_like_escape", "write not (a like b), a backslash being the escape"],
  ["not_ilike_escape", "write not (a ilike b), a backslash being the escape"],
  ["row", "this is one expression: give each column a key of its own"],
  ["try", "write try_cast(value as type), or keep_if(value, condition)"],
  ["random", "rows would differ from run to run: compute it in a task"],
  ["uuid", "rows would differ from run to run: use md5 or sha256 of a key"],
  ["gen_random_uuid", "rows would differ from run to run: use md5 or sha256 of a key"],
  ["len", "write length(value)"],
  ["first", "write min_by(value, order)"],
  ["last", "write max_by(value, order)"],
  ["arg_min", "write min_by(value, by)"],
  ["arg_max", "write max_by(value, by)"],
  ["list", "write array_agg(value)"],
  ["listagg", "write string_agg(text, separator)"],
  ["group_concat", "write string_agg(text, separator)"],
  ["quantile", "write quantile_cont(value, 0.5)"],
  ["ceiling", "write ceil(value)"],
  ["log", "write log10(value) or ln(value)"],
  ["date_sub", "write date_diff_full('day', from, until)"],
  ["date_add", "write add_days(value, days)"],
  ["to_timestamp", "write from_epoch_seconds(value)"],
  ["strptime", "write parse_timestamp(text, layout)"],
  ["regexp_split_to_array", "write regexp_split(text, pattern)"],
  ["element_at", "write value[key]"],
  ["json_extract_path_text", "write json ->> '$.name'"],
  ["datediff", "write date_diff('day', from, until)"],
  ["datetrunc", "write date_trunc('day', value)"],
  ["dayofweek", "write isodow(value): Monday is 1, Sunday 7"],
  ["weekday", "write isodow(value): Monday is 1, Sunday 7"],
  ["substr", "write substring(text, from, count)"],
  ["mean", "write avg(value)"],
  ["stddev", "write stddev_samp(value)"],
  ["pow", "write power(value, exponent)"],
  ["round_even", "write round(value, digits), halves away from zero"],
]);

/** What to write instead of an operator. */
export const operatorAdvice: ReadonlyMap<string, string> = new Map([
  ["~", "write regexp_matches(text, pattern): engines do not agree on what ~ matches"],
  ["!~", "write not regexp_matches(text, pattern): engines do not agree on what ~ matches"],
  ["similar", "write regexp_matches(text, '^(…)$')"],
  ["**", "write power(value, exponent)"],
  ["^", "write power(value, exponent)"],
  ["//", "write intdiv(value, by)"],
  ["#", "write xor(a, b)"],
  ["+", "leave the sign out"],
  ["~~~", "write like, with % for * and _ for ?"],
]);

/** Names that other systems take for the present instant, a user or a schema; unquoted they are not columns. */
export const specialColumns: ReadonlyMap<string, string> = new Map([
  ["current_date", "write today(), the day of the run"],
  ["current_timestamp", "write now(), the scheduled instant of the run"],
  ["current_time", "write now(), the scheduled instant of the run"],
  ["localtime", "write now(), the scheduled instant of the run"],
  ["localtimestamp", "write now(), the scheduled instant of the run"],
  ...["user", "current_user", "session_user", "current_role", "current_catalog", "current_schema"].map(
    (name) => [name, `if it is a column, quote it: "${name}"`] as const,
  ),
]);
