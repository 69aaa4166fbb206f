import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { SluiceError } from "@sluice/core";
import { expandSnappy } from "./snappy.ts";

const inflateRaw = promisify<zlib.InputType, Buffer>(zlib.inflateRaw);

/** Node has zstd since 22.15 and 23.8; the types that we build against are older. */
type Expand = (bytes: zlib.InputType, done: (error: Error | null, result: Buffer) => void) => void;
const zstd = (zlib as unknown as { readonly zstdDecompress?: Expand }).zstdDecompress;

/** The content of a block. A codec that cannot be expanded here is refused by name. */
export async function decompress(codec: string, bytes: Buffer): Promise<Buffer> {
  try {
    switch (codec) {
      case "null":
        return bytes;
      case "deflate":
        return await inflateRaw(bytes);
      case "snappy":
        return expandSnappy(bytes);
      case "zstandard":
        if (zstd !== undefined) return await promisify(zstd)(bytes);
        throw new SluiceError(
          "unsupported",
          'an Avro file is compressed by "zstandard", which this Node cannot expand',
          {
            hint: "use Node 22.15 or later, or set the table's property write.avro.compression-codec to gzip",
          },
        );
      default:
        throw new SluiceError("unsupported", `an Avro file is compressed by ${JSON.stringify(codec)}`, {
          hint: "deflate, snappy and zstandard are read; set the table's property write.avro.compression-codec to gzip",
        });
    }
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    throw new SluiceError("data", `a block of an Avro file cannot be expanded by ${codec}`, {
      cause: error,
      hint: "it was damaged; restore it, or roll the table back to an older snapshot",
    });
  }
}
