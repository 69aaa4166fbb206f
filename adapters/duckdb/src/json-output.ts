import { type JsonOutput, type LogicalType, parseType, type Schema } from "@sluice/core";
import { decimalText } from "./decimal-text.ts";
import { FINITE_MARK } from "./errors.ts";
import { jsonOf } from "./json-structure.ts";
import { quoteName, quoteText } from "./sql-text.ts";

/** The options with which lines of JSON are written as they are; an array gets its brackets and commas around them. */
export function jsonOptions(format: "json" | "ndjson"): readonly string[] {
  return [
    "format csv",
    "header false",
    "quote ''",
    "escape ''",
    // No line of JSON holds one, and a delimiter there must be.
    "delimiter E'\\n'",
    ...(format === "json" ? ["prefix E'[\\n'", "suffix E'\\n]\\n'", "new_line E',\\n'"] : []),
  ];
}

/**
 * A row as one line of JSON. DuckDB's own printing makes doubles of decimals in lists and writes `Infinity`: so each type has
 * its text here, numbers with all their digits, times after ISO 8601, bytes in base64.
 */
export function jsonLine(schema: Schema, { nonFinite }: JsonOutput = { nonFinite: "fail" }): string {
  const members = schema.columns.map(({ name, type }, index) => {
    const key = `${index === 0 ? "{" : ","}${JSON.stringify(name)}:`;
    const printer = new Printer(name, nonFinite);
    const value = jsonOf(parseType(type), quoteName(name), (part, term) => printer.scalar(part, term));
    return `${quoteText(key)}, coalesce(${value}, 'null')`;
  });
  return `concat(${members.join(", ")}, '}')`;
}

class Printer {
  private readonly column: string;
  private readonly nonFinite: JsonOutput["nonFinite"];

  constructor(column: string, nonFinite: JsonOutput["nonFinite"]) {
    this.column = column;
    this.nonFinite = nonFinite;
  }

  scalar(type: LogicalType, term: string): string {
    const plain = `cast(${term} as varchar)`;
    const quoted = (text: string): string => `'"' || ${text} || '"'`;
    switch (type.kind) {
      case "float32":
      case "float64":
        return `case when ${term} is null then null when isfinite(${term}) then ${plain} else ${this.beyond(plain)} end`;
      case "decimal":
        return decimalText(type, term);
      case "string":
      case "enum":
        return `cast(to_json(${plain}) as varchar)`;
      case "bytes":
        return quoted(`to_base64(${term})`);
      case "date":
      case "time":
      case "interval":
      case "uuid":
        return quoted(plain);
      case "timestamp":
        return quoted(`replace(${plain}, ' ', 'T')`);
      case "timestamptz":
        return quoted(`regexp_replace(replace(${plain}, ' ', 'T'), '[+]00$', 'Z')`);
      default:
        return plain;
    }
  }

  private beyond(shown: string): string {
    if (this.nonFinite === "null") return "'null'";
    return `error(concat(${quoteText(FINITE_MARK)}, ${shown}, ${quoteText(`:${this.column}`)}))`;
  }
}
