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

/** The text of a condition, and the option that it was given with: `--where`. */
export interface ConditionText {
  readonly text: string;
  readonly option: string;
}

export interface ConditionRequest extends ConditionText {
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
  const { schema, parameters, types } = request;
  return await parse(session, request, parameters, (condition) => {
    assertCondition(condition, { columns: schema.columns, parameters: types }, "the condition");
  });
}

/** As `parseCondition`, of rows that are not known yet: whoever plans with it says whether it is one over them. */
export async function parseUnseen(session: Session, text: ConditionText): Promise<Expression> {
  return await parse(session, text, [], () => undefined);
}

async function parse(
  session: Session,
  { text, option }: ConditionText,
  parameters: readonly ParameterDefinition[],
  assertSound: (condition: Expression) => void,
): Promise<Expression> {
  if (text.trim() === "") {
    throw new SluiceError("config", `${option} is empty`, { reason: "usage", hint: `${option} "id = 'x'"` });
  }
  try {
    const condition = await (await session.parser()).parse(text);
    throwAll(problemsOf(condition, parameters));
    assertSound(condition);
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
