import { SluiceError } from "../errors.ts";
import type { Expression } from "../ir/expression.ts";
import { findChoice, findShortCircuit } from "./source-text.ts";

/** One call of a callback: what it made, what it read, and what of it was used. */
interface Scope {
  readonly operation: string;
  readonly made: Map<object, string>;
  readonly reads: Map<object, string>;
  readonly used: Set<object>;
}

const INSTEAD =
  "in place of && write and(…), of ! write not(…), of ?: and if write caseWhen(…): JavaScript cannot look at values of rows";

const active: Scope[] = [];
const scopeOfRow = new WeakMap<object, Scope>();
const scopeOfColumn = new WeakMap<object, Scope>();

/** Remembers that a callback made an expression; what it makes and does not use is a mistake. */
export function recordMade(made: object, label: string): void {
  active.at(-1)?.made.set(made, label);
}

/** Remembers that an expression became part of another. */
export function recordUse(used: object): void {
  for (const scope of active) scope.used.add(used);
}

/** Remembers that a column was taken from a row: it belongs to the callback that the row was given to. */
export function recordRead(row: object, node: Expression, name: string): void {
  const scope = scopeOfRow.get(row);
  if (scope === undefined) return;
  scope.reads.set(node, name);
  scopeOfColumn.set(node, scope);
}

/** Whether a column belongs to a callback other than the one that runs now. */
export function isForeign(node: Expression): boolean {
  const scope = scopeOfColumn.get(node);
  return scope !== undefined && scope !== active.at(-1);
}

/** The operation whose callback runs now. */
export function currentOperation(): string {
  return active.at(-1)?.operation ?? "the query";
}

/**
 * Calls a callback with rows, hands its result to `finish`, and refuses what was made or read and not used.
 *
 * @throws SluiceError `config` for `&&`, `||`, `??` and `?:` between expressions, and for an async callback
 */
export function callBack<T>(
  operation: string,
  callback: unknown,
  rows: readonly object[],
  finish: (result: unknown) => T,
): T {
  if (typeof callback !== "function") {
    throw new SluiceError("config", `${operation} takes a callback, not ${typeof callback}`, {
      hint: `write ${operation}((c) => …)`,
    });
  }
  const scope: Scope = { operation, made: new Map(), reads: new Map(), used: new Set() };
  for (const row of rows) scopeOfRow.set(row, scope);
  active.push(scope);
  try {
    const source = Function.prototype.toString.call(callback);
    refuseShortCircuit(operation, source);
    const result: unknown = callback(...rows);
    if (typeof result === "object" && result !== null && result instanceof Promise) {
      result.catch(() => undefined);
      throw new SluiceError(
        "config",
        `the callback of ${operation} is async; it describes the query and has nothing to wait for`,
        {
          hint: "take the word async out",
        },
      );
    }
    const finished = finish(result);
    refuseUnused(scope, source);
    return finished;
  } finally {
    active.pop();
  }
}

function refuseShortCircuit(operation: string, source: string): void {
  const found = findShortCircuit(source);
  if (found === undefined) return;
  const instead = found.operator === "||" ? "or(a, b)" : "a.orElse(b)";
  throw new SluiceError(
    "config",
    `${found.operator} in the callback of ${operation} takes its left side always, since an expression is an object and never false or null`,
    { hint: `write ${instead} in place of a ${found.operator} b`, offending: `${found.left} ${found.operator}` },
  );
}

function refuseUnused(scope: Scope, source: string): void {
  for (const [made, label] of scope.made) {
    if (scope.used.has(made)) continue;
    throw new SluiceError(
      "config",
      `${label} was made in the callback of ${scope.operation} and is not part of its result`,
      { hint: INSTEAD, offending: label },
    );
  }
  const unread = [...scope.reads].find(([node]) => !scope.used.has(node));
  if (unread === undefined) return;
  const choice = findChoice(source);
  throw new SluiceError(
    "config",
    `the column "${unread[1]}" was looked at in the callback of ${scope.operation} and is not part of its result`,
    {
      hint: `${INSTEAD}; a name that is taken from the row and not needed goes`,
      offending: choice === undefined ? unread[1] : `${choice.left} ${choice.operator}`,
    },
  );
}
