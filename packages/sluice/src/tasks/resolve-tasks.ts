import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { canonicalDefinition, isSluiceError, locate, placeError, SluiceError, type StepDefinition } from "@sluice/core";
import { errorsOf, throwAll } from "../failures.ts";
import { bundleModules, moduleOfFunction } from "../project/bundle.ts";
import type { LoadedPipeline } from "../project/pick-pipeline.ts";
import { sharpen } from "../project/sharpen.ts";
import { findTask } from "./find-task.ts";

interface Place {
  readonly root: string;
  readonly buildFolder: string;
}

/**
 * The pipeline with the module and the code of each task's function: what a definition in TypeScript cannot know of a
 * function that it was given, and what one in YAML does not say.
 *
 * @throws SluiceError `config`, or several of them, at the step
 */
export async function resolveTasks<P extends LoadedPipeline>(pipeline: P, place: Place): Promise<P> {
  const { definition, locations } = pipeline;
  if (!definition.steps.some((step) => step.kind === "task")) return pipeline;
  const problems: SluiceError[] = [];
  const steps: StepDefinition[] = [];
  for (const step of definition.steps) {
    if (step.kind !== "task") {
      steps.push(step);
      continue;
    }
    try {
      const module = step.run.module.startsWith("#") ? await moduleOf(step.name, pipeline, place) : step.run.module;
      const { code } = await findTask({ ...place, module });
      steps.push({ ...step, run: { module, code } });
    } catch (thrown) {
      for (const error of errorsOf(thrown)) {
        if (!isSluiceError(error)) throw thrown;
        const placed = placeError(locate(error, { file: "", path: `steps.${step.name}.run` }), locations);
        problems.push(sharpen(placed, locations));
      }
    }
  }
  throwAll(problems);
  return { ...pipeline, definition: canonicalDefinition({ ...definition, steps }) };
}

async function moduleOf(step: string, { tasks, locations, file }: LoadedPipeline, place: Place): Promise<string> {
  const { root, buildFolder } = place;
  const run = tasks?.get(step);
  const name = typeof run === "function" ? run.name : "";
  const known = typeof run === "function" ? moduleOfFunction(run) : undefined;
  if (known !== undefined && isInside(known.path, root)) return `${shortened(known.path, root)}#${known.name}`;
  // A script evaluates its modules itself: there the name of the function has to tell.
  const entry = locations.steps.get(step)?.file ?? file;
  const [bundle] = await bundleModules({ root, buildFolder, entries: [entry] });
  const inputs = bundle !== undefined && "inputs" in bundle ? bundle.inputs : [];
  const exporting = inputs.filter((path) => isInside(path, root) && exportsName(path, name));
  const [only] = exporting;
  if (only !== undefined && exporting.length === 1) return `${shortened(only, root)}#${name}`;
  throw new SluiceError(
    "config",
    only === undefined
      ? `the function ${name === "" ? "" : `"${name}" `}of the task "${step}" is exported by no module of the project`
      : `the function "${name}" of the task "${step}" is exported by ${exporting.map((path) => shortened(path, root)).join(" and ")}`,
    {
      hint:
        only === undefined
          ? "write it into a module of its own, export it there, and import it: it runs in another process"
          : "give it a name of its own",
    },
  );
}

function isInside(path: string, root: string): boolean {
  return path.startsWith(root + sep) && !path.includes(`${sep}node_modules${sep}`);
}

function shortened(path: string, root: string): string {
  return relative(root, path).replaceAll("\\", "/");
}

function exportsName(path: string, name: string): boolean {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return false;
  const escaped = name.replaceAll("$", "\\$");
  const declared = new RegExp(`^\\s*export\\s+(?:async\\s+)?(?:function\\s*\\*?|const|let|var)\\s*${escaped}\\b`, "m");
  return declared.test(readFileSync(path, "utf8"));
}
