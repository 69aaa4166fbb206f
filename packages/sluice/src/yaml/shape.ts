import { didYouMean } from "@sluice/core";
import { isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import { textOf, type YamlReader } from "./yaml-reader.ts";

export type JsonSchema = { readonly [member: string]: unknown };

/** The parts of a JSON Schema that refer to each other, by name. */
export type SchemaParts = Map<string, JsonSchema>;

/**
 * What a place in a document may hold. One declaration gives the reading, the messages about wrong keys, and the JSON
 * Schema for editors, so that the three cannot disagree.
 */
export interface Shape<T> {
  /** The value, or undefined where a problem was noted. */
  read(node: Node | undefined, reader: YamlReader, path: string): T | undefined;
  schema(parts: SchemaParts): JsonSchema;
}

/** A member of a map: what it holds, what it is for, and where its problems are looked for if not under its own name. */
export interface Member<T> {
  readonly shape: Shape<T>;
  readonly doc: string;
  readonly required?: boolean;
  readonly path?: string;
}

export function required<T>(shape: Shape<T>, doc: string, path?: string): Member<T> & { readonly required: true } {
  return { shape, doc, required: true, ...(path === undefined ? {} : { path }) };
}

export function optional<T>(shape: Shape<T>, doc: string, path?: string): Member<T> {
  return { shape, doc, ...(path === undefined ? {} : { path }) };
}

type Members = Readonly<Record<string, Member<unknown>>>;
export type ValueOf<M> = M extends Member<infer T> ? T : never;
export type ObjectOf<M extends Members> = {
  readonly [K in keyof M]: M[K] extends { readonly required: true } ? ValueOf<M[K]> : ValueOf<M[K]> | undefined;
};

/** The text of a key; keys that are no text are read as they are written. */
export function keyText(pair: Pair, reader: YamlReader): string | undefined {
  const key = reader.resolve(pair.key);
  if (isScalar(key)) return textOf(key);
  return reader.problem(key, "a key has to be a word");
}

/**
 * A map with these keys, in any order.
 *
 * @param hintFor what to say of a key that belongs elsewhere
 */
export function object<M extends Members>(
  what: string,
  members: M,
  hintFor?: (key: string) => string | undefined,
): Shape<ObjectOf<M>> {
  return {
    read(node, reader, path) {
      const values = readMembers(what, members, node, reader, path, hintFor);
      return values === undefined ? undefined : (Object.fromEntries(values) as ObjectOf<M>);
    },
    schema: (parts) => objectSchema(members, parts),
  };
}

/** A map with exactly one of these keys, which says what it is, and any of the common ones. */
export function variant<V extends Members, C extends Members>(
  what: string,
  variants: V,
  common: C,
): Shape<{
  readonly kind: keyof V & string;
  readonly value: unknown;
  readonly common: ObjectOf<C>;
  readonly node: Node;
}> {
  const kinds = Object.keys(variants);
  return {
    read(node, reader, path) {
      const before = reader.problems.length;
      const values = readMembers(what, { ...variants, ...common }, node, reader, path);
      if (values === undefined || node === undefined) return undefined;
      const present = kinds.filter((kind) => values.has(kind));
      const [kind] = present;
      if (kind === undefined || present.length > 1) {
        if (reader.problems.length > before) return undefined;
        const hint = `it has one of the keys ${kinds.join(", ")}`;
        const message =
          kind === undefined ? `${what} does not say what it is` : `${what} cannot be both ${present.join(" and ")}`;
        return reader.problem(node, message, { hint });
      }
      const own = Object.keys(common).map((name) => [name, values.get(name)] as const);
      return { kind, value: values.get(kind), common: Object.fromEntries(own) as ObjectOf<C>, node };
    },
    schema: (parts) => ({
      ...objectSchema({ ...variants, ...common }, parts),
      oneOf: kinds.map((kind) => ({ required: [kind] })),
    }),
  };
}

function readMembers(
  what: string,
  members: Members,
  node: Node | undefined,
  reader: YamlReader,
  path: string,
  hintFor?: (key: string) => string | undefined,
): ReadonlyMap<string, unknown> | undefined {
  const map = reader.resolve(node);
  const names = Object.keys(members);
  if (!isMap(map)) return reader.problem(node, `${what} is a map`, { hint: `its keys are ${names.join(", ")}` });
  const before = reader.problems.length;
  const values = new Map<string, unknown>();
  for (const pair of map.items) {
    const key = keyText(pair, reader);
    if (key === undefined) continue;
    const member = Object.hasOwn(members, key) ? members[key] : undefined;
    if (member === undefined) {
      const hint =
        key === "<<" ? "merge keys are not read: use an alias" : (hintFor?.(key) ?? didYouMean(key, names, "keys"));
      reader.problem(pair.key, `${what} has no key "${key}"`, { offending: key, hint });
      continue;
    }
    const inside = member.path === "" ? path : join(path, member.path ?? key);
    note(reader, inside, pair.value ?? pair.key);
    const value = member.shape.read(pair.value as Node | undefined, reader, inside);
    if (value !== undefined) values.set(key, value);
  }
  const wrong = reader.problems.length > before;
  for (const name of names) {
    if (members[name]?.required !== true || values.has(name) || wrong) continue;
    reader.problem(map, `${what} lacks the key "${name}"`, { hint: members[name]?.doc ?? "" });
  }
  return reader.problems.length > before ? undefined : values;
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function note(reader: YamlReader, path: string, node: unknown): void {
  if (path !== "" && !reader.paths.has(path)) reader.paths.set(path, node as Node);
}

function objectSchema(members: Members, parts: SchemaParts): JsonSchema {
  const properties = Object.entries(members).map(([name, { shape, doc }]) => {
    const schema = shape.schema(parts);
    return [name, "$ref" in schema ? { allOf: [schema], description: doc } : { ...schema, description: doc }] as const;
  });
  const needed = Object.entries(members).flatMap(([name, member]) => (member.required === true ? [name] : []));
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    additionalProperties: false,
    ...(needed.length === 0 ? {} : { required: needed }),
  };
}

/** A map whose keys are names of the author's, in their order. */
export function entries<T>(
  what: string,
  shape: Shape<T>,
  hintOf: (found: Node | undefined) => string = () => "its keys are names",
): Shape<readonly (readonly [name: string, value: T])[]> {
  return {
    read(node, reader, path) {
      const map = reader.resolve(node);
      if (!isMap(map)) return reader.problem(node, `${what} is a map`, { hint: hintOf(map) });
      const read: (readonly [string, T])[] = [];
      let wrong = false;
      for (const pair of map.items) {
        const key = keyText(pair, reader);
        if (key !== undefined) note(reader, join(path, key), pair.key);
        const value =
          key === undefined ? undefined : shape.read((pair.value ?? pair.key) as Node, reader, join(path, key));
        if (key === undefined || value === undefined) wrong = true;
        else read.push([key, value]);
      }
      return wrong ? undefined : read;
    },
    schema: (parts) => ({ type: "object", additionalProperties: shape.schema(parts) }),
  };
}

/** A list; its items are looked for as `path[0]`. */
export function list<T>(what: string, shape: Shape<T>): Shape<readonly T[]> {
  return {
    read(node, reader, path) {
      const items = reader.resolve(node);
      if (!isSeq(items)) return reader.problem(node, `${what} is a list`);
      const read = items.items.map((item, index) => {
        note(reader, `${path}[${index}]`, item);
        return shape.read(item as Node, reader, `${path}[${index}]`);
      });
      return read.some((value) => value === undefined) ? undefined : (read as readonly T[]);
    },
    schema: (parts) => ({ type: "array", items: shape.schema(parts) }),
  };
}

/** A list, or one item without the brackets. */
export function oneOrMore<T>(what: string, shape: Shape<T>): Shape<readonly T[]> {
  const several = list(what, shape);
  return choose((node) => (isSeq(node) ? "several" : "one"), {
    one: map(shape, (value) => [value]),
    several,
  });
}

/** One of several shapes; which one, the node tells. */
export function choose<T>(
  pick: (node: Node | undefined) => string,
  shapes: Readonly<Record<string, Shape<T>>>,
): Shape<T> {
  return {
    read(node, reader, path) {
      const resolved = reader.resolve(node);
      return shapes[pick(resolved)]?.read(resolved, reader, path);
    },
    schema: (parts) => ({ anyOf: Object.values(shapes).map((shape) => shape.schema(parts)) }),
  };
}

/** The value made into another, or refused with a problem. */
export function map<A, B>(
  shape: Shape<A>,
  change: (value: A, node: Node | undefined, reader: YamlReader) => B | undefined,
): Shape<B> {
  return {
    read(node, reader, path) {
      const value = shape.read(node, reader, path);
      return value === undefined ? undefined : change(value, node, reader);
    },
    schema: (parts) => shape.schema(parts),
  };
}

/** A shape with a name in the JSON Schema; it may hold itself. */
export function named<T>(name: string, make: () => Shape<T>): Shape<T> {
  let made: Shape<T> | undefined;
  const shape = (): Shape<T> => {
    made ??= make();
    return made;
  };
  return {
    read: (node, reader, path) => reader.nested(node, () => shape().read(node, reader, path)),
    schema(parts) {
      if (!parts.has(name)) {
        parts.set(name, {});
        parts.set(name, shape().schema(parts));
      }
      return { $ref: `#/$defs/${name}` };
    },
  };
}
