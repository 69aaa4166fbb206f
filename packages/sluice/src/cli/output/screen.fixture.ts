import { textWidth } from "./text-width.ts";

/** As much of a terminal as the live display needs: lines, the cursor moved up, what is below it erased. */
export class Screen {
  readonly width: number;
  readonly height: number;
  /** The widest line that was ever written, in cells. */
  widest = 0;
  /** How many lines left the window at its top. */
  scrolled = 0;
  private readonly rows: string[] = [""];
  private row = 0;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }

  write(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of a terminal begin with one
    for (const [part] of text.matchAll(/\u001b\[\??[\d;]*[A-Za-z]|\r?\n|[^\u001b\r\n]+/g)) this.take(part);
  }

  /** What can be seen, from the top. */
  lines(): readonly string[] {
    return this.rows.slice(0, this.rows.at(-1) === "" ? -1 : undefined);
  }

  private take(part: string): void {
    const up = /^.\[(\d+)A$/.exec(part);
    if (up !== null) this.row = Math.max(0, this.row - Number(up[1]));
    else if (part === "\u001b[0J") this.rows.splice(this.row, this.rows.length, "");
    else if (part.endsWith("\n")) this.newLine();
    else if (!part.startsWith("\u001b")) {
      this.rows[this.row] = `${this.rows[this.row] ?? ""}${part}`;
      this.widest = Math.max(this.widest, textWidth(this.rows[this.row] ?? ""));
    }
  }

  private newLine(): void {
    this.row += 1;
    this.rows[this.row] ??= "";
    if (this.rows.length <= this.height) return;
    this.scrolled += 1;
  }
}
