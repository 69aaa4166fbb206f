import type { ShellDefinition, ShellInput, TaskDefinition } from "@sluice/core";
import { formatDuration } from "./duration.ts";
import { writeColumnTypes, writeRelation } from "./write-relation.ts";
import { mapping, scalar, sequence, type YamlNode } from "./yaml-nodes.ts";

type Member = readonly [string, YamlNode | undefined];

/** A task; its code is found again wherever the module is. */
export function writeTask(step: TaskDefinition, steps: ReadonlySet<string>): YamlNode {
  const { run, inputs, value, bigint, memoryMb } = step;
  const members: readonly Member[] = [
    [
      "inputs",
      inputs === undefined ? undefined : mapping(inputs.map(({ name, from }) => [name, writeRelation(from, steps)])),
    ],
    ...workMembers(step),
    ["value", value === undefined ? undefined : scalar(value.nullable ? `${value.type}?` : value.type)],
    ["bigint", bigint === undefined ? undefined : scalar(bigint)],
    ["memoryMb", memoryMb === undefined ? undefined : scalar(memoryMb)],
  ];
  if (members.every(([, node]) => node === undefined)) return scalar(run.module);
  return mapping([["run", scalar(run.module)], ...members]);
}

export function writeShell(step: ShellDefinition, steps: ReadonlySet<string>): YamlNode {
  const { command, inputs, stdin, format, header, env } = step;
  const written = typeof command === "string" ? scalar(command) : sequence(command.map(scalar));
  const members: readonly Member[] = [
    [
      "inputs",
      inputs === undefined ? undefined : mapping(inputs.map((input) => [input.name, writeInput(input, steps)])),
    ],
    ["stdin", stdin === undefined ? undefined : scalar(stdin)],
    ...workMembers(step),
    ["format", format === undefined ? undefined : scalar(format)],
    ["header", header === undefined ? undefined : scalar(header)],
    ["env", env === undefined ? undefined : mapping(env.map(([name, value]) => [name, scalar(value)]))],
  ];
  if (members.every(([, node]) => node === undefined)) return written;
  return mapping([["command", written], ...members]);
}

function writeInput({ from, format, header }: ShellInput, steps: ReadonlySet<string>): YamlNode {
  const relation = writeRelation(from, steps);
  if (format === undefined && header === undefined) return relation;
  return mapping([
    ["from", relation],
    ["format", format === undefined ? undefined : scalar(format)],
    ["header", header === undefined ? undefined : scalar(header)],
  ]);
}

function workMembers({ output, maxRejects, stallMs }: TaskDefinition | ShellDefinition): readonly Member[] {
  return [
    ["output", output === undefined ? undefined : writeColumnTypes(output)],
    ["maxRejects", maxRejects === undefined ? undefined : scalar(maxRejects)],
    ["stall", stallMs === undefined ? undefined : scalar(formatDuration(stallMs))],
  ];
}
