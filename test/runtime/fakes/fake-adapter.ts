import { readFile, writeFile } from "node:fs/promises";
import { type Adapter, canonicalJson, type Json, SluiceError, type WriteIdentity } from "@sluice/core";

/** Sources and targets in memory, by the `name` in their address. */
export interface FakeWorld {
  readonly sources: Map<string, { lines: readonly string[]; version: number; format?: "parquet" }>;
  readonly targets: Map<string, FakeTarget>;
  /** Opened and not closed again. */
  open: number;
  commits: number;
  /** Whether targets read files of sources where they lie. */
  takesSources?: boolean;
}

export interface FakeTarget {
  rows: readonly string[];
  commit: { readonly commitId: string; readonly epoch: number; readonly result: Json } | undefined;
}

export function fakeWorld(): FakeWorld {
  return { sources: new Map(), targets: new Map(), open: 0, commits: 0 };
}

/** The adapter `memory` over a world; `onCall` is told of every call of a port and may throw. */
export function fakeAdapter(world: FakeWorld, onCall: (name: string) => void = () => undefined): Adapter {
  const nameOf = (address: { readonly [member: string]: Json | undefined }): string => String(address.name);
  const opened = (): { [Symbol.asyncDispose](): Promise<void> } => {
    world.open += 1;
    return {
      async [Symbol.asyncDispose]() {
        world.open -= 1;
      },
    };
  };
  return {
    type: "memory",
    sink: { modes: ["append", "replace"], ordered: true },
    parseAddress: (address) => address,
    nameOf,
    async openSource(address, _connection, context) {
      onCall("source.open");
      const name = nameOf(address);
      return {
        ...opened(),
        check: async () => undefined,
        discover: async function* () {},
        async scan({ dataset }) {
          onCall("source.scan");
          const source = world.sources.get(name);
          if (source === undefined) throw new SluiceError("missing", `there is no source ${name}`);
          const path = `${context.scratch}/in.csv`;
          const text = source.lines.map((line) => `${line}\n`).join("");
          await writeFile(path, text);
          return {
            format: source.format ?? "csv",
            groups: [{ order: ["value"], files: [{ path, origin: name, bytes: text.length }] }],
            columns: dataset.columns,
            validate: dataset.validate,
            identity: { name, version: source.version },
          };
        },
        isUnchanged: async ({ identity }) =>
          canonicalJson(identity) === canonicalJson({ name, version: world.sources.get(name)?.version ?? null }),
      };
    },
    async openSink(address, _connection, context) {
      onCall("sink.open");
      const name = nameOf(address);
      const target = (): FakeTarget => world.targets.get(name) ?? { rows: [], commit: undefined };
      return {
        ...opened(),
        capabilities: { modes: ["append", "replace"], ordered: true },
        check: async () => undefined,
        committed: async (_identity: WriteIdentity) => {
          onCall("sink.committed");
          return target().commit;
        },
        accepts: async () => {
          onCall("sink.accepts");
          const takes = world.takesSources === true ? { takesSources: true } : {};
          return { format: "parquet", path: `${context.scratch}/out`, ordered: false, ...takes };
        },
        async stage(request) {
          onCall("sink.stage");
          let staged: readonly string[] = [];
          let assertAll = (): Promise<void> => Promise.resolve();
          return {
            ...opened(),
            async add(files, assertUnchanged = assertAll) {
              onCall("staging.add");
              assertAll = assertUnchanged;
              for (const file of files) {
                const text = await readFile(file.path, "utf8");
                staged = [...staged, ...text.split("\n").filter((line) => line !== "")];
              }
            },
            scan: () => Promise.reject(new SluiceError("unsupported", "not here")),
            async commit() {
              onCall("staging.commit");
              const before = target();
              const { commitId, epoch, mode } = request;
              if (before.commit?.commitId === commitId) return { repeated: true };
              if ((before.commit?.epoch ?? 0) > epoch)
                throw new SluiceError("conflict", "a later run wrote", { reason: "epoch" });
              await assertAll();
              context.checkpoint("load.committing");
              const result = { inserted: staged.length };
              const rows = mode === "append" ? [...before.rows, ...staged] : staged;
              world.targets.set(name, { rows, commit: { commitId, epoch, result } });
              world.commits += 1;
              return { repeated: false, ...result };
            },
          };
        },
      };
    },
  };
}
