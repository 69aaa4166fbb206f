import { crc32 } from "node:zlib";
import { SluiceError } from "@sluice/core";

const CHECKSUM_BYTES = 4;

/**
 * The content of a block that snappy made: literals and copies of what came before (the raw format of snappy), followed by
 * the big-endian CRC-32 of the content (Avro's addition), which is verified.
 */
export function expandSnappy(block: Buffer): Buffer {
  const end = block.length - CHECKSUM_BYTES;
  if (end < 1) throw damaged("it is too short");
  const [length, start] = readLength(block);
  let position = start;
  // Snappy makes at most 64 bytes of three: more is a lie, and must not cost memory.
  if (length > end * 64) throw damaged("it says that it is longer than it can be");
  const out = Buffer.allocUnsafe(length);
  let filled = 0;
  while (position < end) {
    const tag = block[position] ?? 0;
    position += 1;
    if ((tag & 3) === 0) {
      let size = tag >>> 2;
      if (size >= 60) {
        const bytes = size - 59;
        size = block.readUIntLE(position, bytes);
        position += bytes;
      }
      size += 1;
      if (position + size > end || filled + size > length) throw damaged("a literal does not fit");
      block.copy(out, filled, position, position + size);
      position += size;
      filled += size;
      continue;
    }
    const { size, offset, bytes } = readCopy(block, position, tag);
    position += bytes;
    if (offset === 0 || offset > filled || filled + size > length) throw damaged("a copy does not fit");
    // Byte by byte: a copy may reach into what it writes.
    for (let index = 0; index < size; index += 1) out[filled + index] = out[filled + index - offset] ?? 0;
    filled += size;
  }
  if (filled !== length) throw damaged("it is shorter than it says");
  if (crc32(out) !== block.readUInt32BE(end)) throw damaged("its checksum differs");
  return out;
}

function readLength(block: Buffer): [number, number] {
  let length = 0;
  for (let position = 0; position < 5; position += 1) {
    const byte = block[position] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * position);
    if (byte < 0x80) return [length, position + 1];
  }
  throw damaged("its length has no end");
}

function readCopy(block: Buffer, position: number, tag: number): { size: number; offset: number; bytes: number } {
  switch (tag & 3) {
    case 1:
      return { size: ((tag >>> 2) & 7) + 4, offset: ((tag >>> 5) << 8) | (block[position] ?? 0), bytes: 1 };
    case 2:
      return { size: (tag >>> 2) + 1, offset: block.readUInt16LE(position), bytes: 2 };
    default:
      return { size: (tag >>> 2) + 1, offset: block.readUInt32LE(position), bytes: 4 };
  }
}

function damaged(why: string): SluiceError {
  return new SluiceError("data", `a block of an Avro file cannot be expanded by snappy: ${why}`);
}
