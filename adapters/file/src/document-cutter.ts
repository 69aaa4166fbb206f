import { dataError } from "./errors.ts";

const [LF, TAB, BLANK, CR, QUOTE, COMMA, COLON, SLASH, BACKSLASH] = [10, 9, 32, 13, 34, 44, 58, 47, 92];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT, VERTICAL_TAB] = [91, 93, 123, 125, 11];
const VALUE_STARTS = '{["-0123456789tfn';
const MAX_KEY_BYTES = 1 << 16;

/** Where records of a document go: their bytes, and the line on which each begins. */
export interface RecordSink {
  write(bytes: Uint8Array): void;
  begin(line: number): void;
}

/**
 * Cuts the records out of a JSON document, byte by byte: the items of the array at a path, or the one object there. Each
 * becomes a line without the blanks between its tokens, whatever stands in it: that is looked at later, record by record.
 * It holds one piece of the input and one key, never a record.
 */
export class DocumentCutter {
  private line = 1;
  private state: State = "value";
  /** How many keys of the path were found, each in an object that is still open. */
  private found = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private hasBlank = false;
  private last = 0;
  private isEmpty = true;
  private records = 0;
  private isList = false;
  /** Whether the records were found; what follows is only looked at for its end. */
  private isFound = false;
  private key: number[] = [];
  private shownPath = "$";
  private readonly origin: string;
  private readonly path: readonly string[];
  private readonly sink: RecordSink;
  private out: Uint8Array = new Uint8Array(1 << 16);
  private used = 0;

  constructor(origin: string, path: readonly string[], sink: RecordSink) {
    this.origin = origin;
    this.path = path;
    this.sink = sink;
  }

  push(chunk: Uint8Array): void {
    // A blank between two words is the most that a byte can become; each record has a line end.
    if (this.out.length < 3 * chunk.length + 16) this.out = new Uint8Array(3 * chunk.length + 16);
    for (const byte of chunk) {
      if (byte === LF) this.line += 1;
      this.take(byte);
    }
    if (this.used > 0) this.sink.write(this.out.subarray(0, this.used));
    this.used = 0;
  }

  /** @throws SluiceError `data` where the document ended too early */
  end(): void {
    if (this.state === "done") return;
    if (this.state === "value" && this.found === 0) {
      throw dataError(this.origin, "is empty: expected a JSON document", "empty");
    }
    throw dataError(
      this.origin,
      `is not a whole JSON document: it ends in line ${this.line}, in the middle`,
      "corrupt",
      "fetch the file again",
    );
  }

  private take(byte: number): void {
    if (this.state === "record" || this.state === "skip") {
      this.inside(byte);
      return;
    }
    if (this.state === "key") {
      this.addToKey(byte);
      return;
    }
    if (isBlank(byte)) return;
    if (byte === SLASH) throw this.comment();
    switch (this.state) {
      case "value":
        this.beginValue(byte);
        return;
      case "members":
        this.beginMember(byte);
        return;
      case "colon":
        if (byte !== COLON) throw this.unexpected(byte);
        this.afterKey();
        return;
      case "done":
        throw dataError(
          this.origin,
          `holds more than one value: the second begins in line ${this.line}`,
          "document",
          'where each line holds a value, say format: "ndjson"',
        );
      default:
        this.state satisfies never;
    }
  }

  private beginValue(byte: number): void {
    if (this.found === this.path.length) {
      if (byte === OPEN_LIST) {
        this.isList = true;
        this.state = "record";
        this.isEmpty = true;
        return;
      }
      if (this.path.length === 0 && !VALUE_STARTS.includes(String.fromCharCode(byte))) {
        throw dataError(
          this.origin,
          `is not JSON: "${String.fromCharCode(byte)}" in line ${this.line} begins no value`,
          "document",
          'say what it holds: format: "csv", or csv: before its name',
        );
      }
      if (byte !== OPEN_OBJECT) {
        throw dataError(
          this.origin,
          `holds at ${this.shownPath} neither an array of objects nor an object (line ${this.line})`,
          "document",
          'say where the records are: at: "$.items"',
        );
      }
      this.state = "record";
      this.inside(byte);
      return;
    }
    if (byte !== OPEN_OBJECT) {
      throw dataError(
        this.origin,
        `holds at ${this.shownPath} no object (line ${this.line})`,
        "document",
        this.atHint(),
      );
    }
    this.state = "members";
  }

  private beginMember(byte: number): void {
    if (byte === COMMA) return;
    if (byte === QUOTE) {
      this.key = [];
      this.escaped = false;
      this.state = "key";
      return;
    }
    if (byte !== CLOSE_OBJECT) throw this.unexpected(byte);
    if (!this.isFound) throw this.absent();
    this.found -= 1;
    this.state = this.found < 0 ? "done" : "members";
  }

  private addToKey(byte: number): void {
    if (byte === QUOTE && !this.escaped) {
      this.state = "colon";
      return;
    }
    this.escaped = byte === BACKSLASH && !this.escaped;
    if (this.key.length < MAX_KEY_BYTES) this.key.push(byte);
  }

  private afterKey(): void {
    const name = this.isFound ? undefined : keyText(this.key);
    if (name !== undefined && name === this.path[this.found]) {
      this.shownPath += /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
      this.found += 1;
      this.state = "value";
      return;
    }
    this.state = "skip";
    this.depth = 0;
  }

  /** A byte of a record, or of a value that is passed over. */
  private inside(byte: number): void {
    if (this.inString) {
      // A line end in a string is no JSON; as another control character it is none either, and the line stays one.
      this.emit(byte === LF || byte === CR ? VERTICAL_TAB : byte);
      if (this.escaped) this.escaped = false;
      else if (byte === BACKSLASH) this.escaped = true;
      else if (byte === QUOTE) this.inString = false;
      return;
    }
    if (isBlank(byte)) {
      this.hasBlank = true;
      return;
    }
    if (byte === SLASH) throw this.comment();
    if (this.depth === 0 && this.endsValue(byte)) return;
    if (this.isEmpty) this.beginRecord();
    if (this.hasBlank && isWord(this.last) && isWord(byte)) this.emit(BLANK);
    this.hasBlank = false;
    this.emit(byte);
    if (byte === QUOTE) this.inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.depth -= 1;
    if (this.state === "record" && !this.isList && this.depth === 0) {
      this.finishRecord();
      this.leaveTarget();
    }
  }

  /** A comma or bracket that belongs to what is around the value. */
  private endsValue(byte: number): boolean {
    if (this.state === "skip") {
      if (byte !== COMMA && byte !== CLOSE_OBJECT) return false;
      this.state = "members";
      this.isEmpty = true;
      if (byte === CLOSE_OBJECT) this.beginMember(byte);
      return true;
    }
    if (!this.isList || (byte !== COMMA && byte !== CLOSE_LIST)) return false;
    const isLast = byte === CLOSE_LIST;
    if (this.isEmpty && !(isLast && this.records === 0)) {
      // A comma that nothing follows: a record of its own, which is none.
      this.beginRecord();
      this.emit(COMMA);
    }
    if (!this.isEmpty) this.finishRecord();
    if (isLast) this.leaveTarget();
    return true;
  }

  private beginRecord(): void {
    this.isEmpty = false;
    this.hasBlank = false;
    this.last = 0;
    if (this.state === "record") this.sink.begin(this.line);
  }

  private finishRecord(): void {
    this.records += 1;
    this.emit(LF);
    this.isEmpty = true;
    this.hasBlank = false;
  }

  private leaveTarget(): void {
    this.isFound = true;
    this.found -= 1;
    this.state = this.found < 0 ? "done" : "members";
  }

  private emit(byte: number): void {
    this.last = byte;
    if (this.state !== "record") return;
    this.out[this.used] = byte;
    this.used += 1;
  }

  private atHint(): string {
    return this.path.length === 0 ? 'say where the records are: at: "$.items"' : "correct the path in at";
  }

  private absent(): Error {
    const name = this.path[this.found] ?? "";
    return dataError(
      this.origin,
      `has no ${JSON.stringify(name)} at ${this.shownPath}`,
      "document",
      "correct the path in at, or look at what the document holds",
    );
  }

  private comment(): Error {
    return dataError(
      this.origin,
      `holds a slash outside of strings in line ${this.line}: JSON has no comments`,
      "document",
      "remove the comments from the file",
    );
  }

  private unexpected(byte: number): Error {
    const shown = JSON.stringify(String.fromCharCode(byte));
    return dataError(this.origin, `is not JSON: ${shown} in line ${this.line}`, "document");
  }
}

type State = "value" | "members" | "key" | "colon" | "skip" | "record" | "done";

function isBlank(byte: number): boolean {
  return byte === BLANK || byte === LF || byte === CR || byte === TAB;
}

/** Whether a byte is none of the marks of JSON: two of them side by side would become one word. */
function isWord(byte: number): boolean {
  return !(
    byte === 0 ||
    byte === COMMA ||
    byte === COLON ||
    byte === QUOTE ||
    byte === OPEN_LIST ||
    byte === CLOSE_LIST ||
    byte === OPEN_OBJECT ||
    byte === CLOSE_OBJECT
  );
}

function keyText(bytes: readonly number[]): string | undefined {
  try {
    return JSON.parse(`"${Buffer.from(bytes).toString()}"`) as string;
  } catch {
    return undefined;
  }
}
