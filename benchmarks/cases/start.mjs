// The time from a command to its end: `sluice --help` beside Node doing nothing.
import { measureCommands, sluiceCommand } from "../measure.mjs";

export async function start({ work, rounds }) {
  const contestants = [
    { name: "sluice --help", command: [process.execPath, sluiceCommand, "--help"] },
    { name: "bare Node", command: [process.execPath, "-e", "0"], budget: ["at most", 1.5] },
  ];
  return [await measureCommands("Command start", contestants, { cwd: work, rounds: rounds * 8 })];
}
