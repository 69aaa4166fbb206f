import { syncBuiltinESMExports } from "node:module";
import { SluiceError } from "@sluice/core";
import { authorFrame } from "./author-error.ts";

const EVENTS = ["uncaughtException", "unhandledRejection"] as const;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;
type Listener = (...values: unknown[]) => void;

/** Where files of the author's were loaded from: what they do later is told as theirs too. */
const loadedRoots = new Set<string>();

/**
 * Evaluates a file of the author's, so that it can end neither the command nor what is read after it: `process.exit`
 * throws, and what is thrown beside the evaluation, or never comes to an end, is the file's own failure. Nothing has begun yet that
 * would have to be put in order, and a loop without an end keeps every listener from its turn: signals have their usual meaning.
 *
 * @throws SluiceError `config` for a file that ends the process or never finishes; else what the file threw
 */
export async function guardLoading<T>({
  entry,
  root,
  load,
}: {
  readonly entry: string;
  readonly root: string;
  readonly load: () => Promise<T>;
}): Promise<T> {
  loadedRoots.add(root);
  let failure: { readonly thrown: unknown } | undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const failed = new Promise<never>((_resolve, rejectFailed) => {
    reject = rejectFailed;
  });
  // The evaluation may have won already, and nobody waits for this one any more.
  failed.catch(() => undefined);
  const fail = (thrown: unknown): void => {
    failure ??= { thrown };
    reject(thrown);
  };
  const onEnd = (): void => {
    const hint = "a promise that it awaits is never settled";
    fail(new SluiceError("config", "the file never finished loading", { at: { file: entry }, hint }));
  };
  const exit = process.exit;
  const refuseExit = (code?: unknown): never => {
    const error = new SluiceError("config", `the file calls process.exit(${code ?? ""}) while it is read`, {
      hint: "throw an error in place of it",
    });
    failure ??= { thrown: error };
    throw error;
  };
  const kept = EVENTS.map((event) => [event, process.rawListeners(event) as Listener[]] as const);
  for (const event of EVENTS) process.removeAllListeners(event).on(event, fail);
  process.on("beforeExit", onEnd);
  const listenAgain = letSignalsEnd();
  process.exit = refuseExit;
  syncBuiltinESMExports();
  try {
    const loaded = await Promise.race([load(), failed]);
    // A promise that was rejected without anybody waiting for it is told only after this turn.
    await new Promise((resolve) => setImmediate(resolve));
    if (failure !== undefined) throw failure.thrown;
    return loaded;
  } finally {
    process.exit = exit;
    syncBuiltinESMExports();
    process.off("beforeExit", onEnd);
    listenAgain();
    for (const [event, listeners] of kept) {
      process.removeAllListeners(event);
      for (const listener of listeners) process.on(event, listener);
    }
  }
}

/** Gives signals their usual meaning, until what it gives is called. */
function letSignalsEnd(): () => void {
  let kept = SIGNALS.map((signal) => [signal, process.rawListeners(signal) as Listener[]] as const);
  for (const [signal, listeners] of kept) for (const listener of listeners) process.off(signal, listener);
  return () => {
    for (const [signal, listeners] of kept) for (const listener of listeners) process.on(signal, listener);
    kept = [];
  };
}

/** What a file of the author's threw after it was loaded, at its own line, or undefined where it is not the author's. */
export function errorOfLoaded(thrown: unknown): SluiceError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const at = [...loadedRoots].map((root) => authorFrame(thrown.stack, root)).find((place) => place !== undefined);
  if (at === undefined) return undefined;
  return new SluiceError("config", `the file failed after it was read: ${thrown.name}: ${thrown.message}`, {
    at,
    cause: thrown,
  });
}
