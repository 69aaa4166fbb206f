import { SluiceError } from "@sluice/core";
import { loadPipeline } from "../../project/load-pipelines.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { openCommand } from "../open-command.ts";

/** Prints a pipeline as YAML; reading that back gives the same definition. */
export async function convert(context: CommandContext): Promise<ExitCode> {
  const form = context.parsed.value("to");
  if (form !== "yaml") {
    throw new SluiceError(
      "config",
      form === undefined ? "the form to convert to is not given" : `"${form}" is no form`,
      {
        reason: "usage",
        hint: "sluice convert <pipeline> --to yaml",
      },
    );
  }
  await using session = await openCommand(context);
  const [word] = context.parsed.words;
  const pipeline = await loadPipeline(session, { word, folder: context.folder });
  const { writeYaml } = await import("../../yaml/write-yaml.ts");
  const yaml = writeYaml(pipeline.definition);
  const { terminal } = context;
  terminal.print(terminal.json ? JSON.stringify({ pipeline: pipeline.name, yaml }) : yaml.trimEnd());
  return 0;
}
