const ZIP_STARTS: readonly string[] = ["504b0304", "504b0506"];

/** What archive a content is, by its first bytes: of a tar those of its first header, of a zip those of a member or its end. */
export function archiveKind(start: Buffer): "zip" | "tar" | undefined {
  if (ZIP_STARTS.includes(start.toString("hex", 0, 4))) return "zip";
  return start.toString("latin1", 257, 262) === "ustar" ? "tar" : undefined;
}

/** How many bytes tell. */
export const KIND_BYTES = 10;

const COMPRESSIONS: readonly (readonly [start: RegExp, name: string])[] = [
  // Three letters alone might begin a text.
  [/^425a683[1-9](?:314159265359|177245385090)/, "bzip2"],
  [/^fd377a585a00/, "xz"],
  [/^28b52ffd/, "zstd"],
  [/^377abcaf271c/, "7-Zip"],
  [/^526172211a07/, "RAR"],
  [/^04224d18/, "LZ4"],
];

/** What a content is compressed with, of the kinds that are not read. */
export function unreadCompression(start: Buffer): string | undefined {
  const digits = start.toString("hex", 0, KIND_BYTES);
  return COMPRESSIONS.find(([mark]) => mark.test(digits))?.[1];
}
