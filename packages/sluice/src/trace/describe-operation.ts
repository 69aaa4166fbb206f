import { type Expression, printExpression, printName, type Relation, type SortKey } from "@sluice/core";

/** An operation as one line of text, near to how it stands in YAML. */
export function describeOperation(node: Relation): string {
  switch (node.kind) {
    case "filter":
      return printExpression(node.condition);
    case "select":
    case "derive":
      return pairs(node.columns);
    case "rename":
      return node.names.map(([from, to]) => `${printed(from)} to ${printed(to)}`).join(", ");
    case "keep":
    case "drop":
    case "dropNulls":
      return names(node.columns);
    case "join":
      return [node.how, joinedBy(node)].filter((part) => part !== "").join(" ");
    case "union":
      return `${node.inputs.length} inputs${node.distinct === true ? ", each row once" : ""}`;
    case "aggregate":
      return [node.by.length === 0 ? "" : `by ${names(node.by)}`, pairs(node.columns)]
        .filter((one) => one !== "")
        .join(": ");
    case "sort":
      return keys(node.by);
    case "limit":
      return `at most ${node.count}${(node.offset ?? 0) === 0 ? "" : ` after ${node.offset}`}`;
    case "deduplicate":
      return `${names(node.key)}, the ${node.keep} by ${keys(node.by)}`;
    case "window":
      return `${pairs(node.columns)}${node.partition.length === 0 ? "" : ` by ${names(node.partition)}`}`;
    case "fill":
      return `${names(node.columns)}, ${node.how}`;
    case "sample":
      return node.share === undefined
        ? `${node.count ?? 0} ${node.count === 1 ? "row" : "rows"}`
        : `${node.share} of all rows`;
    case "pivot":
      return `${printed(node.on)}${node.by.length === 0 ? "" : ` by ${names(node.by)}`}`;
    case "unpivot":
      return names(node.columns);
    case "unnest":
      return printed(node.column);
    case "incremental":
      return `by ${node.cursor ?? (node.files === undefined ? names(node.key ?? []) : `${node.files} files`)}, from the beginning`;
    case "values":
      return `${node.rows.length} rows written out`;
    case "sql":
      return node.texts.join("…").trim().replace(/\s+/g, " ");
    default:
      return "";
  }
}

function joinedBy({ using, on }: Extract<Relation, { kind: "join" }>): string {
  if (using !== undefined) return `using ${names(using)}`;
  return on === undefined ? "" : `on ${printExpression(on)}`;
}

function pairs(columns: readonly (readonly [string, Expression])[]): string {
  return columns
    .map(([name, expression]) => {
      const text = printExpression(expression);
      return text === printed(name) ? text : `${printed(name)} = ${text}`;
    })
    .join(", ");
}

function keys(by: readonly SortKey[]): string {
  return by.map((key) => `${printExpression(key.expression)}${key.descending === true ? " desc" : ""}`).join(", ");
}

function names(list: readonly string[]): string {
  return list.map(printed).join(", ");
}

function printed(name: string): string {
  return printName(name);
}
