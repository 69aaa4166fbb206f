import type { Column, Relation } from "@sluice/core";
import { isMap, type Node } from "yaml";
import { nameOfSource } from "./address-shape.ts";
import { columnType, text } from "./scalar-shapes.ts";
import { choose, entries, map, object, optional, type Shape } from "./shape.ts";
import type { YamlReader } from "./yaml-reader.ts";

/** The engine that raw SQL is of where none is named. */
export const SQL_ENGINE = "duckdb";

/**
 * Raw SQL: text in which `${name}` stands for a step or a dataset; or a map that names the engine, declares the columns that
 * it gives, or lists texts and relations in turn.
 */
export function sqlShape(relation: Shape<Relation>): Shape<Relation> {
  const asText = map(text("sql"), (written, node, reader) => fromText(written, SQL_ENGINE, node, reader));
  const asMap = map(
    object("sql", {
      engine: optional(text("engine"), `${SQL_ENGINE} where absent`),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how an author writes it
      text: optional(text("text"), "one SELECT, in which ${name} stands for a step or a dataset"),
      parts: optional(parts(relation), "texts and relations in turn, a text first and last"),
      returns: optional(returned, "the columns that it gives, with their types; verified when it is planned"),
    }),
    ({ engine = SQL_ENGINE, text: written, parts: given, returns: declared }, node, reader) => {
      if ((written === undefined) === (given === undefined)) {
        return reader.problem(node, "raw SQL has either text or parts");
      }
      const columns = declared === undefined ? {} : { declared };
      if (written !== undefined) {
        const read = fromText(written, engine, node, reader);
        return read === undefined ? undefined : { ...read, ...columns };
      }
      const texts = (given ?? []).filter((part) => typeof part === "string");
      const inputs = (given ?? []).filter((part) => typeof part !== "string");
      return { kind: "sql", engine, texts, inputs, ...columns } as Relation;
    },
  );
  return choose((node) => (isMap(node) ? "map" : "text"), { text: asText, map: asMap });
}

const returned: Shape<readonly Column[]> = map(entries("returns", columnType), (columns) =>
  columns.map(([name, { type, nullable }]) => ({ name, type, nullable })),
);

function fromText(written: string, engine: string, node: Node | undefined, reader: YamlReader): Relation | undefined {
  const texts: string[] = [];
  const inputs: Relation[] = [];
  let rest = written;
  for (let found = /\$\{([^}]*)\}/.exec(rest); found !== null; found = /\$\{([^}]*)\}/.exec(rest)) {
    texts.push(rest.slice(0, found.index));
    rest = rest.slice(found.index + found[0].length);
    const source = nameOfSource(found[1] ?? "", node, reader);
    if (source === undefined) return undefined;
    const scan: Relation = { kind: "scan", source };
    if (node !== undefined) reader.relations.set(scan, node);
    inputs.push(scan);
  }
  return { kind: "sql", engine, texts: [...texts, rest], inputs };
}

function parts(relation: Shape<Relation>): Shape<readonly (string | Relation)[]> {
  return {
    read(node, reader, path) {
      const list = reader.resolve(node);
      const items = (list as { items?: readonly Node[] } | undefined)?.items;
      if (items === undefined || isMap(list) || items.length % 2 === 0) {
        return reader.problem(node, "parts are texts and relations in turn, a text first and last");
      }
      const written = text("a part");
      const read = items.map((item, index): string | Relation | undefined =>
        index % 2 === 0 ? written.read(item, reader, path) : relation.read(item, reader, path),
      );
      return read.some((part) => part === undefined) ? undefined : (read as readonly (string | Relation)[]);
    },
    schema: (known) => ({ type: "array", items: { anyOf: [{ type: "string" }, relation.schema(known)] } }),
  };
}
