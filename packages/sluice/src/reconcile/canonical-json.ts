const MOMENT =
  "[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?";

/** Parts the keys of a path, and is in none of them. */
const NEXT = "chr(31)";

/**
 * Common table expressions that end with `<name>(r, leaves)`: for the JSON of each row `r` of a table the leaves with their paths, equal
 * where values mean the same. The order of members does not matter; a member that is null is none, an item that is null keeps its place.
 * All values are walked at once, a level at a time: a walk of each value by itself (`json_tree`) takes twenty times as long (2026-11).
 *
 * @example
 * canonicalJson("c0", { table: "t", json: 'cast("v" as json)', isExact: false });
 * // of '{"b":1,"a":[null]}' ["\u001fa\u001f0 NULL", "\u001fa ARRAY", "\u001fb=1.0", " OBJECT"]
 */
export function canonicalJson(
  name: string,
  { table, json, isExact }: { readonly table: string; readonly json: string; readonly isExact: boolean },
): string {
  const whole = isExact ? "when regexp_full_match(text, '-?[0-9]{16,18}') then text" : "";
  // What begins like no number and no moment is neither, and most texts are known by that.
  const value = `case when not regexp_matches(text, '^[-+0-9nNiI]') then text
    ${whole}
    when regexp_full_match(text, '[+-]?[0-9]+([.][0-9]*)?([eE][+-]?[0-9]+)?') or lower(text) in ('nan', 'inf', '-inf', 'infinity', '-infinity')
      then cast(cast(text as double) + 0.0 as varchar)
    when regexp_full_match(text, '${MOMENT}') then coalesce(cast(try_cast(text as timestamptz) as varchar), text)
    when regexp_full_match(text, '[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?') then coalesce(cast(try_cast(text as time) as varchar), text)
    else text end`;
  const key = `case when contains(key, ${NEXT}) then replace(key, ${NEXT}, '\\u001f') else key end`;
  return `${name}_values as (select r, ${json} as value from ${table}),
${name}_nodes as (
  select r, '' as path, value, json_type(value) as kind, false as is_item from ${name}_values where value is not null
  union all
  select r, path || ${NEXT} || ${key}, value, coalesce(json_type(value), 'NULL'), kind = 'ARRAY' from (
    select r, path, kind,
      unnest(case kind when 'OBJECT' then map_keys(members) else cast(range(len(items)) as varchar[]) end) as key,
      unnest(case kind when 'OBJECT' then map_values(members) else items end) as value
    from (
      select r, path, kind,
        case when kind = 'OBJECT' then from_json(value, '"MAP(VARCHAR,JSON)"') end as members,
        case when kind = 'ARRAY' then from_json(value, '["JSON"]') end as items
      from ${name}_nodes where kind in ('OBJECT', 'ARRAY')))),
${name}_texts as (
  select r, path, kind, case when kind not in ('OBJECT', 'ARRAY', 'NULL') then value ->> '$' end as text
  from ${name}_nodes where kind <> 'NULL' or is_item),
${name} as (
  select r, list_sort(list(path || case when kind in ('OBJECT', 'ARRAY', 'NULL') then ' ' || kind else '=' || ${value} end)) as leaves
  from ${name}_texts group by r)`;
}
