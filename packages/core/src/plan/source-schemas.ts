import type { PipelineDefinition } from "../definition/definition.ts";
import { SluiceError } from "../errors.ts";
import { schemaOfDataset } from "../infer/schema-of.ts";
import { canonicalJson } from "../json.ts";
import type { CompileRequest } from "../ports/engine.ts";
import type { FrozenDataset } from "../schema/frozen.ts";
import type { Schema } from "../schema/schema.ts";
import { parameterTypes } from "./infer-steps.ts";
import type { Plan, PlannedStage } from "./plan.ts";

interface Sources {
  readonly definition: PipelineDefinition;
  readonly datasets: ReadonlyMap<string, FrozenDataset>;
  /** The schemas of steps and of landed stages. */
  readonly stages: ReadonlyMap<string, Schema>;
  /** The columns that are read of each dataset; all of those that are not here. */
  readonly read?: ReadonlyMap<string, readonly string[]>;
}

/** What scans read, for inference and for engines. */
export function sourceSchemas({ definition, datasets, stages, read }: Sources): CompileRequest {
  return {
    parameters: parameterTypes(definition),
    schemaOf: (source) => {
      if ("dataset" in source) {
        const dataset = datasets.get(source.dataset);
        if (dataset !== undefined) return schemaOfDataset(dataset, read?.get(source.dataset));
      }
      const name = "stage" in source ? source.stage : "step" in source ? source.step : "";
      const schema = stages.get(name);
      if (schema !== undefined) return schema;
      throw new SluiceError("internal", `the plan has no source ${canonicalJson(source)}`);
    },
  };
}

/**
 * What a stage's relation is compiled with: the same when planning and when running, so that both give the same SQL.
 * Datasets have the columns that the stage reads of them, landed stages have those of their output.
 *
 * @example
 * engine.compile(stage.relation, stageCompileRequest(plan, stage, datasets)).sql === stage.sql; // true
 */
export function stageCompileRequest(
  plan: Pick<Plan, "definition" | "stages">,
  stage: Pick<PlannedStage, "reads">,
  datasets: ReadonlyMap<string, FrozenDataset>,
): CompileRequest {
  return sourceSchemas({
    definition: plan.definition,
    datasets,
    stages: new Map(plan.stages.map(({ name, schema }) => [name, schema])),
    read: new Map(stage.reads.flatMap((read) => ("dataset" in read ? [[read.dataset, read.columns] as const] : []))),
  });
}
