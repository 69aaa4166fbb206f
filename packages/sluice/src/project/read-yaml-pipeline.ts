import type { Session } from "../composition.ts";
import type { LoadedPipeline } from "./pick-pipeline.ts";
import { readUtf8 } from "./read-utf8.ts";

/** The pipeline that a YAML file holds. */
export async function readYamlPipeline(session: Session, file: string): Promise<LoadedPipeline> {
  const { readYaml } = await import("../yaml/read-yaml.ts");
  const { config } = session.project;
  const { definition, locations } = await readYaml(readUtf8(file), {
    file,
    parser: await session.parser(),
    known: { datasets: Object.keys(config.datasets), connections: Object.keys(config.connections) },
  });
  return { name: definition.name, file, definition, locations };
}
