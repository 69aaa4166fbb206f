// Takes text apart in a thread of its own: what `pool.ts` sends, one task after the other.
import { parentPort } from "node:worker_threads";
import { convertFile, type FileTask } from "./convert-file.ts";

/** How a task ended: with so many records, with some that are not certainly accepted, or with an error of the system. */
export interface Answer {
  readonly rows?: number | undefined;
  readonly error?: string;
}

parentPort?.on("message", (task: FileTask) => {
  convertFile(task).then(
    (rows) => parentPort?.postMessage({ rows } satisfies Answer),
    (error: unknown) => parentPort?.postMessage({ error: String(error) } satisfies Answer),
  );
});
