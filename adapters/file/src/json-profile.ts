import {
  type FrozenColumn,
  formatType,
  isTypeText,
  JsonScanner,
  type LogicalType,
  memberPath,
  parseType,
  SluiceError,
  textOfToken,
} from "@sluice/core";
import { ambiguity, NUMERIC_LAYOUTS, preferred } from "./choose-layout.ts";
import { shorten } from "./column-counts.ts";
import { isRoundedBeyond, MOST_DIGITS, NumberDigits, significantDigits } from "./number-digits.ts";
import { LayoutCounter } from "./value-kinds.ts";

/** What a value of JSON is; `wide`: a whole number beyond int64. */
type Shape = "bool" | "int" | "wide" | "float" | "text" | "object" | "array";

const MAX_INT64 = 9223372036854775807n;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Deeper than that nobody names a field: it is kept as JSON. */
const MAX_DEPTH = 24;
/** What a list counts for: DuckDB 1.5 binds what stands in a lambda twice, so each list in a list doubles the work of a query. */
const LIST_DEPTH = 4;
const MAX_FIELDS = 2000;

/** What is known of one place of the records: a key of them, a field of an object, the items of a list. */
class Place {
  readonly path: string;
  readonly shapes: Record<Shape, number> = { bool: 0, int: 0, wide: 0, float: 0, text: 0, object: 0, array: 0 };
  nulls = 0;
  example: string | undefined;
  readonly fields: string[] = [];
  readonly members = new Map<string, Place>();
  item: Place | undefined;
  private readonly layouts = new LayoutCounter(undefined, NUMERIC_LAYOUTS);
  private firstText = "";
  private uuids = 0;
  private readonly digits = new NumberDigits();
  private isRounded = false;
  private isTooDeep = false;
  private isPlainText = false;

  constructor(path: string) {
    this.path = path;
  }

  get values(): number {
    return Object.values(this.shapes).reduce((total, count) => total + count, 0);
  }

  /** Takes the value that the scanner stands at; its text was found to be JSON. */
  add(scanner: JsonScanner, depth: number): void {
    const kind = scanner.kind();
    if (kind === "object" || kind === "array") {
      this.shapes[kind] += 1;
      this.isTooDeep ||= depth >= MAX_DEPTH;
      if (this.isTooDeep) scanner.value();
      else if (kind === "object") this.addObject(scanner, depth);
      else this.addArray(scanner, depth);
      return;
    }
    if (kind === "string") {
      const token = scanner.string() ?? '""';
      this.example ??= token;
      this.shapes.text += 1;
      if (!this.isPlainText) this.addText(textOfToken(token));
      return;
    }
    const token = scanner.literal(kind ?? "null") ?? "null";
    if (kind === "null") {
      this.nulls += 1;
      return;
    }
    this.example ??= token;
    this.shapes[kind === "bool" ? "bool" : this.numberShape(token)] += 1;
  }

  addObject(scanner: JsonScanner, depth: number): void {
    scanner.take("{");
    let at = 0;
    let fresh: string[] = [];
    while (!scanner.take("}")) {
      const name = textOfToken(scanner.string() ?? '""');
      scanner.take(":");
      let field = this.members.get(name);
      if (field === undefined) {
        field = new Place(memberPath(this.path, name));
        this.members.set(name, field);
        fresh.push(name);
      } else if (!fresh.includes(name)) {
        if (this.fields[at] !== name) at = this.fields.indexOf(name);
        // In front of the one that they precede here, so that records with keys left out keep to one order.
        this.fields.splice(at, 0, ...fresh);
        at += fresh.length + 1;
        fresh = [];
      }
      if (this.members.size > MAX_FIELDS) this.isTooDeep = true;
      field.add(scanner, depth + 1);
      scanner.take(",");
    }
    // As arguments of one call, 200,000 names would fill the stack.
    for (const name of fresh) this.fields.push(name);
  }

  private addArray(scanner: JsonScanner, depth: number): void {
    scanner.take("[");
    this.item ??= new Place(`${this.path}[]`);
    while (!scanner.take("]")) {
      this.item.add(scanner, depth + LIST_DEPTH);
      scanner.take(",");
    }
  }

  private numberShape(token: string): Shape {
    this.digits.add(token);
    if (!this.isRounded && token.length > 15) {
      this.isRounded = isRoundedBeyond(token) || (token.length > MOST_DIGITS && significantDigits(token) > MOST_DIGITS);
    }
    if (/[.eE]/.test(token)) return "float";
    if (token.length <= 16) return "int";
    const digits = token.startsWith("-") ? token.length - 1 : token.length;
    if (digits > 38) return "float";
    const value = BigInt(token);
    return value <= MAX_INT64 && value >= -MAX_INT64 - 1n ? "int" : "wide";
  }

  private addText(text: string): void {
    if (this.firstText === "") this.firstText = text;
    const isTime = this.layouts.add(text);
    const isUuid = !isTime && text.length === 36 && UUID.test(text);
    if (isUuid) this.uuids += 1;
    // Neither all times nor all uuids: but a declared layout is still counted while there are few.
    else if (!isTime && this.shapes.text > 1000) this.isPlainText = this.layouts.tallies.length === 0;
  }

  /** The narrowest type of every value that was seen, and what a person should know of it. */
  guess(found: Found): LogicalType {
    const { shapes, values, path } = this;
    const all = (...some: readonly Shape[]): boolean =>
      some.reduce((total, shape) => total + shapes[shape], 0) === values;
    if (values === 0) return { kind: "json" };
    if (all("bool")) return { kind: "bool" };
    if (all("int")) return { kind: "int64" };
    if (all("int", "wide")) return { kind: "decimal", precision: 38, scale: 0 };
    if (all("int", "wide", "float")) {
      if (this.isRounded || shapes.wide > 0) {
        const exact = this.digits.decimal();
        if (exact !== undefined) return parseType(exact);
        found.warnings.push(
          `"${path}" is json because it holds numbers that a float64 rounds, and no decimal holds all its values: declare its type`,
        );
        return { kind: "json" };
      }
      return { kind: "float64" };
    }
    if (all("text")) return this.guessText(found);
    if (all("array") && !this.isTooDeep) {
      return { kind: "list", item: this.item === undefined ? { kind: "json" } : this.item.guess(found) };
    }
    if (all("object")) return this.guessObject(found);
    if (all("array")) {
      found.warnings.push(tooDeep(path));
      return { kind: "json" };
    }
    const words: Readonly<Record<Shape, string>> = {
      bool: "booleans",
      int: "whole numbers",
      wide: "whole numbers beyond int64",
      float: "fractions",
      text: "texts",
      object: "objects",
      array: "arrays",
    };
    const seen = Object.entries(shapes).flatMap(([shape, count]) =>
      count === 0 ? [] : [`${words[shape as Shape]} (${count})`],
    );
    found.warnings.push(`"${path}" is json because its values disagree: ${seen.join(", ")}`);
    return { kind: "json" };
  }

  private guessText(found: Found): LogicalType {
    const { text } = this.shapes;
    if (this.isPlainText) return { kind: "string" };
    if (this.uuids === text) return { kind: "uuid" };
    const tallies = this.layouts.tallies.filter(({ candidate }) => !NUMERIC_LAYOUTS.includes(candidate));
    const layout = preferred(tallies, text);
    if (layout === undefined) return { kind: "string" };
    found.formats.push([this.path, layout.layout]);
    found.warnings.push(...ambiguity(this.path, layout, tallies, text, this.firstText));
    return { kind: layout.type };
  }

  private guessObject(found: Found): LogicalType {
    const { path, fields } = this;
    if (this.isTooDeep || fields.length === 0) {
      if (this.isTooDeep) found.warnings.push(tooDeep(path));
      return { kind: "json" };
    }
    const odd = oddName(fields);
    if (odd !== undefined) {
      found.warnings.push(`"${path}" is json because ${odd}`);
      return { kind: "json" };
    }
    const objects = this.shapes.object;
    const rare = fields.filter((name) => (this.members.get(name)?.seen ?? 0) * 10 <= objects);
    if (fields.length > 50 && rare.length * 2 > fields.length) {
      found.warnings.push(
        `"${path}" has ${fields.length} keys, most of them in few objects: declare it map<string,…> if they are data`,
      );
    }
    return {
      kind: "struct",
      fields: fields.map((name) => [name, this.members.get(name)?.guess(found) ?? { kind: "json" }] as const),
    };
  }

  /** How often there was anything, null or not. */
  get seen(): number {
    return this.values + this.nulls;
  }

  /** The layouts of the times of a declared type: those of its author, else those that most values fit. */
  formatsOf(type: LogicalType, declared: ReadonlyMap<string, string>, found: Found): void {
    switch (type.kind) {
      case "list":
        this.item?.formatsOf(type.item, declared, found);
        return;
      case "map":
        for (const member of this.members.values()) member.formatsOf(type.value, declared, found);
        return;
      case "struct":
        for (const [name, field] of type.fields) this.members.get(name)?.formatsOf(field, declared, found);
        return;
      case "date":
      case "time":
      case "timestamp":
      case "timestamptz": {
        const path = this.path;
        if (declared.has(path) || found.formats.some(([at]) => at === path)) return;
        const own = this.layouts.tallies.filter(({ candidate }) => candidate.type === type.kind);
        const most = Math.max(0, ...own.map(({ count }) => count));
        const layout = preferred(own, most);
        if (layout !== undefined) {
          found.formats.push([path, layout.layout]);
          found.warnings.push(...ambiguity(path, layout, own, most, this.firstText));
        } else if (this.shapes.text > 0) {
          throw new SluiceError(
            "config",
            `"${path}" is declared ${type.kind}, and no known layout of one fits ${JSON.stringify(this.firstText)}`,
            { offending: type.kind, hint: `say how it is written: formats: { ${JSON.stringify(path)}: "%Y-%m-%d" }` },
          );
        }
        return;
      }
      default:
        return;
    }
  }

  /** `float64; 3 % null; like 41.88` */
  comment(type: string, records: number): string {
    const share = Math.max(0, (100 * (records - this.values)) / Math.max(records, 1));
    const percent = share >= 1 ? Math.round(share) : share >= 0.1 ? share.toFixed(1) : "< 0.1";
    const shown = this.values === 0 ? ["all null"] : share === 0 ? [] : [`${percent} % null`];
    const short = type.length <= 60 ? type : `${type.slice(0, 59)}…`;
    return [short, ...shown, ...(this.example === undefined ? [] : [`like ${shorten(this.example)}`])].join("; ");
  }
}

/** What is found beside the types. */
interface Found {
  readonly formats: [string, string][];
  readonly warnings: string[];
}

/** Why an object of these keys cannot be a struct: engines fold the case of names, and know none without letters. */
function oddName(names: readonly string[]): string | undefined {
  if (names.includes("")) return "it has a key without a name";
  const nul = names.find((name) => name.includes("\0"));
  if (nul !== undefined) return `its key ${JSON.stringify(nul)} holds NUL`;
  const seen = new Map<string, string>();
  for (const name of names) {
    const folded = name.toLowerCase();
    const before = seen.get(folded);
    if (before !== undefined) return `its keys "${before}" and "${name}" differ only by case`;
    seen.set(folded, name);
  }
  return undefined;
}

/** What the author says of the columns. */
export interface JsonDeclarations {
  readonly types: ReadonlyMap<string, string>;
  readonly formats: ReadonlyMap<string, string>;
  readonly required: readonly string[];
  /** The only ones that are wanted; all where absent. */
  readonly columns: readonly string[] | undefined;
}

/** Takes the records of a JSON source, one after the other, and says what their columns are. */
export class JsonProfile {
  records = 0;
  private readonly top = new Place("");

  /** How many keys the records have at their top. */
  get keys(): number {
    return this.top.members.size;
  }

  /** Takes the text of one record, an object that was found to be JSON. */
  add(text: string): void {
    this.records += 1;
    this.top.addObject(new JsonScanner(text), 0);
  }

  /** @throws SluiceError `data` for keys that no column can be called, `config` for a declaration that fits nothing */
  finish(
    declared: JsonDeclarations,
    origin: string,
  ): { columns: readonly FrozenColumn[]; warnings: readonly string[] } {
    const { top, records } = this;
    const wanted = declared.columns === undefined ? undefined : new Set(declared.columns);
    const names = top.fields.filter((name) => wanted?.has(name) ?? true);
    const odd = oddName(names);
    if (odd !== undefined) {
      throw new SluiceError(
        "data",
        `${origin} cannot be a table: ${odd.replace(/^it has|^its/, (word) => (word === "its" ? "the" : "there is"))}`,
        {
          reason: "keys",
          offending: origin,
          hint: "name the columns that are wanted, without that key: columns: […]",
        },
      );
    }
    const found: Found = { formats: [], warnings: [] };
    const columns = names.map((name): FrozenColumn => {
      const place = top.members.get(name) ?? new Place(name);
      const own: Found = { formats: [], warnings: found.warnings };
      const given = declared.types.get(name);
      const type = given === undefined ? place.guess(own) : parseType(given);
      if (given !== undefined) place.formatsOf(type, declared.formats, own);
      const isNested = type.kind === "list" || type.kind === "struct" || type.kind === "map";
      const formats = new Map([
        ...own.formats,
        ...[...declared.formats].filter(([path]) => isBelow(path, name, isNested)),
      ]);
      const [own0] = isNested ? [] : [...formats.values()];
      const isRequired = declared.required.includes(name);
      const text = formatType(type);
      return {
        name,
        type: isTypeText(text) ? text : "json",
        nullable: !isRequired,
        ...(own0 === undefined ? {} : { format: own0 }),
        ...(isNested && formats.size > 0 ? { formats: [...formats].sort(([a], [b]) => (a < b ? -1 : 1)) } : {}),
        comment: place.comment(text, records),
      };
    });
    return { columns, warnings: found.warnings };
  }
}

function isBelow(path: string, name: string, isNested: boolean): boolean {
  if (!isNested) return path === name;
  return path.startsWith(name) && path !== name && /^[.[]/.test(path.slice(name.length));
}

function tooDeep(path: string): string {
  return `"${path}" is json because it is nested too deep, or has too many keys`;
}
