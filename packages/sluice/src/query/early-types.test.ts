import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cell, type Relation, SluiceError } from "@sluice/core";
import type { RunEvent } from "@sluice/runtime";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSession, type Session } from "../composition.ts";
import { errorsOf } from "../failures.ts";
import { withEarlyTypes } from "./early-types.ts";
import { landRelation, planRelation } from "./land-relation.ts";
import { type LandedRows, landStep } from "./land-step.ts";
import { looseProject } from "./loose-project.ts";

let folder: string;
let session: Session;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-early-"));
  session = openSession(looseProject(folder), new AbortController().signal);
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Records that are long: few of them make a text that is glanced at. */
const RECORDS = 6_000;
const FILLER = "name ".repeat(70);
const pad = (value: number): string => String(value).padStart(2, "0");
const COLUMNS = ["id", "day", "at", "size", "ok", "code", "note"] as const;
const KEYS = [...COLUMNS, "place"];

function recordOf(id: number): readonly (string | number | boolean | null)[] {
  const day = `2024-02-${pad(10 + (id % 19))}`;
  return [id, day, `${day}T10:20:${pad(id % 60)}`, id % 7 === 0 ? null : id + 0.5, id % 2 === 0, `c${id % 5}`, FILLER];
}

const csvLine = (fields: readonly unknown[]): string => fields.map((field) => field ?? "").join(",");
const jsonLine = (fields: readonly string[]): string =>
  `{${KEYS.map((name, index) => `"${name}":${fields[index]}`).join(",")}}`;
/** The fields of a record of NDJSON, with one that is nested. */
const jsonFields = (id: number): readonly string[] => [
  ...recordOf(id).map((field) => JSON.stringify(field)),
  `{"lat":${id % 90}.25,"tags":["a","b"],"sizes":[{"n":${id}}]}`,
];
const CSV = Array.from({ length: RECORDS }, (_, id) => csvLine(recordOf(id)));
const JSONS = Array.from({ length: RECORDS }, (_, id) => jsonLine(jsonFields(id)));

const file = (path: string): Relation => ({
  kind: "scan",
  source: { inline: { type: "file", path, format: path.endsWith(".csv") ? "csv" : "ndjson" } },
});
const sql = (text: string, path: string): Relation => ({
  kind: "sql",
  engine: "duckdb",
  texts: [`select ${text} from `, " as t"],
  inputs: [file(path)],
});
const QUERIES = ["*", "count(*) as n", "max(id) as most", "id, note", "code || 'x' as c, ok"] as const;

interface Outcome {
  readonly columns?: unknown;
  readonly rows?: readonly (readonly Cell[])[];
  readonly told?: readonly unknown[];
  readonly errors?: readonly unknown[];
}

async function outcomeOf(work: () => Promise<LandedRows>): Promise<Outcome> {
  try {
    const landed = await work();
    const rows: (readonly Cell[])[] = [];
    for await (const batch of landed.batches()) rows.push(...batch);
    return { columns: landed.columns, rows, told: landed.events.flatMap(toldOf) };
  } catch (error) {
    return { errors: errorsOf(error).map(({ code, message, hint, reason }) => ({ code, message, hint, reason })) };
  }
}

/** What a person is told of a run. */
function toldOf(event: RunEvent): readonly unknown[] {
  if (event.event === "warning") return [event.message];
  return event.event === "stage.rejects" ? [[event.accepted, event.rejected, event.reasons]] : [];
}

/** With the types of the start, and with those of a look at all. */
async function bothWays(name: string, lines: readonly string[], text: string): Promise<readonly [Outcome, Outcome]> {
  await writeFile(join(folder, name), `${lines.join("\n")}\n`);
  const request = { query: { relation: sql(text, name), parameterTypes: new Map() }, parameters: {} };
  const whole = async (): Promise<LandedRows> => {
    const { plan, datasets, step, bound } = await planRelation(session, request);
    expect([...datasets.values()].map(({ early }) => early)).toEqual([undefined]);
    return await landStep(session, { plan, datasets, step, parameters: bound });
  };
  return [await outcomeOf(() => landRelation(session, request)), await outcomeOf(whole)];
}

const CONTRADICTIONS: readonly (readonly [column: number, value: string])[] = [
  [0, "x"],
  [0, "007"],
  [0, "+1"],
  [0, "-0"],
  [0, "1.5"],
  [0, "1e3"],
  [0, "inf"],
  [0, "99999999999999999999"],
  [0, "9223372036854775807"],
  [0, ""],
  [0, " 7"],
  [1, "2024-02-30"],
  [1, "10/02/2024"],
  [1, "soon"],
  [2, "2024-02-10T10:20:30Z"],
  [2, "2024-02-10T10:20:30.5"],
  [3, "9007199254740993"],
  [3, "1234567.89012345678901"],
  [3, "0.12345678901234567"],
  [3, "NaN"],
  [3, "-Infinity"],
  [3, "1,5"],
  [4, "yes"],
  [4, "TRUE"],
  [5, '""'],
  [5, "\ufeff"],
  [6, 'a"b'],
  [6, "more,fields"],
  [6, "\0"],
];
const JSON_CONTRADICTIONS: readonly (readonly [column: number, json: string])[] = [
  [0, '"x"'],
  [0, "1.5"],
  [0, "-0"],
  [0, "1e3"],
  [0, "99999999999999999999"],
  [0, "null"],
  [0, "[1]"],
  [1, '"2024-02-30"'],
  [1, '"soon"'],
  [1, '""'],
  [2, '"2024-02-10T10:20:30Z"'],
  [3, "7"],
  [3, "9007199254740993"],
  [3, "1234567.89012345678901"],
  [3, "0.1234567890123456789"],
  [3, "1e400"],
  [3, "NaN"],
  [4, '"true"'],
  [4, "1"],
  [5, "5"],
  [5, '{"a": 1}'],
  [5, '"\\u0000"'],
  [6, 'null, "other": 1'],
  [6, '"a", "id": 7'],
  [6, '"a'],
  [7, '{"lat":1.5}'],
  [7, '{"lat":1,"tags":[],"sizes":null}'],
  [7, '{"lat":1234567.89012345678901,"tags":["a"],"sizes":[]}'],
  [7, '{"lat":1.5,"tags":[1],"sizes":[]}'],
  [7, '{"lat":1.5,"tags":["a"],"sizes":[{"n":1.5}]}'],
  [7, '{"lat":1.5,"tags":["a"],"sizes":[{"n":1,"m":2}]}'],
  [7, '{"tags":["a"],"lat":1.5,"sizes":[{"n":1}]}'],
  [7, "[]"],
  [7, "{}"],
];

const place = fc.oneof(
  { weight: 2, arbitrary: fc.constant(RECORDS - 1) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: RECORDS - 1 }) },
);

describe("types of the start", () => {
  it.each([
    ["csv", [COLUMNS.join(","), ...CSV]],
    ["ndjson", JSONS],
  ])(
    "are taken where nothing contradicts them, and give what the types of all values do: %s",
    async (format, lines) => {
      const name = `plain.${format}`;
      for (const text of ["*", "count(*) as n"]) {
        const [early, whole] = await bothWays(name, lines, text);
        expect(early.errors).toBeUndefined();
        expect(early).toEqual(whole);
      }
      let isTaken = false;
      const early = {
        onEarly: () => {
          isTaken = true;
        },
        checkpoint: () => undefined,
      };
      const query = { relation: file(name), parameterTypes: new Map() };
      await planRelation(session, { query, parameters: {}, early });
      expect(isTaken).toBe(true);
    },
  );

  it("give what the types of all values do, wherever a value of a CSV contradicts them", {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...CONTRADICTIONS),
        place,
        fc.constantFrom(...QUERIES),
        async (other, at, text) => {
          const [column, value] = other;
          const odd = csvLine(recordOf(at).map((field, index) => (index === column ? value : field)));
          const [early, whole] = await bothWays("x.csv", [COLUMNS.join(","), ...CSV.with(at, odd)], text);
          expect(early).toEqual(whole);
        },
      ),
      { numRuns: 12 },
    );
  });

  it("give the same of NDJSON", { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...JSON_CONTRADICTIONS),
        place,
        fc.constantFrom(...QUERIES),
        async (other, at, text) => {
          const [column, json] = other;
          const line = jsonLine(jsonFields(at).map((field, index) => (index === column ? json : field)));
          const [early, whole] = await bothWays("x.ndjson", JSONS.with(at, line), text);
          expect(early).toEqual(whole);
        },
      ),
      { numRuns: 8 },
    );
  });

  it.each([
    ["nulls first", (id: number) => (id < RECORDS - 1 ? "" : "12")],
    ["whole numbers first", (id: number) => (id < RECORDS - 1 ? String(id) : "0.5")],
    ["words that are no numbers first", (id: number) => (id < RECORDS - 1 ? "nan" : "2.5")],
    ["nulls, then words", (id: number) => (id < 4_000 ? "" : "word")],
  ])("are those of all values where a column begins otherwise: %s", async (_, value) => {
    const lines = CSV.map((line, id) => `${line},${value(id)}`);
    const [early, whole] = await bothWays("y.csv", [`${COLUMNS.join(",")},late`, ...lines], "late, count(*) as n");
    expect(early).toEqual(whole);
    const [grouped, all] = await bothWays("y.csv", [`${COLUMNS.join(",")},late`, ...lines], "max(late) as most");
    expect(grouped.errors).toBeUndefined();
    expect(grouped).toEqual(all);
  });

  it("tell an error of the query as ever", async () => {
    for (const text of ["nothing", "error('no') as e", "cast(note as integer) as n", "code + 1 as n"]) {
      const [early, whole] = await bothWays("z.csv", [COLUMNS.join(","), ...CSV], text);
      expect(early.errors).toHaveLength(1);
      expect(early).toEqual(whole);
    }
  });
});

describe("a work that may fail for types of the start", () => {
  const failing = async (
    tell: (early: Parameters<Parameters<typeof withEarlyTypes>[1]>[0]) => void,
    code: SluiceError["code"] = "data",
  ): Promise<readonly [tries: number, outcome: unknown]> => {
    let tries = 0;
    const work = withEarlyTypes({ signal: new AbortController().signal }, async (early) => {
      tries += 1;
      if (early === undefined) return "done";
      tell(early);
      throw new SluiceError(code, "no");
    });
    const outcome = await work.catch(({ message }: Error) => message);
    return [tries, outcome];
  };

  it("is done again only where they may be to blame, and nothing may have been committed", async () => {
    expect(await failing((early) => early?.onEarly())).toEqual([2, "done"]);
    expect(await failing(() => undefined)).toEqual([1, "no"]);
    expect(await failing((early) => early?.onEarly(), "denied")).toEqual([1, "no"]);
    const staged = await failing((early) => {
      early?.onEarly();
      early?.checkpoint("stage.executed");
      early?.checkpoint("load.staged");
    });
    expect(staged).toEqual([1, "no"]);
  });
});
