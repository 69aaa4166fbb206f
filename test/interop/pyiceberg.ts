import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("pyiceberg_lake.py", import.meta.url));

/** PyIceberg over a lake, in a process of its own. */
export interface PyIceberg extends AsyncDisposable {
  /** The answer of a command of `pyiceberg_lake.py`; what Python raised is thrown. */
  ask<T = unknown>(command: string, request?: Readonly<Record<string, unknown>>): Promise<T>;
}

/** Opens a catalog by the address that SQLAlchemy knows it by. */
export function openPyIceberg(python: string, uri: string, warehouse: string): PyIceberg {
  const child = spawn(python, ["-W", "ignore", script, uri, `file://${warehouse}`], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let before: Promise<unknown> = Promise.resolve();
  return {
    ask: <T>(command: string, request: Readonly<Record<string, unknown>> = {}) => {
      const answer = before.then(async () => {
        child.stdin.write(`${JSON.stringify({ ...request, command })}\n`);
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`PyIceberg ended during ${command}`);
        const { answer: found, error } = JSON.parse(value) as { readonly answer?: T; readonly error?: string };
        if (error !== undefined) throw new Error(`PyIceberg, ${command}: ${error}`);
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
