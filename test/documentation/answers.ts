import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import * as sluice from "sluice";
import type { TestProject } from "../cli/sluice.ts";
import { type Answer, runnable, type Thing } from "./things.ts";

/** What the snippets of a page give, by their key: the TypeScript of a thing is `7`, its SQL `7 sql`. */
export type Answers = Readonly<Record<string, { readonly answer?: Answer; readonly error?: string }>>;

/** A module that holds every snippet of TypeScript as a function. It imports what they name. */
export function snippetModule(things: readonly Thing[]): string {
  const snippets = things.flatMap((thing) =>
    runnable(thing, "ts").map((text) => [thing.number, bodyOf(text)] as const),
  );
  const known = new Set(Object.keys(sluice));
  const named = new Set(snippets.flatMap(([, text]) => text.match(/(?<![.\w])[a-zA-Z]\w*(?=\()/g) ?? []));
  const imports = [...named].filter((name) => known.has(name)).toSorted();
  return `import { ${imports.join(", ")} } from "sluice";
import { contacts, crashes, customers, events, orders, people, scores, vehicles, weather } from "../schemas/index.ts";

void [contacts, crashes, customers, events, orders, people, scores, vehicles, weather];
export const snippets = {
${snippets.map(([number, text]) => `${number}: async () => {\n${text}},\n`).join("")}};
`;
}

/** The statements of a snippet; what stands behind its last blank line is what it gives. */
function bodyOf(text: string): string {
  const parts = text.trim().replace(/;$/, "").split(/\n\n/);
  const last = parts.pop() ?? "";
  return `${parts.join("\n\n")}\nreturn { gives: ${last} };\n`;
}

/** Runs all snippets and all SQL in one process, in the folder of a project. */
export async function answersOf(project: TestProject, things: readonly Thing[]): Promise<Answers> {
  const queries = things.flatMap((thing) => runnable(thing, "sql").map((sql) => [`${thing.number} sql`, sql]));
  project.write("scripts/snippets.ts", snippetModule(things));
  const entry = project.write("scripts/answers.js", programText(JSON.stringify(queries)));
  const outfile = project.write("scripts/answers.mjs", "");
  const external = ["sluice", "file:*"];
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external,
  });
  const { stdout, stderr } = spawnSync(process.execPath, [outfile], { cwd: project.root, encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Answers;
}

/** `sluice query` is what it calls, without a process for each question. */
function programText(queries: string): string {
  const built = pathToFileURL(new URL("../../packages/sluice/dist", import.meta.url).pathname).href;
  return `import { snippets } from "./snippets.ts";
import { openSession } from "${built}/composition.js";
import { rowMaker } from "${built}/query/cells-to-values.js";
import { landRelation } from "${built}/query/land-relation.js";
import { projectAround } from "${built}/query/query-session.js";
import { selectRelation } from "${built}/query/select-inputs.js";

const answers = {};
const answer = async (key, work) => {
  try {
    answers[key] = { answer: await work() };
  } catch (thrown) {
    answers[key] = { error: \`\${thrown.code ?? ""}: \${thrown.message} \${thrown.hint ?? ""}\` };
  }
};
for (const [key, snippet] of Object.entries(snippets)) {
  await answer(key, async () => {
    const { gives } = await snippet();
    const value = await gives;
    return typeof value.rows === "function" ? await value.rows() : value;
  });
}
const folder = process.cwd();
const project = await projectAround(folder, true);
for (const [key, sql] of ${queries}) {
  await answer(key, async () => {
    await using session = await openSession(project, new AbortController().signal);
    const parser = await session.parser();
    const parsed = await parser.parseSelect(sql);
    const relation = await selectRelation(session, { sql, parsed, folder, parameters: {} });
    const landed = await landRelation(session, { query: { relation, parameterTypes: new Map() }, parameters: {} });
    const rowOf = rowMaker(landed.columns, {});
    const rows = [];
    for await (const batch of landed.batches()) rows.push(...batch.map(rowOf));
    session.keepEngine();
    return rows;
  });
}
process.stdout.write(JSON.stringify(answers));
`;
}
