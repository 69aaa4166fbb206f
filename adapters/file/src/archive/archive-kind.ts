const ZIP_STARTS: readonly string[] = ["504b0304", "504b0506"];

/** What archive a content is, by its first bytes: of a tar those of its first header, of a zip those of a member or its end. */
export function archiveKind(start: Buffer): "zip" | "tar" | undefined {
  if (ZIP_STARTS.includes(start.toString("hex", 0, 4))) return "zip";
  return start.toString("latin1", 257, 262) === "ustar" ? "tar" : undefined;
}
