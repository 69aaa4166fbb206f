import { scalar } from "./define.ts";
import type { FunctionEntry } from "./entry.ts";

/** Structs and maps. The value of a key is `at(key)`, in text `a['key']`; the number of keys is `length`. */
export const structsAndMaps: Readonly<Record<string, FunctionEntry>> = {
  structOf: scalar(
    "named_struct",
    "(...fields: fields) -> struct",
    "row($2**)",
    "A struct of named values.",
    ["{'a': 1, 'b': 'x'}", '{"a":1,"b":"x"}'],
    { nulls: "never", text: { function: "named_struct", short: "struct" }, portable: "bounded" },
  ),
  field: scalar(
    "struct_extract",
    "(self: struct, name: name) -> field",
    "struct_extract($1, $2)",
    "A field of a struct by its name; null where it is null or the struct is.",
    ["{'a': 1, 'b': 'x'}.b", "x"],
    { nulls: "always", text: { function: "struct_extract", short: "field" }, portable: "bounded" },
  ),
  mapOf: scalar(
    "map",
    "(keys: list, values: list) -> map<keys.item,values.item>",
    "map($1, $2)",
    "A map of keys and the values at the same places. A key that is null or there twice is an error, and so are lists of different lengths.",
    ["map(['a', 'b'], [1, 2])", '{"a":1,"b":2}'],
    { portable: "bounded" },
  ),
  keys: scalar(
    "map_keys",
    "(self: map) -> list<key>",
    "map_keys($1)",
    "The keys of a map, as a list.",
    ["map_keys(map(['a', 'b'], [1, 2]))", '["a","b"]'],
    { portable: "bounded" },
  ),
  values: scalar(
    "map_values",
    "(self: map) -> list<value>",
    "map_values($1)",
    "The values of a map, as a list, in the order of its keys.",
    ["map_values(map(['a', 'b'], [1, 2]))", "[1,2]"],
    { portable: "bounded" },
  ),
  containsKey: scalar(
    "map_contains",
    "(self: map, key: key) -> bool",
    "map_contains($1, $2)",
    "Whether a map has the key.",
    ["map_contains(map(['a', 'b'], [1, 2]), 'c')", false],
    { portable: "bounded" },
  ),
};
