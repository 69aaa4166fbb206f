import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { Finished } from "./sluice.ts";

export interface Call {
  readonly folder: string;
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Whether standard error goes where standard output goes, as `2>&1`. */
  readonly together?: boolean;
}

/** Only what hangs takes so long, on the slowest machine too. */
const TOO_LONG_MS = 300_000;

let kept: ((call: Call) => Finished | undefined) | undefined;

/**
 * Runs the command to its end in a process that is kept for the next call: starting Node and loading modules is most of
 * what a small command takes. It gives undefined for what has to be a process of its own.
 */
export function runKept(call: Call): Finished | undefined {
  kept ??= keepCommand();
  return kept(call);
}

function keepCommand(): (call: Call) => Finished | undefined {
  const { port1: here, port2: port } = new MessageChannel();
  const wake = new Int32Array(new SharedArrayBuffer(4));
  // Tests wait without a turn of the event loop, as they would for spawnSync.
  const thread = new Worker(new URL("kept-command-thread.mjs", import.meta.url), {
    workerData: { port, wake },
    transferList: [port],
  });
  thread.unref();
  here.unref();
  return (call) => {
    Atomics.store(wake, 0, 0);
    here.postMessage(call);
    if (Atomics.wait(wake, 0, 0, TOO_LONG_MS) === "timed-out") {
      here.postMessage("end");
      throw new Error(`sluice ${call.words.join(" ")} did not end within ${TOO_LONG_MS / 1000} s`);
    }
    return receiveMessageOnPort(here)?.message as Finished | undefined;
  };
}
