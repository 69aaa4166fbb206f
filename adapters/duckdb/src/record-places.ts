import { type FileHandle, open } from "node:fs/promises";
import { SluiceError, type TextRecord } from "@sluice/core";

/** Where a record stands in its file. */
export interface RecordPlace {
  /** Which file of the input, from 0. */
  readonly file: number;
  readonly record: number;
  readonly line: number;
  readonly offset: number;
  readonly bytes: number;
}

const NUMBERS = 4;
const PLACE_BYTES = NUMBERS * 8;
const BUFFERED = 32 * 1024;
const WINDOW = 4096;

interface FirstOfFile {
  readonly file: number;
  readonly first: number;
}

/** Keeps the places of sound records in a file, since there may be more than memory holds. */
export class PlaceWriter {
  count = 0;
  private readonly handle: FileHandle;
  private readonly files: FirstOfFile[] = [];
  private numbers = new Float64Array(BUFFERED * NUMBERS);
  private used = 0;

  constructor(handle: FileHandle) {
    this.handle = handle;
  }

  static async open(path: string): Promise<PlaceWriter> {
    return new PlaceWriter(await open(path, "w+"));
  }

  beginFile(file: number): void {
    this.files.push({ file, first: this.count });
  }

  add({ record, line, offset, length }: TextRecord): void {
    if (this.used + NUMBERS > this.numbers.length) {
      const larger = new Float64Array(2 * this.numbers.length);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    const { numbers, used } = this;
    numbers[used] = record;
    numbers[used + 1] = line;
    numbers[used + 2] = offset;
    numbers[used + 3] = length;
    this.used += NUMBERS;
    this.count += 1;
  }

  async flush(): Promise<void> {
    if (this.used === 0) return;
    const bytes = new Uint8Array(this.numbers.buffer, 0, this.used * 8);
    this.used = 0;
    await this.handle.writeFile(bytes);
  }

  /** What looks places up; they are asked for in their order. */
  reader(): (index: number) => Promise<RecordPlace> {
    let from = 0;
    let window = new Float64Array(0);
    let at = 0;
    return async (index) => {
      if (index < from || index >= from + window.length / NUMBERS) {
        const buffer = Buffer.alloc(WINDOW * PLACE_BYTES);
        const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, index * PLACE_BYTES);
        window = new Float64Array(buffer.buffer, buffer.byteOffset, Math.floor(bytesRead / 8));
        from = index;
      }
      while (at > 0 && (this.files[at]?.first ?? 0) > index) at -= 1;
      while ((this.files[at + 1]?.first ?? Number.POSITIVE_INFINITY) <= index) at += 1;
      const [record, line, offset, bytes] = window.subarray((index - from) * NUMBERS);
      const file = this.files[at]?.file;
      if (record === undefined || line === undefined || offset === undefined || bytes === undefined) {
        throw new SluiceError("internal", `there is no sound record ${index}`);
      }
      if (file === undefined) throw new SluiceError("internal", `the sound record ${index} is of no file`);
      return { file, record, line, offset, bytes };
    };
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
