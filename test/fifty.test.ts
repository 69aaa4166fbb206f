import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inShell } from "./cli/shell.ts";
import type { TestProject } from "./cli/sluice.ts";
import { type Answers, answersOf } from "./documentation/answers.ts";
import { dataFilesOf, docsProject } from "./documentation/docs-project.ts";
import {
  type Answer,
  blocksOf,
  isAsShown,
  resultOf,
  runnable,
  type Step,
  sessionsOf,
  shown,
  type Thing,
  tellsTheSame,
  thingsOf,
} from "./documentation/things.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const path = `${root}docs/from-pandas-sql-and-shell.md`;
const page = readFileSync(path, "utf8");
const things = thingsOf(page);

// A mistake of its own in the same run: it has to be found, and nothing else.
const [CANARY] = thingsOf(
  [
    "### 51. Canary",
    "```sql\nselect 2 as n\n```",
    "```sh\necho 2\n```",
    "```ts\norders.aggregate(() => ({ n: count() }))\n```",
    "```\n n\n41\n```",
    "",
  ].join("\n"),
) as readonly [Thing];

let project: TestProject;
let answers: Answers;

beforeAll(async () => {
  const config = blocksOf(page).find(({ text }) => text.startsWith("// sluice.config.ts\n"));
  project = docsProject(config?.text);
  for (const { file, text } of dataFilesOf(page)) project.write(file, text);
  for (const { language, mark, text } of things.flatMap(({ blocks }) => blocks)) {
    const [, file, body] = /^\/\/ ((?:pipelines|tasks)\/\S+)\n([\s\S]*)/.exec(text) ?? [];
    if (file !== undefined) project.write(file, body ?? "");
    const [, name] = /^# pipeline\nname: (\w+)\n/.exec(text) ?? [];
    if (language === "yaml" && mark === "" && name !== undefined) project.write(`pipelines/${name}.yaml`, text);
  }
  for (const { command } of sessionsOf(blocksOf(page.slice(0, page.indexOf("\n### 1.")))).flat())
    inShell(project.root, command);
  inShell(project.root, "rm schemas/*; sluice sync");
  project.write("out/.keep", "");
  project.write("canary/wrong.ts", 'import { events } from "../schemas/index.ts";\n\nevents.keep(["tag"]);\n');
  answers = await answersOf(project, [...things, CANARY]);
});
afterAll(() => project[Symbol.dispose]());

function printed(key: string): string {
  const { answer, error } = answers[key] ?? { error: "it was not run" };
  return answer === undefined ? `error: ${error}\n` : shown(answer);
}

/** What of a thing is not as the page says. */
function mistakesIn(thing: Thing): readonly string[] {
  const result = resultOf(thing);
  const found: string[] = [];
  const differs = (what: string, is: string): void => {
    found.push(`${thing.number}. ${what} gives\n${is}and not\n${result}`);
  };
  if (runnable(thing, "ts").length > 0) {
    const is = printed(`${thing.number}`);
    if (is !== result) differs("TypeScript", is);
  }
  if (runnable(thing, "sql").length > 0) {
    const is = printed(`${thing.number} sql`);
    const rows: Answer | undefined = answers[`${thing.number} sql`]?.answer;
    const [only] = typeof rows === "object" && rows.length === 1 ? Object.values(rows[0] ?? {}) : [];
    if (is !== result && `${only}\n` !== result) differs("SQL", is);
  }
  for (const text of runnable(thing, "sh").filter((one) => !one.startsWith("$ "))) {
    // Of the tools that the page names, only this one is not part of every system.
    if (text.startsWith("jq ") && inShell(project.root, "command -v jq") === "") continue;
    const is = inShell(project.root, text);
    if (!tellsTheSame(is, result ?? "")) differs("the shell", is);
  }
  return found;
}

/** The first step of a session that does not print what stands below it. */
function wrongStep(steps: readonly Step[]): string | undefined {
  for (const { command, printed: expected } of steps) {
    const is = inShell(project.root, command);
    if (!isAsShown(is, expected)) return `$ ${command}\n${is}and not\n${expected}`;
  }
  return undefined;
}

/** As GitHub names the headings of a page. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w -]/g, "")
    .replaceAll(" ", "-");
}

describe("the fifty things of the page", () => {
  it("are fifty, numbered, each with another tool and with sluice", () => {
    expect(things.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    for (const { number, blocks } of things) {
      const languages = blocks.map(({ language }) => language);
      expect(languages, `${number}`).toContain("python");
      expect(
        blocks.some(({ language, text }) => language === "ts" || language === "yaml" || text.includes("sluice ")),
        `${number}`,
      ).toBe(true);
    }
    const snippets = (language: string) => things.flatMap((thing) => runnable(thing, language));
    expect(snippets("ts").length).toBeGreaterThanOrEqual(40);
    expect(snippets("sql").length).toBeGreaterThanOrEqual(35);
    expect(snippets("sh").filter((text) => !text.startsWith("$ ")).length).toBeGreaterThanOrEqual(25);
    const contents = page.slice(0, page.indexOf("## The files")).matchAll(/\[(\d+\. [^\]]*)\]\(#([^)]*)\)/g);
    expect([...contents].map(([, text, anchor]) => [text, anchor])).toEqual(
      things.map(({ number, title }) => [`${number}. ${title}`, anchorOf(`${number}. ${title}`)]),
    );
  });

  it("the canary: a result that is wrong is found in each language", () => {
    expect(mistakesIn(CANARY)).toHaveLength(3);
    expect(wrongStep([{ command: "echo 1", printed: "2\n" }])).toBeDefined();
    expect(wrongStep([{ command: "printf '1\\n2\\n3\\n'", printed: "1\n…\n3\n" }])).toBeUndefined();
  });

  it("every snippet has the types that it should", () => {
    const { stdout } = spawnSync(
      process.execPath,
      [`${root}node_modules/typescript/bin/tsc`, "-p", ".", "--pretty", "false"],
      { cwd: project.root, encoding: "utf8" },
    );
    const wrong = stdout.split("\n").filter((line) => /^\S/.test(line));
    expect(wrong.filter((line) => !line.startsWith("canary/"))).toEqual([]);
    expect(wrong, "the canary: a column that is not there").toHaveLength(1);
  });

  it("come out as the page says, in TypeScript, SQL and shell", () => {
    expect(things.flatMap(mistakesIn)).toEqual([]);
  });

  it("commands print what stands below them", () => {
    const sessions = things.flatMap(({ blocks }) => sessionsOf(blocks));
    expect(sessions.length).toBeGreaterThanOrEqual(8);
    expect(sessions.flatMap((steps) => wrongStep(steps) ?? [])).toEqual([]);
  });
});
