import type { Expression, ExpressionParser, SelectParser } from "@sluice/core";
import { loadDriver } from "../driver.ts";
import { refuseReserved, reservedName } from "./reserved-name.ts";
import { createSelectParser } from "./select-parser.ts";
import { createStatement, expressionOf } from "./statement.ts";
import { translate } from "./translate.ts";

/**
 * Reads SQL expression text by DuckDB's own parser.
 *
 * @param serialize what `select json_serialize_sql($1::varchar)` gives for a statement
 * @example
 * await createExpressionParser(serialize).parse("latitude is not null");
 * // { kind: "call", name: "isNotNull", arguments: [{ kind: "column", name: "latitude" }] }
 */
export function createExpressionParser(serialize: (sql: string) => Promise<string>): ExpressionParser {
  return {
    async parse(text, options): Promise<Expression> {
      const statement = createStatement(text);
      const json = await serialize(statement.sql);
      const reserved = await reservedName(statement, json, serialize);
      if (reserved !== undefined) refuseReserved(statement, reserved);
      const tree = expressionOf(statement, json);
      return translate(statement, tree, options?.sides ?? false);
    },
  };
}

/**
 * A parser with a small DuckDB of its own, which is loaded by the first text and let go when disposed of.
 *
 * @example
 * await using parser = openExpressionParser();
 * await parser.parse("hour(crash_date)");
 */
export function openExpressionParser(): ExpressionParser & SelectParser & AsyncDisposable {
  let opening: Promise<Session> | undefined;
  let waiting: Question[] = [];
  let asking: Promise<void> | undefined;
  /** One connection answers one question at a time; all that came meanwhile are one question (a tenth of the time). */
  const askAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const asked = waiting;
      waiting = [];
      try {
        opening ??= openSession();
        const answers = await (await opening).serialize(asked.map(({ sql }) => sql));
        for (const [index, question] of asked.entries()) question.resolve(answers[index] ?? "");
      } catch (error) {
        for (const question of asked) question.reject(error);
      }
    }
    asking = undefined;
  };
  const serialize = (sql: string): Promise<string> =>
    new Promise((resolve, reject) => {
      waiting.push({ sql, resolve, reject });
      asking ??= Promise.resolve().then(askAll);
    });
  return {
    ...createExpressionParser(serialize),
    ...createSelectParser(serialize),
    async [Symbol.asyncDispose](): Promise<void> {
      await asking;
      const session = await opening;
      opening = undefined;
      session?.close();
    },
  };
}

interface Question {
  readonly sql: string;
  readonly resolve: (json: string) => void;
  readonly reject: (error: unknown) => void;
}

interface Session {
  serialize(statements: readonly string[]): Promise<readonly string[]>;
  close(): void;
}

async function openSession(): Promise<Session> {
  const { DuckDBInstance, LIST, listValue, VARCHAR } = loadDriver();
  const instance = await DuckDBInstance.create(":memory:", { threads: "1", autoinstall_known_extensions: "false" });
  const connection = await instance.connect();
  return {
    async serialize(statements) {
      const sql = "select json_serialize_sql(unnest($1::varchar[]))";
      const reader = await connection.runAndReadAll(sql, [listValue([...statements])], [LIST(VARCHAR)]);
      return reader.getRows().map((row) => String(row[0]));
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
