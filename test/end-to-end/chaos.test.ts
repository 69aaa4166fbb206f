import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const CHAOS = fileURLToPath(new URL("../../chaos/run.mjs", import.meta.url));

it("kills, stops and resumes runs into every target, and finds no row lost and none doubled: npm run chaos", () => {
  const { stdout, status } = spawnSync(process.execPath, [CHAOS, "--trials", "16", "--seed", "3"], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  expect(stdout).toMatch(/\ntrials 16, 0 lost, 0 doubled\n$/);
  expect(status).toBe(0);
}, 900_000);
