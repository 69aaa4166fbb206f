import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPlaces, describeRunner } from "@sluice/conformance";
import { afterAll } from "vitest";
import { findTask } from "./find-task.ts";
import { createRunner } from "./runner.ts";

const places = createPlaces("sluice-runner-");
afterAll(places.remove);

describeRunner({
  name: "processes",
  runsCommands: true,
  folder: async () => realpathSync(await places.newFolder()),
  async open(root, module) {
    mkdirSync(join(root, "tasks"));
    writeFileSync(join(root, "tasks/cases.ts"), module);
    const buildFolder = join(root, ".sluice/build");
    return {
      runner: createRunner({ root, buildFolder }),
      async find(name) {
        const found = `tasks/cases.ts#${name}`;
        return { module: found, code: (await findTask({ root, buildFolder, module: found })).code };
      },
    };
  },
});
