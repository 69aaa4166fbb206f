// Puts what was noted of a column in the index into pages: values one behind the other, and a bit for each record.

/** What stands in the index for a null, and where a doubled quote has to become one. */
export const NULL: u32 = 0xffff_ffff;
export const DOUBLED: u32 = 0x8000_0000;
/** No whole number of 18 digits, nor a time of a year of four. */
export const NO_VALUE: i64 = i64.MIN_VALUE;

/** How many of the values that were gathered last are null. */
let nulls: u32 = 0;

export function nullsFound(): u32 {
  return nulls;
}

/** Copies the values of a used column one behind the other, in 4 or 8 bytes each; gives where they end. */
export function gatherTyped(
  index: usize,
  slot: u32,
  slots: u32,
  records: u32,
  values: usize,
  presence: usize,
  width: u32,
): usize {
  let to = values;
  let entry = index + (<usize>slot << 3);
  const step = <usize>slots << 3;
  nulls = 0;
  let bits: u32 = 0;
  for (let record: u32 = 0; record < records; record++, entry += step) {
    const found = load<i64>(entry);
    if (found == NO_VALUE) nulls++;
    else {
      bits |= 1 << (record & 7);
      // Of 4 bytes that are wanted, the other 4 are written over by the next value.
      store<i64>(to, found);
      to += width;
    }
    if ((record & 7) == 7) {
      store<u8>(presence++, <u8>bits);
      bits = 0;
    }
  }
  if ((records & 7) != 0) store<u8>(presence, <u8>bits);
  return to;
}

/** Copies the texts of a used column one behind the other, each with its length in front; gives where they end. */
export function gather(index: usize, slot: u32, slots: u32, records: u32, values: usize, presence: usize): usize {
  let to = values;
  let entry = index + (<usize>slot << 3);
  const step = <usize>slots << 3;
  nulls = 0;
  let bits: u32 = 0;
  for (let record: u32 = 0; record < records; record++, entry += step) {
    const length = load<u32>(entry, 4);
    if (length == NULL) {
      nulls++;
    } else {
      bits |= 1 << (record & 7);
      const from = <usize>load<u32>(entry);
      if (length & DOUBLED) {
        const plain = copyHalved(from, length & ~DOUBLED, to + 4);
        store<u32>(to, plain);
        to += 4 + <usize>plain;
      } else {
        store<u32>(to, length);
        // What is copied too far is written over by the next value.
        for (let byte: u32 = 0; byte < length; byte += 16) v128.store(to + 4 + byte, v128.load(from + byte));
        to += 4 + <usize>length;
      }
    }
    if ((record & 7) == 7) {
      store<u8>(presence++, <u8>bits);
      bits = 0;
    }
  }
  if ((records & 7) != 0) store<u8>(presence, <u8>bits);
  return to;
}

/** Copies a text in which each quote stands twice; gives how long it is then. */
function copyHalved(from: usize, length: u32, to: usize): u32 {
  const quote = load<u8>(from - 1);
  const start = to;
  const end = from + length;
  while (from < end) {
    const byte = load<u8>(from++);
    store<u8>(to++, byte);
    if (byte == quote) from++;
  }
  return <u32>(to - start);
}

