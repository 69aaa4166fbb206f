import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import fc from "fast-check";
import type { Connection } from "pg";
import { expect, test } from "vitest";
import { CopyOut } from "./copy-out.ts";

const message = (code: string, content: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(code, 0, "latin1");
  head.writeUInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
};

const MARK = "!";

/** What a server says, in pieces, and what the driver heard of it; told when that ends with a mark. */
function serverOf(pieces: readonly Buffer[], onEnd: () => void = () => undefined) {
  const stream = new PassThrough();
  const heard: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => {
    heard.push(Buffer.from(chunk));
    if (Buffer.concat(heard).at(-1) === MARK.charCodeAt(0)) onEnd();
  });
  const connection = Object.assign(new EventEmitter(), {
    stream,
    query: () => {
      for (const piece of pieces) stream.write(Buffer.from(piece));
      stream.write(MARK);
    },
  });
  return { connection: connection as unknown as Connection, stream, heard };
}

/** The blocks, with the driver saying what it says once it has read what ends a statement. */
async function read(pieces: readonly Buffer[]): Promise<{ blocks: readonly Buffer[]; heard: string }> {
  const copy = new CopyOut("copy rows to stdout");
  const { connection, heard } = serverOf(pieces, () => {
    copy.handleCommandComplete({ text: "COPY 3" });
    copy.handleReadyForQuery();
  });
  copy.submit(connection);
  const blocks = (await copy.toArray()) as Buffer[];
  expect(copy.rowCount).toBe(3);
  return { blocks, heard: Buffer.concat(heard).toString("latin1") };
}

test("gives the rows whole, wherever the network cuts them, and the driver what comes after", async () => {
  const text = fc.string({ maxLength: 40 }).map((written) => Buffer.from(`${written}\n`, "latin1"));
  const rows = fc.array(fc.tuple(fc.constantFrom("d", "d", "d", "N", "S"), text), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(rows, fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 30 }), async (sent, cuts) => {
      const end = message("C", Buffer.from("COPY 3\0"));
      const parts = sent.map(([code, content]) => message(code, content));
      const all = Buffer.concat([message("H", Buffer.from([0, 0, 0])), ...parts, message("c", Buffer.of()), end]);
      const pieces: Buffer[] = [];
      for (let at = 0, turn = 0; at < all.length; turn += 1) {
        const length = 1 + (cuts[turn % cuts.length] ?? 0);
        pieces.push(all.subarray(at, at + length));
        at += length;
      }
      const { blocks, heard } = await read(pieces);
      expect(Buffer.concat(blocks).toString("latin1")).toBe(
        sent
          .filter(([code]) => code === "d")
          .map(([, content]) => content.toString("latin1"))
          .join(""),
      );
      expect(heard).toBe(`${end.toString("latin1")}${MARK}`);
    }),
  );
});

test("gives blocks of a megabyte at most, whatever the length of a row", async () => {
  const row = Buffer.alloc(3_000_000, "x");
  const end = message("C", Buffer.from("COPY 3\0"));
  const all = [message("H", Buffer.from([0, 0, 0])), message("d", row), message("c", Buffer.of()), end];
  const { blocks } = await read(all);
  const sizes = blocks.map((block) => block.length);
  expect(sizes).toEqual([1_048_576, 1_048_576, 902_848]);
});

test("leaves an error to the driver, from its first byte on", async () => {
  const error = message("E", Buffer.from("SERROR\0\0"));
  const all = Buffer.concat([message("d", Buffer.from("a,b\n")), error]);
  for (let cut = 1; cut < all.length; cut += 1) {
    const { connection, heard } = serverOf([all.subarray(0, cut), all.subarray(cut)]);
    const copy = new CopyOut("copy rows to stdout");
    copy.submit(connection);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    copy.handleError(new Error("told"));
    await expect(copy.toArray()).rejects.toThrow("told");
    expect(Buffer.concat(heard).toString("latin1")).toBe(`${error.toString("latin1")}${MARK}`);
  }
});
