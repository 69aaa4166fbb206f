import { describe, expect, it } from "vitest";
import type { PipelineDefinition, StepDefinition } from "../definition/definition.ts";
import { SluiceError } from "../errors.ts";
import type { Expression } from "../ir/expression.ts";
import type { Relation } from "../ir/relation.ts";
import { canonicalJson } from "../json.ts";
import {
  call,
  chicago,
  col,
  crashes,
  number,
  people,
  planRequest,
  scan,
  scanStep,
  vehicles,
} from "./chicago.fixture.ts";
import { createPlan, findProblems } from "./create-plan.ts";
import { load, pipeline, plan, small, transform } from "./small-plan.fixture.ts";
import { stageCompileRequest } from "./source-schemas.ts";

describe("the Chicago pipeline", () => {
  it("lands the two datasets that two stages read, and fuses every transform into its load", async () => {
    const { stages, warnings } = await createPlan(planRequest(chicago, [crashes, vehicles, people]));
    expect(stages.map(({ name, kind, steps, after }) => [name, kind, steps, after])).toEqual([
      ["crashes", "extract", [], []],
      ["load_crash", "load", ["crash", "load_crash"], ["crashes"]],
      ["load_person", "load", ["person", "load_person"], []],
      ["vehicles", "extract", [], []],
      ["load_by_vehicle_type", "load", ["by_vehicle_type", "load_by_vehicle_type"], ["crashes", "vehicles"]],
      ["load_vehicle", "load", ["vehicle", "load_vehicle"], ["vehicles"]],
    ]);
    expect(stages.map((stage) => stage.endsBecause)).toEqual([
      "crashes is landed (10 of 49 columns) because 2 stages read it: load_by_vehicle_type, load_crash",
      "load_crash is a load; crash runs inside it",
      "load_person is a load; person runs inside it",
      "vehicles is landed (8 of 72 columns) because 2 stages read it: load_by_vehicle_type, load_vehicle",
      "load_by_vehicle_type is a load; by_vehicle_type runs inside it",
      "load_vehicle is a load; vehicle runs inside it",
    ]);
    expect(warnings).toEqual([]);
  });

  it("reads the used columns in frozen order", async () => {
    const { stages } = await createPlan(planRequest(chicago, [crashes, vehicles, people]));
    expect(
      stages.flatMap((stage) => stage.reads.map((read) => ("dataset" in read ? [read.dataset, read.columns] : read))),
    ).toEqual([
      [
        "crashes",
        [
          "crash_record_id",
          "crash_date_est_i",
          "crash_date",
          "num_units",
          "injuries_total",
          "crash_hour",
          "crash_day_of_week",
          "crash_month",
          "latitude",
          "longitude",
        ],
      ],
      { stage: "crashes" },
      ["people", ["person_id", "person_type", "crash_record_id", "vehicle_id", "crash_date", "sex", "age"]],
      [
        "vehicles",
        [
          "crash_unit_id",
          "crash_record_id",
          "crash_date",
          "vehicle_id",
          "make",
          "model",
          "vehicle_year",
          "vehicle_type",
        ],
      ],
      { stage: "crashes" },
      { stage: "vehicles" },
      { stage: "vehicles" },
    ]);
  });

  it("infers what each table holds, and where it comes from", async () => {
    const { stages, lineage } = await createPlan(planRequest(chicago, [crashes, vehicles, people]));
    const schemaOfStage = (name: string) =>
      stages
        .find((stage) => stage.name === name)
        ?.schema.columns.map((one) => `${one.name}: ${one.type}${one.nullable ? "" : "!"}`);
    expect(schemaOfStage("load_by_vehicle_type")).toEqual(["vehicle_type: string", "crashes: int64!"]);
    expect(schemaOfStage("load_person")).toEqual([
      "person_id: string",
      "crash_id: string",
      "crash_date: timestamp",
      "person_type: string",
      "vehicle_id: int64",
      "person_sex: string",
      "person_age: int64!",
    ]);
    expect(lineage.filter((one) => one.step === "load_vehicle" && one.column === "vehicle_make")).toEqual([
      { step: "load_vehicle", column: "vehicle_make", from: [{ dataset: "vehicles", column: "make" }] },
    ]);
    expect(lineage.filter((one) => one.step === "by_vehicle_type")).toEqual([
      { step: "by_vehicle_type", column: "vehicle_type", from: [{ dataset: "vehicles", column: "vehicle_type" }] },
      { step: "by_vehicle_type", column: "crashes", from: [] },
    ]);
  });

  it("says of a column over a window what its rows are ordered and parted by", async () => {
    const ranked: Relation = {
      kind: "window",
      input: scan("small"),
      partition: ["name"],
      by: [{ expression: col("amount") }],
      columns: [["place", call("rank")]],
    };
    const { lineage } = await createPlan(planRequest(pipeline(load(ranked)), [small]));
    expect(lineage.filter(({ column }) => column === "place")).toEqual([
      {
        step: "save",
        column: "place",
        from: [
          { dataset: "small", column: "amount" },
          { dataset: "small", column: "name" },
        ],
      },
    ]);
  });

  it("has the same hash however its steps are ordered, and another when a constant changes", async () => {
    const datasets = [crashes, vehicles, people];
    const first = await createPlan(planRequest(chicago, datasets));
    const turned = await createPlan(
      planRequest({ ...chicago, steps: chicago.steps.toReversed() }, datasets.toReversed()),
    );
    expect(canonicalJson(turned)).toBe(canonicalJson(first));
    const changed = JSON.parse(JSON.stringify(chicago).replace("PEDESTRIAN", "PEDESTRIANS")) as PipelineDefinition;
    expect((await createPlan(planRequest(changed, datasets))).hash).not.toBe(first.hash);
  });

  it("compiles a stage when running as it did when planning", async () => {
    const request = planRequest(chicago, [crashes, vehicles, people]);
    const compile: typeof request.compile = (relation, compiling) => {
      const names: string[] = [];
      JSON.stringify(relation, (_, value: Relation) => {
        if (value?.kind === "scan") names.push(...compiling.schemaOf(value.source).columns.map((one) => one.name));
        return value;
      });
      return { engine: "test", sql: names.join(), inputs: [], parameters: [], ordered: false };
    };
    const made = await createPlan({ ...request, compile });
    for (const stage of made.stages) {
      expect(compile(stage.relation, stageCompileRequest(made, stage, request.datasets)).sql).toBe(stage.sql);
    }
  });
});

describe("where stages end", () => {
  const kept = transform("kept", scan("small"));
  const ends = async (...steps: StepDefinition[]) =>
    Object.fromEntries((await plan(...steps)).stages.map((stage) => [stage.name, stage.endsBecause]));

  it.each<[string, Partial<StepDefinition>, string]>([
    ["checks", { checks: [{ kind: "notNull", columns: ["id"] }] }, "it has a check"],
    ["when", { when: { kind: "literal", type: "bool", value: true } }, "it has a condition of its own (when)"],
    ["retry", { retry: { attempts: 3 } }, "it has a retry of its own"],
    ["timeout", { timeoutMs: 1000 }, "it has a timeout of its own"],
  ])("at a transform with %s", async (_, more, reason) => {
    const found = await ends({ ...kept, ...more } as StepDefinition, load(scanStep("kept")));
    expect(found).toEqual({ kept: `kept is landed because ${reason}`, save: "save is a load" });
  });

  it("at a transform that two steps read, that one reads twice, or that none reads", async () => {
    const other = load(scanStep("kept"), { name: "other", into: { type: "file", path: "other.csv" } });
    expect(await ends(kept, load(scanStep("kept")), other)).toMatchObject({
      kept: "kept is landed because 2 steps read it: other, save",
    });
    const twice: Relation = { kind: "union", inputs: [scanStep("kept"), scanStep("kept")] };
    expect(await ends(kept, load(twice))).toMatchObject({ kept: "kept is landed because save reads it 2 times" });
    expect(await ends(kept)).toEqual({ kept: "kept is landed because no step reads it" });
  });

  it("at a transform whose counts decide, or that another waits for", async () => {
    const later = transform("later", scan("people"), {
      after: ["kept"],
      when: call("gt", { kind: "metric", step: "kept", name: "rowsOut" }, number("0")),
    });
    const { stages } = await plan(kept, load(scanStep("kept")), later);
    expect(stages.find((stage) => stage.name === "kept")?.endsBecause).toBe(
      "kept is landed because later looks at its counts and later waits for it",
    );
    expect(stages.find((stage) => stage.name === "later")?.after).toEqual(["kept"]);
  });

  it("and nowhere else: a chain is one stage, whose prerequisites are those of all its steps", async () => {
    const first = transform("first", scan("people"));
    const { stages } = await plan(
      first,
      transform("a", scan("small"), { after: ["first"] }),
      transform(
        "b",
        { kind: "filter", input: scanStep("a"), condition: call("isNotNull", col("name")) },
        { after: ["a"] },
      ),
      load(scanStep("b")),
    );
    expect(stages.map(({ name, steps, after }) => [name, steps, after])).toEqual([
      ["first", ["first"], []],
      ["save", ["a", "b", "save"], ["first"]],
    ]);
  });
});

describe("what is landed and read", () => {
  it("passes on a landed stage as it is", async () => {
    const { stages } = await plan(transform("kept", scan("small"), { timeoutMs: 5 }), load(scanStep("kept")));
    expect(stages[1]?.writes).toEqual({
      kind: "target",
      into: { type: "file", path: "out.csv" },
      mode: "replace",
      passes: "kept",
    });
    expect((await plan(load(scan("small")))).stages[0]?.writes).not.toHaveProperty("passes");
  });

  it("keeps every column of a persistent dataset, and says what that costs", async () => {
    const persistent = { ...small, stage: "persistent" as const };
    const definition = pipeline(load({ kind: "keep", input: scan("small"), columns: ["name"] }));
    const { stages, warnings } = await createPlan(planRequest(definition, [persistent]));
    expect(stages[0]).toMatchObject({ name: "small", kind: "extract", writes: { kind: "landed", persistent: true } });
    expect(stages[0]?.schema.columns.map((one) => one.name)).toEqual(["id", "name", "amount", "spare"]);
    expect(stages[1]?.reads).toEqual([{ stage: "small" }]);
    expect(warnings).toEqual(['"small" is kept with all 4 columns, of which 1 are used here: about 4 times the read']);
  });

  it("lands text that is deduplicated, but neither Parquet nor what was grouped before", async () => {
    const deduplicated = (input: Relation): Relation => ({
      kind: "deduplicate",
      input,
      key: ["name"],
      keep: "first",
      by: [{ expression: col("name") }],
    });
    const names = async (relation: Relation, dataset = small) =>
      (await createPlan(planRequest(pipeline(load(relation)), [dataset]))).stages.map((stage) => stage.name);
    expect(await names(deduplicated(scan("small")))).toEqual(["small", "save"]);
    const { dialect: _, ...parquet } = small;
    expect(await names(deduplicated(scan("small")), parquet)).toEqual(["save"]);
    expect(await names(deduplicated({ kind: "aggregate", input: scan("small"), by: ["name"], columns: [] }))).toEqual([
      "save",
    ]);
    expect(await names({ kind: "sort", input: scan("small"), by: [{ expression: col("name") }] })).toEqual(["save"]);
  });

  it("reads nothing of what is only counted, and something where that is landed", async () => {
    const counted: Relation = { kind: "aggregate", input: scan("small"), by: [], columns: [["n", call("count")]] };
    const { stages } = await plan(load(counted));
    expect(stages[0]?.reads).toEqual([{ dataset: "small", columns: [], uses: 1 }]);
    const other = load(counted, { name: "other", into: { type: "file", path: "b.csv" } });
    expect((await plan(load(counted), other)).stages[0]?.reads).toEqual([
      { dataset: "small", columns: ["id"], uses: 1 },
    ]);
  });

  it("counts how often a stage reads a dataset, and says that a limit may stop it early", async () => {
    const twice: Relation = {
      kind: "union",
      inputs: [scan("small"), { kind: "limit", input: scan("small"), count: 1 }],
    };
    expect((await plan(load(twice))).stages[0]).toMatchObject({
      reads: [{ dataset: "small", uses: 2 }],
      mayStopEarly: true,
    });
  });

  it("reads inline sources under their name, with a warning", async () => {
    const address = { type: "file", path: "data/small.csv" };
    const request = planRequest(pipeline(load({ kind: "scan", source: { inline: address } })), [small]);
    const made = await createPlan({ ...request, inline: new Map([[canonicalJson(address), "small"]]) });
    expect(made.stages[0]?.relation).toEqual(scan("small"));
    expect(made.datasets).toEqual({ small: "hash of small" });
    expect(made.warnings).toEqual([
      "data/small.csv (read by save) has no frozen schema: it is looked at anew in each run; name it in datasets and run sluice sync",
    ]);
  });

  it("gives raw SQL the rows that its engine describes, and all columns of its inputs", async () => {
    const raw: Relation = { kind: "sql", engine: "duckdb", texts: ["select * from ", ""], inputs: [scan("small")] };
    const { stages } = await plan(load({ kind: "keep", input: raw, columns: ["name"] }));
    expect(stages[0]?.reads).toEqual([{ dataset: "small", columns: ["id", "name", "amount", "spare"], uses: 1 }]);
    expect(stages[0]?.schema.columns.map((one) => one.name)).toEqual(["name"]);
  });
});

describe("what cannot be planned", () => {
  it.each([-1, 1.5, Number.NaN, "5 percent", "%", "101%"])(
    "a limit of rejects that is none: %s",
    async (maxRejects) => {
      const found = await findProblems(planRequest(pipeline(load(scan("small"))), [{ ...small, maxRejects }]));
      expect(found.map((error) => [error.at?.path, error.message])).toEqual([
        ["datasets.small.maxRejects", `"${maxRejects}" is not a limit of rejects`],
      ]);
    },
  );

  it.each([0, 7, "0.1%", "100 %", ".5%"])("but not of one: %s", async (maxRejects) => {
    expect(await findProblems(planRequest(pipeline(load(scan("small"))), [{ ...small, maxRejects }]))).toEqual([]);
  });

  it("names the step whose query the engine refuses", async () => {
    const request = planRequest(pipeline(load(scan("small"))), [small]);
    const compile = (): never => {
      throw new SluiceError("unsupported", "this SQL is spark's");
    };
    await expect(createPlan({ ...request, compile })).rejects.toMatchObject({
      code: "unsupported",
      at: { file: "", path: "steps.save" },
    });
  });

  const problemsOf = async (...steps: StepDefinition[]) =>
    (await findProblems(planRequest(pipeline(...steps), [small]))).map((error) => [
      error.code,
      error.at?.path,
      error.message,
      error.hint,
    ]);

  it("names each step's problem with its path and the closest right name", async () => {
    const wrong: Relation = {
      kind: "filter",
      input: scan("small"),
      condition: call("gt", col("ammount"), number("1")),
    };
    expect(await problemsOf(transform("a", wrong), load(scan("smal")), transform("c", scanStep("a")))).toEqual([
      ["config", "steps.a.query.filter", 'there is no column "ammount"', 'did you mean "amount"?'],
      ["config", "steps.save.from.scan", 'no dataset is named "smal"', 'did you mean "small"?'],
    ]);
  });

  it("names every mistake of a step that can be seen, each once", async () => {
    const gt = (name: string): Expression => call("gt", col(name), number("1"));
    const filtered: Relation = { kind: "filter", input: scan("small"), condition: gt("ammount") };
    const wrong: Relation = {
      kind: "select",
      input: filtered,
      columns: [
        ["a", col("id")],
        ["b", col("idd")],
        ["c", col("amont")],
      ],
    };
    const messages = async (...steps: StepDefinition[]) =>
      (await problemsOf(...steps)).map(([, path, message]) => `${path}: ${message}`);
    expect(await messages(transform("a", wrong), load(scanStep("a")))).toEqual([
      'steps.a.query.filter: there is no column "ammount"',
      'steps.a.query.select: there is no column "idd"',
      'steps.a.query.select: there is no column "amont"',
    ]);
    const checks = ["x", "y"].map((name) => ({ kind: "notNull", columns: [name], otherwise: "fail" }) as const);
    expect(await messages(load(filtered, { checks, mode: "append" }))).toEqual([
      'steps.save.from.filter: there is no column "ammount"',
      'steps.save.checks[0]: there is no column "x"',
      'steps.save.checks[1]: there is no column "y"',
      'steps.save.mode: a target of type "file" cannot be loaded with mode "append"',
    ]);
  });

  it.each<[string, StepDefinition, unknown[]]>([
    [
      "a key that is no column",
      load(scan("small"), { mode: "merge", key: ["ids"], into: { type: "sqlite", path: "x.db", table: "t" } }),
      ["config", "steps.save.key", 'key names "ids", which is no column of the rows', 'did you mean "id"?'],
    ],
    [
      "a mode that the target has not",
      load(scan("small"), { mode: "append" }),
      [
        "unsupported",
        "steps.save.mode",
        'a target of type "file" cannot be loaded with mode "append"',
        "it can replace",
      ],
    ],
    [
      "a target that nothing writes",
      load(scan("small"), { into: { type: "ftp" } }),
      ["unsupported", "steps.save.into", 'nothing can write to "ftp"', undefined],
    ],
    [
      "a load into its own source",
      load(scan("small"), { into: { type: "file", path: "./data/small.csv" } }),
      [
        "config",
        "steps.save.into",
        'the load "save" writes what the dataset "small" reads: the pipeline would change its own source',
        "write to another place",
      ],
    ],
    [
      "a step named as a dataset",
      load(scan("small"), { name: "Small" }),
      [
        "config",
        "steps.Small",
        'the step "Small" and the dataset "small" differ only by case',
        "give the step another name",
      ],
    ],
    [
      "a check of an unknown column",
      load(scan("small"), { checks: [{ kind: "notNull", columns: ["nme"] }] }),
      ["config", "steps.save.checks[0]", 'there is no column "nme"', 'did you mean "name"?'],
    ],
    [
      "a check of other values",
      load(scan("small"), { checks: [{ kind: "accepted", column: "id", values: ["x"] }] }),
      [
        "config",
        "steps.save.checks[0]",
        'the check accepted of "id" does not fit: x is not a number, and it meets a value of type int64',
        expect.any(String),
      ],
    ],
    [
      "a pattern on numbers",
      load(scan("small"), { checks: [{ kind: "pattern", column: "id", pattern: "x" }] }),
      [
        "config",
        "steps.save.checks[0]",
        'the check pattern of "id" does not fit: matches takes text, not int64',
        expect.any(String),
      ],
    ],
    [
      "a when that is no condition",
      load(scan("small"), { when: number("1") }),
      [
        "config",
        "steps.save.when",
        'when of "save" has to be true or false, but it is int64',
        "compare it with something",
      ],
    ],
  ])("%s", async (_, step, problem) => {
    expect(await problemsOf(step)).toEqual([problem]);
    await expect(createPlan(planRequest(pipeline(step), [small]))).rejects.toThrow(problem[2] as string);
  });
});
