import type { SluiceError } from "@sluice/core";
import { errorsOf } from "../../failures.ts";
import { loadPipelines } from "../../project/load-pipelines.ts";
import { uniquePipelines } from "../../project/pick-pipeline.ts";
import { planPipeline } from "../../project/plan-pipeline.ts";
import type { CommandContext } from "../context.ts";
import { errorsRecord } from "../error-record.ts";
import { type ExitCode, exitCodeOf } from "../exit-code.ts";
import { openCommand, shortIn, wantsFrozen } from "../open-command.ts";
import { plural } from "../output/format-values.ts";
import { printErrors } from "../output/print-errors.ts";
import { plainText } from "../output/text-width.ts";

interface Warning {
  readonly pipeline: string;
  readonly message: string;
}

/** Plans every pipeline and says everything that is wrong or doubtful, without reading rows. */
export async function check(context: CommandContext): Promise<ExitCode> {
  await using session = await openCommand(context);
  const { terminal } = context;
  const frozen = wantsFrozen(context, true);
  const loaded = uniquePipelines(await loadPipelines(session), shortIn(context));
  const errors: SluiceError[] = [...loaded.errors];
  const warnings: Warning[] = [];
  const checked: { readonly name: string; readonly hash: string }[] = [];
  for (const pipeline of loaded.found) {
    try {
      const planned = await planPipeline(session, pipeline, { frozen });
      checked.push({ name: pipeline.name, hash: planned.plan.hash });
      for (const { step, name, dataset } of planned.untyped) {
        const message = `the rows that "${step}" reads (${name}) are not frozen`;
        for (const text of [message, ...dataset.warnings]) warnings.push({ pipeline: pipeline.name, message: text });
      }
      for (const message of planned.plan.warnings) warnings.push({ pipeline: pipeline.name, message });
    } catch (thrown) {
      errors.push(...errorsOf(thrown));
    }
  }
  const unique = withoutRepeats(errors);
  const code = exitCodeOf(unique);
  if (terminal.json) {
    const wrong = unique.length === 0 ? { errors: [] } : errorsRecord(unique, context.folder);
    terminal.print(JSON.stringify({ ok: unique.length === 0, pipelines: checked, warnings, ...wrong }));
  } else {
    for (const { pipeline, message } of warnings) {
      terminal.print(`${terminal.paint("yellow", "warning")}: ${pipeline}: ${plainText(message)}`);
    }
    if (unique.length === 0) {
      terminal.print(`${terminal.paint("green", "ok")}: ${plural(checked.length, "pipeline")}`);
    }
  }
  printErrors(unique, terminal, context.folder);
  return code;
}

/** Several pipelines may meet the same mistake, for example a dataset that was never synced. */
function withoutRepeats(errors: readonly SluiceError[]): readonly SluiceError[] {
  const seen = new Set<string>();
  return errors.filter((error) => {
    const key = JSON.stringify([error.code, error.message, error.at ?? null]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
