/** A block of a page: ```` ```sql elsewhere ```` has the language `sql` and the mark `elsewhere`. */
export interface Block {
  readonly language: string;
  readonly mark: string;
  readonly text: string;
}

/** One of the things that people do: a numbered section of the page. */
export interface Thing {
  readonly number: number;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A row by the names of its columns, or a value that is no row. */
export type Answer = readonly Readonly<Record<string, unknown>>[] | string | number;

/** The sections that begin with `### 1. Title`. */
export function thingsOf(page: string): readonly Thing[] {
  return [...page.matchAll(/^### (\d+)\. (.*)\n([\s\S]*?)(?=^##|(?![\s\S]))/gm)].map(
    ([, number = "", title = "", body = ""]) => ({ number: Number(number), title, blocks: blocksOf(body) }),
  );
}

/** All blocks of a text, in their order. */
export function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(/^```(\w*)(?: ([^\n]*))?\n([\s\S]*?)^```$/gm)].map(
    ([, language = "", mark = "", body = ""]) => ({ language, mark, text: body }),
  );
}

/** The blocks of a language that are to be run. */
export function runnable({ blocks }: Thing, language: string): readonly string[] {
  return blocks
    .filter((block) => block.language === language && block.mark === "")
    .map(({ text }) => text)
    .filter((text) => !/^(?:# pipeline|\/\/ (?:pipelines|tasks)\/)/.test(text));
}

/** What the page says that comes out. */
export function resultOf({ blocks }: Thing): string | undefined {
  return blocks.find(({ language }) => language === "")?.text;
}

/** The commands of blocks such as `$ sluice …`, each with what stands below it. */
export function sessionsOf(blocks: readonly Block[]): readonly (readonly Step[])[] {
  return blocks
    .filter(({ language, text }) => language === "sh" && text.startsWith("$ "))
    .map(({ text }) =>
      text
        .split(/^\$ /m)
        .slice(1)
        .map((step) => {
          const [command = "", ...printed] = step.split("\n");
          return { command, printed: printed.join("\n") };
        }),
    );
}

export interface Step {
  readonly command: string;
  readonly printed: string;
}

/** An answer as the page shows it: columns below their names, numbers to the right. */
export function shown(answer: Answer): string {
  if (typeof answer !== "object") return `${answer}\n`;
  const names = Object.keys(answer[0] ?? {});
  const lines = answer.map((row) => names.map((name) => cellText(row[name])));
  const columns = names.map((name, index) => {
    const cells = lines.map((line) => line[index] ?? "");
    const isNumber = cells.every((cell) => /^(?:-?\d+(?:\.\d+)?|null)$/.test(cell));
    const width = Math.max(name.length, ...cells.map(({ length }) => length));
    return (cell: string): string => (isNumber ? cell.padStart(width) : cell.padEnd(width));
  });
  return [names, ...lines]
    .map(
      (line) =>
        `${columns
          .map((column, index) => column(line[index] ?? ""))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "null";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The words of each line, in an order of their own: what two ways of writing the same rows have in common. */
export function words(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) =>
      line
        .split(/[\s,]+/)
        .filter((word) => word !== "" && word !== "null")
        .map((word) => (/^-?\d+\.\d+$/.test(word) ? String(Number(word)) : word))
        .toSorted()
        .join(" "),
    )
    .filter((line) => line !== "");
}

/** Whether the output of a program tells the rows of a result, with or without a line of names. */
export function tellsTheSame(printed: string, result: string): boolean {
  const rows = words(result);
  const found = words(printed).join("\n");
  return found === rows.join("\n") || found === rows.slice(1).join("\n");
}

/** Whether a text is what was expected, in which a line `…` stands for any lines, and `…` within a line for any text. */
export function isAsShown(printed: string, expected: string): boolean {
  const parts = expected
    .split(/^…\n/m)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("…", ".*"));
  return new RegExp(`^${parts.join("(?:.*\\n)*?")}$`).test(printed);
}
