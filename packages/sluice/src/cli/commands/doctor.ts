import { isSluiceError } from "@sluice/core";
import { openSession, type Session } from "../../composition.ts";
import type { Finding } from "../../doctor/check.ts";
import { ok, warn } from "../../doctor/check.ts";
import {
  clockFinding,
  engineFinding,
  folderFindings,
  memoryFinding,
  nodeFinding,
  temporaryFindings,
} from "../../doctor/machine-checks.ts";
import { connectionFindings, datasetFindings, fromError, runFindings } from "../../doctor/project-checks.ts";
import { errorsOf } from "../../failures.ts";
import { findProject } from "../../project/find-project.ts";
import { looseProject } from "../../query/loose-project.ts";
import type { CommandContext } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { openCommand } from "../open-command.ts";
import { plural } from "../output/format-values.ts";
import type { Terminal } from "../output/terminal.ts";
import { padText, plainText, textWidth } from "../output/text-width.ts";

/** Looks at everything that sluice needs here, and says what to do. Exit 1 where something fails. */
export async function doctor(context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const { session: opened, finding } = await openProject(context);
  await using session = opened;
  const { project } = session;
  const isProject = finding.status === "ok";
  const runs = isProject ? await runFindings(session) : { findings: [], latest: undefined };
  const findings: readonly Finding[] = [
    nodeFinding(),
    await engineFinding(session),
    memoryFinding(project.config.memory),
    ...temporaryFindings(),
    finding,
    ...(isProject ? folderFindings("state folder", project.stateFolder) : []),
    clockFinding(session.clock.now(), runs.latest, isProject ? project.stateFolder : project.root),
    ...(isProject ? await connectionFindings(session) : []),
    ...(isProject ? await datasetFindings(session) : []),
    ...runs.findings,
  ];
  context.signal.throwIfAborted();
  const failed = findings.filter(({ status }) => status === "fail").length;
  if (terminal.json) terminal.print(JSON.stringify({ ok: failed === 0, checks: findings }));
  else print(findings, terminal);
  return failed === 0 ? 0 : 1;
}

/** The project, or what keeps it from being loaded; everything else is looked at all the same. */
async function openProject(context: CommandContext): Promise<{ readonly session: Session; readonly finding: Finding }> {
  const { folder, parsed, signal } = context;
  const given = parsed.value("project");
  try {
    const { configFile } = findProject({ folder, project: given });
    const session = await openCommand(context);
    return { session, finding: ok("project", `${session.project.config.project} (${configFile})`) };
  } catch (thrown) {
    const [error] = errorsOf(thrown);
    if (error === undefined || error.code === "internal" || error.code === "cancelled") throw thrown;
    const session = openSession(looseProject(folder), signal);
    const isNone = given === undefined && isSluiceError(thrown) && thrown.message.startsWith("no sluice.config.ts");
    const hint = 'make one with "sluice init my-project"; query, copy and profile need none';
    return { session, finding: isNone ? warn("project", "there is none here", hint) : fromError("project", error) };
  }
}

const STYLES = { ok: "green", warn: "yellow", fail: "red" } as const;

function print(findings: readonly Finding[], { paint, print: line }: Terminal): void {
  const width = Math.max(...findings.map(({ name }) => textWidth(plainText(name))));
  for (const { name, status, message, hint } of findings) {
    line(`${paint(STYLES[status], status.padEnd(4))}  ${padText(plainText(name), width)}  ${plainText(message)}`);
    if (hint !== undefined) line(`${" ".repeat(6 + width)}  = ${plainText(hint)}`);
  }
  const count = (wanted: Finding["status"]): number => findings.filter(({ status }) => status === wanted).length;
  line("");
  line(`${plural(findings.length, "check")}: ${count("ok")} ok, ${count("warn")} to look at, ${count("fail")} failed`);
}
