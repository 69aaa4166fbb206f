import { isSluiceError, type OutputSpec } from "@sluice/core";
import { removeOutput } from "./remove-output.ts";

/** Writes an output, or the one that it names instead where there is too little memory for it. What failed leaves nothing. */
export async function writeOrInstead<T>(output: OutputSpec, write: (output: OutputSpec) => Promise<T>): Promise<T> {
  try {
    return await write(output);
  } catch (error) {
    await removeOutput(output.path);
    const lacksMemory = isSluiceError(error) && error.code === "denied" && error.reason === "memory";
    if (output.instead === undefined || !lacksMemory) throw error;
    return await writeOrInstead(output.instead, write);
  }
}
