/**
 * 32-bit Murmur3 (x86) with the seed 0, as a signed number: the hash by which tables of Iceberg part rows into buckets.
 *
 * @example
 * murmur3(new TextEncoder().encode("iceberg")); // 1210000089
 */
export function murmur3(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length & ~3;
  let hash = 0;
  for (let offset = 0; offset < whole; offset += 4) {
    hash = rotate(hash ^ mix(view.getUint32(offset, true)), 13);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let index = bytes.length - 1; index >= whole; index--) tail = (tail << 8) | (bytes[index] ?? 0);
  if (whole < bytes.length) hash ^= mix(tail);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function mix(block: number): number {
  return Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
