/** Where a command writes. Everything that depends on what is at the other end is decided here, once. */
export interface Terminal {
  /** Whether the text for people is wanted, not JSON. */
  readonly json: boolean;
  readonly verbose: boolean;
  /** Whether lines already printed can be drawn again. */
  readonly canRedraw: boolean;
  /** In cells; without end where there is no terminal, so that nothing is cut that a program may look for. */
  readonly width: number;
  /** In lines. */
  readonly height: number;
  readonly paint: Paint;
  /** The same for standard error. */
  readonly paintError: Paint;
  print(text: string): void;
  printError(text: string): void;
  /** Written without a line end, for drawing. */
  write(text: string): void;
  /** From here on everything that is printed passes through this, which takes secrets out. */
  redactWith(redact: (text: string) => string): void;
}

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "cyan";
export type Paint = (style: Style, text: string) => string;

const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
};

/** Colours are shown on a terminal, unless `NO_COLOR` is set; `FORCE_COLOR` shows them anywhere. */
export function wantsColour(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return stream.isTTY === true && TERM !== "dumb";
}

/** Build servers set `CI`, to `true` or `1`. */
export function isBuildServer({ CI = "" }: NodeJS.ProcessEnv): boolean {
  return !["", "0", "false"].includes(CI.toLowerCase());
}

export function createTerminal(options: { readonly json: boolean; readonly verbose: boolean }): Terminal {
  const { stdout, stderr, env } = process;
  const columns = Number(env.COLUMNS);
  let redact = (text: string): string => text;
  return {
    ...options,
    canRedraw: stdout.isTTY === true && env.TERM !== "dumb" && !isBuildServer(env),
    // Asked each time: a window may change while a run goes on.
    get width() {
      if (stdout.isTTY === true) return stdout.columns || 80;
      return Number.isInteger(columns) && columns > 0 ? columns : Number.POSITIVE_INFINITY;
    },
    get height() {
      return stdout.isTTY === true ? stdout.rows || 24 : Number.POSITIVE_INFINITY;
    },
    paint: painter(wantsColour(stdout, env)),
    paintError: painter(wantsColour(stderr, env)),
    print: (text) => void stdout.write(`${redact(text)}\n`),
    printError: (text) => void stderr.write(`${redact(text)}\n`),
    write: (text) => void stdout.write(redact(text)),
    redactWith: (change) => {
      const before = redact;
      redact = (text) => change(before(text));
    },
  };
}

function painter(colour: boolean): Paint {
  if (!colour) return (_style, text) => text;
  return (style, text) => `\u001b[${CODES[style][0]}m${text}\u001b[${CODES[style][1]}m`;
}
