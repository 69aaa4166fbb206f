import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { deflateRaw } from "node:zlib";
import { SluiceError } from "@sluice/core";
import { ByteReader } from "./byte-reader.ts";
import { decompress } from "./codecs.ts";
import { type AvroValue, createDecoder, type DecodeOptions } from "./decode.ts";
import { ByteWriter, createEncoder } from "./encode.ts";
import { type AvroSchema, resolveSchema } from "./schema.ts";

const MAGIC = Buffer.from([0x4f, 0x62, 0x6a, 0x01]);
const SYNC_BYTES = 16;
/** Values are cut into blocks of about this size, so that a reader holds one at a time. */
const BLOCK_BYTES = 256 * 1024;

const deflate = promisify<Buffer, { level: number }, Buffer>(deflateRaw);

export interface AvroFile<T> {
  /** The header's metadata, as text: `avro.schema` and what the writer added. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly values: readonly T[];
}

export interface WriteAvro {
  readonly schema: AvroSchema;
  readonly metadata: Readonly<Record<string, string>>;
  readonly values: Iterable<unknown>;
  readonly codec?: "null" | "deflate";
}

/**
 * An object container file. Written by hand because readers need attributes in the schema, and keys in the header, that
 * encoders of Avro leave out.
 */
export async function writeAvro(request: WriteAvro): Promise<Buffer> {
  const codec = request.codec ?? "deflate";
  const sync = randomBytes(SYNC_BYTES);
  const header = new ByteWriter();
  header.raw(MAGIC);
  const entries = Object.entries({
    ...request.metadata,
    "avro.schema": JSON.stringify(request.schema),
    "avro.codec": codec,
  });
  header.long(entries.length);
  for (const [key, value] of entries) {
    header.string(key);
    header.sized(Buffer.from(value));
  }
  header.long(0);
  header.raw(sync);
  const parts: Buffer[] = [Buffer.from(header.written())];

  const encode = createEncoder(resolveSchema(request.schema));
  const block = new ByteWriter(BLOCK_BYTES);
  let count = 0;
  const flush = async () => {
    if (count === 0) return;
    const content = codec === "null" ? Buffer.from(block.written()) : await deflate(block.written(), { level: 6 });
    const prefix = new ByteWriter(32);
    prefix.long(count);
    prefix.long(content.length);
    parts.push(Buffer.from(prefix.written()), content, sync);
    block.reset();
    count = 0;
  };
  for (const value of request.values) {
    encode(block, value);
    count += 1;
    if (block.length >= BLOCK_BYTES) await flush();
  }
  await flush();
  return Buffer.concat(parts);
}

/** Reads a whole container file; blocks of any codec that Node can expand. */
export async function readAvro<T>(
  bytes: Buffer,
  convert: (value: AvroValue) => T,
  options: DecodeOptions = {},
): Promise<AvroFile<T>> {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new SluiceError("data", "the file is no Avro file: its first bytes are not Obj1", {
      hint: "it was damaged, or the table's metadata names the wrong file",
    });
  }
  const reader = new ByteReader(bytes, MAGIC.length);
  const metadata = readMetadata(reader);
  const sync = reader.take(SYNC_BYTES);
  const decode = createDecoder(resolveSchema(parseSchema(metadata)), options);
  const codec = metadata.get("avro.codec") ?? "null";
  const blocks: { readonly count: number; readonly content: Promise<Buffer> }[] = [];
  while (!reader.atEnd) {
    const count = reader.integer();
    const content = decompress(codec, reader.sized());
    // A rejection is seen when its turn comes below; until then it must not end the process.
    content.catch(() => undefined);
    blocks.push({ count, content });
    if (!reader.take(SYNC_BYTES).equals(sync)) {
      throw new SluiceError("data", "an Avro file has a block that does not end where it says", {
        hint: "it was damaged; restore it, or roll the table back to an older snapshot",
      });
    }
  }
  const values: T[] = [];
  for (const { count, content } of blocks) {
    const block = new ByteReader(await content);
    for (let index = 0; index < count; index += 1) values.push(convert(decode(block)));
    if (!block.atEnd) throw new SluiceError("data", "an Avro file has a block with more bytes than its values need");
  }
  return { metadata, values };
}

function readMetadata(reader: ByteReader): Map<string, string> {
  const metadata = new Map<string, string>();
  for (;;) {
    const count = reader.integer();
    if (count === 0) return metadata;
    if (count < 0) reader.integer();
    for (let index = 0; index < Math.abs(count); index += 1) {
      const key = reader.string();
      metadata.set(key, reader.sized().toString("utf8"));
    }
  }
}

function parseSchema(metadata: ReadonlyMap<string, string>): AvroSchema {
  const text = metadata.get("avro.schema");
  try {
    return JSON.parse(text ?? "") as AvroSchema;
  } catch (cause) {
    throw new SluiceError("data", "an Avro file has no schema that can be read", { cause });
  }
}
