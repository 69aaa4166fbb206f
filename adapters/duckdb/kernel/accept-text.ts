// Takes records of delimited text apart and says whether every field is certainly a value of its column. AssemblyScript: it becomes
// `../src/text-columns/kernel.generated.ts` (npm run generate). Who calls it is `../src/text-columns/kernel.ts`, which also lays out
// the memory; nothing is allocated here.

import { ANY, isAccepted, UNSEEN, valueFound } from "./accept-value";
import { DOUBLED, NO_VALUE, NULL } from "./gather";

export { gather, gatherTyped, nullsFound } from "./gather";

/** A rule takes 32 bytes: its kind, its flags, and what the kind asks for. */
const RULE_BYTES: usize = 32;

/** Flags of a rule; `rules.ts` writes them. */
const USED: u8 = 1;
const NULLABLE: u8 = 2;
const EMPTY_IS_TEXT: u8 = 4;
/** The index has the value itself, 64 bits, and not where its text lies. */
const TYPED: u8 = 8;

const LF: u8 = 10;
const CR: u8 = 13;

/** Where the first record begins that was not taken. */
let stopped: usize = 0;

export function stoppedAt(): usize {
  return stopped;
}

/**
 * Takes records from `text` up to `end`, behind which 64 quotes stand, and notes the value of each used field, or where it begins and
 * how long it is.
 * Gives how many it took, at most `most`; -1 where one is not certainly accepted. A record that `end` cuts is left.
 */
export function take(
  text: usize,
  end: usize,
  rules: usize,
  columns: u32,
  index: usize,
  most: u32,
  delimiter: u8,
  quote: u8,
  isCrlf: bool,
): i32 {
  const quotes = i8x16.splat(quote);
  const delimiters = i8x16.splat(delimiter);
  const feeds = i8x16.splat(LF);
  const returns = i8x16.splat(CR);
  let at = text;
  let into = index;
  let records: u32 = 0;
  stopped = text;
  while (at < end && records < most) {
    const first = load<u8>(at);
    if (first == LF || first == CR) return -1;
    let rule = rules;
    for (let column: u32 = 0; column < columns; column++, rule += RULE_BYTES) {
      if (at >= end) return records;
      const flags = load<u8>(rule, 1);
      const letter = load<u8>(at);
      // Most fields of a wide text are empty.
      if (letter == delimiter) {
        if (!(flags & NULLABLE) || column + 1 == columns) return -1;
        if (flags & USED) {
          noteNull(into, flags);
          into += 8;
        }
        at++;
        continue;
      }
      let start = at;
      let length: u32 = 0;
      let isNull = false;
      if (letter == quote) {
        start = ++at;
        let doubled: u32 = 0;
        for (;;) {
          let found = i8x16.bitmask(i8x16.eq(v128.load(at), quotes));
          while (found == 0) {
            at += 16;
            found = i8x16.bitmask(i8x16.eq(v128.load(at), quotes));
          }
          at += <usize>ctz(found) + 1;
          if (at >= end) return records;
          if (load<u8>(at) != quote) break;
          doubled = DOUBLED;
          at++;
        }
        length = <u32>(at - 1 - start);
        if (length == 0 && !(flags & EMPTY_IS_TEXT)) isNull = true;
        length |= doubled;
      } else {
        for (;;) {
          const chunk = v128.load(at);
          const found = i8x16.bitmask(
            v128.or(
              v128.or(i8x16.eq(chunk, delimiters), i8x16.eq(chunk, feeds)),
              v128.or(i8x16.eq(chunk, returns), i8x16.eq(chunk, quotes)),
            ),
          );
          if (found != 0) {
            at += <usize>ctz(found);
            break;
          }
          at += 16;
        }
        if (at >= end) return records;
        length = <u32>(at - start);
        isNull = length == 0;
      }
      if (isNull) {
        if (!(flags & NULLABLE)) return -1;
      } else {
        const kind = load<u8>(rule);
        if (kind != ANY && kind != UNSEEN) {
          // An empty text in quotes is null to every type but text.
          if (length == 0) {
            if (!(flags & NULLABLE)) return -1;
            if (flags & TYPED) isNull = true;
          } else if (length & DOUBLED || !isAccepted(rule, kind, start, start + length)) return -1;
        }
      }
      if (flags & USED) {
        if (isNull) noteNull(into, flags);
        else if (flags & TYPED) store<i64>(into, valueFound());
        else {
          store<u32>(into, <u32>start);
          store<u32>(into, length, 4);
        }
        into += 8;
      }
      const behind = load<u8>(at);
      if (column + 1 < columns) {
        if (behind != delimiter) return -1;
        at++;
      } else if (isCrlf) {
        if (behind != CR) return -1;
        if (at + 1 >= end) return records;
        if (load<u8>(at, 1) != LF) return -1;
        at += 2;
      } else {
        if (behind != LF) return -1;
        at++;
      }
    }
    records++;
    stopped = at;
  }
  return records;
}

@inline
function noteNull(into: usize, flags: u8): void {
  if (flags & TYPED) store<i64>(into, NO_VALUE);
  else store<u32>(into, NULL, 4);
}
