import type {
  CheckDefinition,
  Expression,
  FrozenDataset,
  LoadDefinition,
  Relation,
  StepDefinition,
} from "@sluice/core";
import { csvDataset, type RealProject, realProject } from "./real-project.ts";

export const PEOPLE = csvDataset("people", [
  { name: "id", type: "int64", nullable: true },
  { name: "name", type: "string", nullable: true },
  { name: "age", type: "int64", nullable: true },
]);

export const people: Relation = { kind: "scan", source: { dataset: "people" } };
export const stepOf = (step: string): Relation => ({ kind: "scan", source: { step } });
export const column = (name: string): Expression => ({ kind: "column", name });
export const adults: Relation = {
  kind: "filter",
  input: people,
  condition: {
    kind: "call",
    name: "gte",
    arguments: [column("age"), { kind: "literal", type: "number", value: "18" }],
  },
};

export const sqlite = (table: string): LoadDefinition["into"] => ({ type: "sqlite", path: "out.db", table });
export const parquet = (path: string): LoadDefinition["into"] => ({ type: "file", format: "parquet", path });

export function load(name: string, from: Relation, more: Partial<LoadDefinition> = {}): LoadDefinition {
  return { kind: "load", name, from, into: sqlite(name), mode: "replace", ...more };
}
export const transform = (name: string, query: Relation, checks: readonly CheckDefinition[] = []): StepDefinition => ({
  kind: "transform",
  name,
  query,
  ...(checks.length === 0 ? {} : { checks }),
});

export const GOOD = "id,name,age\n1,Ada,36\n2,Tim,7\n3,Grace,85\n";
export const BAD = "id,name,age\n1,Ada,36\n2,Tim,seven\n3,Grace,85\n4,Eve,1.7\n";

export async function peopleProject(text: string): Promise<RealProject> {
  const project = await realProject();
  project.write("data/people.csv", text);
  return project;
}

export async function planAndRun(
  project: RealProject,
  steps: readonly StepDefinition[],
  datasets: readonly FrozenDataset[] = [PEOPLE],
): ReturnType<RealProject["run"]> {
  return project.run(await project.plan(steps, datasets), datasets);
}
