import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type {
  Address,
  DiscoverRequest,
  Engine,
  FrozenDataset,
  OpenContext,
  ScannableInput,
  StreamInfo,
} from "@sluice/core";
import { adapter } from "./index.ts";

const folders: string[] = [];

/** Removes every folder that was made. */
export async function removeFolders(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-file-"));
  folders.push(folder);
  return folder;
}

/** What stands in for the rest of the system: an engine, and how its tests read an input. */
export interface Surroundings {
  readonly engine: Engine;
  readonly readInput: (engine: Engine, input: ScannableInput) => Promise<readonly TextRow[]>;
}

export type TextRow = readonly (string | null)[];

/** A project's folder with files in it, and what a test does with them. */
export interface Project {
  readonly root: string;
  readonly context: OpenContext;
  write(name: string, content: string | Uint8Array): Promise<void>;
  discover(path: string, more?: Partial<Address>, request?: Partial<DiscoverRequest>): Promise<StreamInfo>;
  /** Discovers, and freezes what was found with these changes. */
  freeze(path: string, changes?: Partial<FrozenDataset>, more?: Partial<Address>): Promise<FrozenDataset>;
  scan(dataset: FrozenDataset, parameters?: ReadonlyMap<string, string>): Promise<ScannableInput>;
  rows(dataset: FrozenDataset, parameters?: ReadonlyMap<string, string>): Promise<readonly TextRow[]>;
  /** What was said while scanning. */
  readonly warnings: string[];
}

/** An empty project. Files written to it by name: `write("data/x.csv", "a\n1\n")`. */
export async function createProject({ engine, readInput }: Surroundings): Promise<Project> {
  const root = await newFolder();
  const warnings: string[] = [];
  const { signal } = new AbortController();
  const contextOf = async (): Promise<OpenContext> => ({
    signal,
    now: () => Date.UTC(2024, 1, 29, 12),
    log: () => {},
    root,
    scratch: await newFolder(),
    local: engine,
    checkpoint: () => {},
  });
  const open = async (address: Address) => {
    if (adapter.openSource === undefined) throw new Error("the adapter has no source");
    return await adapter.openSource(adapter.parseAddress(address), undefined, await contextOf());
  };
  const project: Project = {
    root,
    context: await contextOf(),
    warnings,
    async write(name, content) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), content);
    },
    async discover(path, more = {}, request = {}) {
      const source = await open({ type: "file", path, ...more });
      const whole = { types: new Map(), required: [], dialect: {}, parameters: new Map(), signal, ...request };
      for await (const found of source.discover(whole)) return found;
      throw new Error("nothing was found");
    },
    async freeze(path, changes = {}, more = {}) {
      const { columns, dialect, warnings: doubts } = await project.discover(path, more);
      return {
        version: 1,
        name: "things",
        source: { type: "file", path, ...more },
        ...(dialect === undefined ? {} : { dialect }),
        columns,
        validate: "all",
        drift: "fail",
        reordered: "fail",
        stage: "volatile",
        warnings: doubts,
        ...changes,
      };
    },
    async scan(dataset, parameters = new Map()) {
      const source = await open(dataset.source);
      const columns = dataset.columns.map((column) => column.name);
      const warn = (message: string): void => void warnings.push(message);
      if (source.scan === undefined) throw new Error("the source cannot be scanned");
      return await source.scan({ dataset, columns, parameters, signal, warn });
    },
    async rows(dataset, parameters) {
      return await readInput(engine, await project.scan(dataset, parameters));
    },
  };
  return project;
}
