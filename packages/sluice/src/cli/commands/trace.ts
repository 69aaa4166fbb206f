import { SluiceError } from "@sluice/core";
import { findTable } from "../../trace/find-table.ts";
import { traceRows } from "../../trace/trace.ts";
import type { Arguments } from "../arguments.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { givenParameters } from "../given-parameters.ts";
import { openCommand } from "../open-command.ts";
import { traceLines } from "../output/trace-lines.ts";

/** Prints where rows of a table came from and what became of them on the way, or what keeps rows out of it. */
export async function trace(context: CommandContext): Promise<ExitCode> {
  const { parsed, terminal } = context;
  const { option, text } = conditionOf(parsed);
  const given = givenParameters(parsed.values("param"));
  await using session = await openCommand(context);
  const [word = ""] = parsed.words;
  const table = await findTable(session, word);
  const report = await traceRows(session, { table, text, option: `--${option}`, given });
  if (terminal.json) terminal.print(JSON.stringify(report));
  else for (const line of traceLines(report, terminal, { onlyDrops: option === "why-not" })) terminal.print(line);
  return 0;
}

function conditionOf(parsed: Arguments): { readonly option: "where" | "why-not"; readonly text: string } {
  const given = (["where", "why-not"] as const).flatMap((option) => {
    const text = parsed.value(option);
    return text === undefined ? [] : [{ option, text }];
  });
  const [only] = given;
  if (only !== undefined && given.length === 1) return only;
  throw new SluiceError(
    "config",
    only === undefined ? '"sluice trace" needs a condition' : "--where and --why-not are given both",
    {
      reason: "usage",
      hint: "say which rows: --where \"id = 'x'\" for how they came, --why-not \"id = 'x'\" for what keeps them out",
    },
  );
}
