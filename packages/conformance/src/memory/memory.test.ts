import {
  createFaultPlan,
  createMemoryAdapter,
  createMemoryDatabase,
  createMemoryRunner,
  createMemorySink,
  createMemoryState,
  createMemoryStore,
  createPlaces,
  createRandom,
  createRowsEngine,
  describeRunner,
  describeSink,
  describeSource,
  describeStore,
  describeSuite,
  faultySink,
  faultySource,
  faultyStore,
  type MemoryDatabase,
  PEOPLE,
  PEOPLE_ROWS,
  requestOf,
  tracesOf,
  writeRows,
} from "@sluice/conformance";
import type { OpenContext } from "@sluice/core";
import { afterAll, expect, it } from "vitest";

const places = createPlaces("sluice-memory-");
afterAll(places.remove);
const openContext = (): Promise<OpenContext> => places.newContext(createRowsEngine());

const databases = new Map<string, MemoryDatabase>();
const adapter = createMemoryAdapter(databases);
const createDatabase = (): { readonly name: string; readonly database: MemoryDatabase } => {
  const name = `database-${databases.size}`;
  const database = createMemoryDatabase();
  databases.set(name, database);
  return { name, database };
};

describeRunner({
  name: "memory",
  runsCommands: false,
  folder: places.newFolder,
  async open(_folder, module) {
    const functions = (await import(`data:text/javascript,${encodeURIComponent(module)}`)) as Record<string, unknown>;
    return {
      runner: createMemoryRunner(functions),
      find: async (name) => ({ module: `tasks/cases.ts#${name}`, code: "" }),
    };
  },
});

describeSink({
  name: "memory",
  report: "memory",
  adapter,
  openContext,
  createTarget: async () => {
    const { name, database } = createDatabase();
    return {
      address: { type: "memory", connection: name, table: "target" },
      rows: async () => database.tables.get("target")?.rows,
      traces: async () => tracesOf(database),
    };
  },
});

describeSource({
  name: "memory",
  adapter,
  openContext,
  create: async (schema, rows) => {
    const { name, database } = createDatabase();
    database.tables.set("table", { schema, rows });
    return { address: { type: "memory", connection: name, table: "table" } };
  },
  missing: async () => ({ address: { type: "memory", connection: createDatabase().name, table: "absent" } }),
});

describeStore({
  name: "memory",
  create: async () => {
    const state = createMemoryState();
    return async () => createMemoryStore(state);
  },
});

describeSuite("suite", "example", {}, (declare) => {
  declare("example.once", "a case has an id of its own", async () => {});
  expect(() => declare("example.once", "again", async () => {})).toThrow("two cases have the id example.once");
});

it("a source and a store fail where the plan says so", async () => {
  const { name, database } = createDatabase();
  database.tables.set("table", { schema: PEOPLE, rows: PEOPLE_ROWS });
  const always = createFaultPlan({ seed: 1, failing: 1, delayed: 0, report: () => {} });
  const never = createFaultPlan({ seed: 1, failing: 0, delayed: 1, report: () => {} });
  const context = await openContext();
  const source = await adapter.openSource?.({ type: "memory", connection: name, table: "table" }, undefined, context);
  if (source === undefined) throw new Error("no source");
  await expect(faultySource(source, always).check(context.signal)).rejects.toMatchObject({ reason: "fault" });
  await faultySource(source, never).check(context.signal);
  expect(faultySource(source, never)).not.toHaveProperty("scan");
  const store = createMemoryStore(createMemoryState());
  const query = { project: "p", limit: 1 };
  await expect(faultyStore(store, always).listRuns(query)).rejects.toMatchObject({ code: "unavailable" });
  expect(await faultyStore(store, never).listRuns(query)).toEqual([]);
  expect([always.calls, never.calls]).toEqual([2, 3]);
});

it("a seed gives the same numbers, spread over the whole range", () => {
  const [first, second] = [createRandom(7), createRandom(7)];
  const numbers = Array.from({ length: 1_000 }, () => first());
  expect(Array.from({ length: 1_000 }, () => second())).toEqual(numbers);
  expect(Math.min(...numbers)).toBeLessThan(0.01);
  expect(Math.max(...numbers)).toBeGreaterThan(0.99);
  expect(numbers.reduce((sum, number) => sum + number, 0) / 1_000).toBeCloseTo(0.5, 1);
});

it("a load that is tried again until it succeeds is done once, whatever fails on the way", async () => {
  const lines: string[] = [];
  for (let seed = 1; seed <= 50; seed++) {
    const plan = createFaultPlan({ seed, failing: 0.2, delayed: 0.2, report: (line) => lines.push(line) });
    const database = createMemoryDatabase();
    const context = await openContext();
    const sink = faultySink(createMemorySink(database, "target", context), plan);
    const request = requestOf({ schema: PEOPLE, rows: PEOPLE_ROWS, mode: "append" });
    const attempt = async (): Promise<boolean> => {
      try {
        const files = await writeRows(context.local, PEOPLE, PEOPLE_ROWS, await sink.accepts(request));
        const staging = await sink.stage(request);
        await staging.add(files);
        await staging.commit();
        return true;
      } catch (error) {
        expect(error, `seed ${seed}`).toMatchObject({ code: "unavailable", reason: "fault" });
        return false;
      }
    };
    let attempts = 1;
    while (!(await attempt())) attempts += 1;
    expect(attempts, `seed ${seed}`).toBeLessThan(50);
    expect(database.tables.get("target")?.rows, `seed ${seed}`).toHaveLength(PEOPLE_ROWS.length);
  }
  expect(lines[0]).toBe("faults: seed 1");
  expect(lines.filter((line) => line.endsWith("staging.committed fails")).length).toBeGreaterThan(0);
});
