import { SluiceError } from "@sluice/core";
import type { Command } from "../context.ts";

export const sync: Command = async () => {
  throw new SluiceError("internal", "sync is not there yet");
};
