import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A Python program that answers, in a process of its own. */
export interface AskedPython extends AsyncDisposable {
  /** The answer to a command; what Python raised is thrown. */
  ask<T = unknown>(command: string, request?: Readonly<Record<string, unknown>>): Promise<T>;
}

/** Starts a program that takes one request per line and gives one answer per line. */
export function askPython(
  name: string,
  python: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): AskedPython {
  const child = spawn(python, words, {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...environment },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let before: Promise<unknown> = Promise.resolve();
  return {
    ask: <T>(command: string, request: Readonly<Record<string, unknown>> = {}) => {
      const answer = before.then(async () => {
        child.stdin.write(`${JSON.stringify({ ...request, command })}\n`);
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`${name} ended during ${command}`);
        const { answer: found, error } = JSON.parse(value) as { readonly answer?: T; readonly error?: string };
        if (error !== undefined) throw new Error(`${name}, ${command}: ${error}`);
        return found as T;
      });
      before = answer.catch(() => undefined);
      return answer;
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
