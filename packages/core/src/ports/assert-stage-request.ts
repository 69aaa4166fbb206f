import {
  abilityProblems,
  type LoadProblem,
  type LoadSettings,
  settingColumnProblems,
  settingProblems,
} from "../definition/load-settings.ts";
import { SluiceError } from "../errors.ts";
import type { SinkCapabilities, StageRequest } from "./sink.ts";

type Asked = Pick<StageRequest, "mode" | "schema" | keyof LoadSettings>;

/**
 * Refuses a load that a sink cannot do or that contradicts itself, before any row is read. Every sink asks it first, in
 * `accepts` and in `stage`.
 *
 * @example
 * assertStageRequest(request, { modes: ["replace"], ordered: true }, "out/x.csv");
 * // SluiceError unsupported: out/x.csv cannot be loaded with mode "merge" (it can replace)
 * @throws SluiceError `unsupported` or `config`
 */
export function assertStageRequest(asked: Asked, capabilities: SinkCapabilities, target: string): void {
  const { mode, schema } = asked;
  const inOrder: readonly (() => readonly LoadProblem[])[] = [
    () => (capabilities.modes.includes(mode) ? [] : abilityProblems(mode, asked, capabilities, target)),
    () => settingProblems(mode, asked),
    () => abilityProblems(mode, asked, capabilities, target),
    () => settingColumnProblems(asked, schema),
  ];
  for (const look of inOrder) {
    const [problem] = look();
    if (problem === undefined) continue;
    const { message, code = "config", hint, offending } = problem;
    throw new SluiceError(code, code === "unsupported" ? message : `the load into ${target}: ${message}`, {
      ...(hint === undefined ? {} : { hint }),
      ...(offending === undefined ? {} : { offending }),
    });
  }
}
