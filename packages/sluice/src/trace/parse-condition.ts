import {
  assertCondition,
  detailsOf,
  type Expression,
  isSluiceError,
  type ParameterDefinition,
  type Schema,
  SluiceError,
  validateDefinition,
} from "@sluice/core";
import type { Session } from "../composition.ts";
import { throwAll } from "../failures.ts";

export interface ConditionRequest {
  readonly text: string;
  /** As it was given: `--where`. */
  readonly option: string;
  /** Of the rows that it is about. */
  readonly schema: Schema;
  readonly parameters: readonly ParameterDefinition[];
  readonly types: ReadonlyMap<string, string>;
}

/**
 * Reads the condition of a command as an expression of YAML is read.
 *
 * @throws SluiceError `config` that names the text
 */
export async function parseCondition(session: Session, request: ConditionRequest): Promise<Expression> {
  const { text, option, schema, parameters, types } = request;
  if (text.trim() === "") {
    throw new SluiceError("config", `${option} is empty`, { reason: "usage", hint: `${option} "id = 'x'"` });
  }
  try {
    const condition = await (await session.parser()).parse(text);
    throwAll(problemsOf(condition, parameters));
    assertCondition(condition, { columns: schema.columns, parameters: types }, "the condition");
    return condition;
  } catch (thrown) {
    if (!isSluiceError(thrown)) throw thrown;
    const { at: _, ...details } = detailsOf(thrown);
    throw new SluiceError(thrown.code, `${thrown.message} (in ${option} "${text}")`, details);
  }
}

/** What is wrong with it wherever it stands: an aggregate, a figure of a step, a text that is too deep. */
function problemsOf(condition: Expression, parameters: readonly ParameterDefinition[]): readonly SluiceError[] {
  const [first] = validateDefinition({
    name: "trace",
    ...(parameters.length === 0 ? {} : { parameters }),
    steps: [
      {
        kind: "transform",
        name: "trace",
        query: { kind: "filter", input: { kind: "scan", source: { dataset: "rows" } }, condition },
      },
    ],
  });
  return first === undefined ? [] : [first];
}
