import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pathOf } from "./location.ts";
import { parseLossless, printLossless } from "./lossless-json.ts";
import { nextMetadataLocation, readMetadata, versionOf, writeMetadata } from "./metadata-file.ts";
import { parseMetadata, printMetadata } from "./metadata-json.ts";

const ID = 1348209321054630583n;

/** As another program writes it: ids of 63 bits, Java's locations, members that are not ours. */
const FOREIGN = `{
  "format-version": 2, "table-uuid": "9c12d441-03fe-4693-9a96-a0705ddf69c1", "location": "file:/lake/a b/t",
  "last-sequence-number": 34, "last-updated-ms": 1602638573590, "last-column-id": 12, "current-schema-id": 1,
  "schemas": [
    {"type": "struct", "schema-id": 0, "fields": [{"id": 1, "name": "x", "required": true, "type": "long"}]},
    {"type": "struct", "schema-id": 1, "identifier-field-ids": [1], "fields": [
      {"id": 1, "name": "x", "required": true, "type": "long", "doc": "größe \\u00e9"},
      {"id": 2, "name": "amount", "required": false, "type": "decimal(12,2)"},
      {"id": 3, "name": "tags", "required": false, "type": {"type": "list", "element-id": 4, "element": "string", "element-required": false}},
      {"id": 5, "name": "m", "required": false, "type": {"type": "map", "key-id": 6, "key": "string", "value-id": 7, "value": {"type": "struct", "fields": [{"id": 8, "name": "y", "required": false, "type": "fixed[16]"}]}, "value-required": true}},
      {"id": 12, "name": "at", "required": false, "type": "timestamptz"}]}],
  "default-spec-id": 1, "last-partition-id": 1001,
  "partition-specs": [{"spec-id": 0, "fields": []},
    {"spec-id": 1, "fields": [{"name": "x_bucket", "transform": "bucket[16]", "source-id": 1, "field-id": 1000}, {"name": "z", "transform": "zorder", "source-id": 1, "field-id": 1001}]}],
  "default-sort-order-id": 3,
  "sort-orders": [{"order-id": 3, "fields": [{"transform": "identity", "source-id": 2, "direction": "ASC", "null-order": "nulls-first"}]}],
  "properties": {"read.split.target.size": "134217728", "note": "1348209321054630583"},
  "current-snapshot-id": ${ID},
  "snapshots": [
    {"snapshot-id": 3051729675574597004, "timestamp-ms": 1515100955770, "sequence-number": 0, "summary": {"operation": "append"}, "manifest-list": "file:/lake/a b/t/metadata/s1.avro"},
    {"snapshot-id": ${ID}, "parent-snapshot-id": 3051729675574597004, "timestamp-ms": 1555100955770, "sequence-number": 1, "summary": {"operation": "overwrite", "added-records": "9"}, "manifest-list": "file:/lake/a b/t/metadata/s2.avro", "schema-id": 1, "key-id": "k1"}],
  "snapshot-log": [{"snapshot-id": 3051729675574597004, "timestamp-ms": 1515100955770}],
  "metadata-log": [{"metadata-file": "file:/lake/a b/t/metadata/00000.json", "timestamp-ms": 1515100}],
  "statistics": [{"snapshot-id": ${ID}, "statistics-path": "s.puffin", "file-size-in-bytes": 413}]
}`;

describe("lossless JSON", () => {
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constant(null),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
      fc.string({ unit: "binary" }),
      fc.string().map((text) => `\ue000${text}`),
      fc.array(tie("value")),
      fc.dictionary(
        fc.string().filter((key) => key !== "__proto__"),
        tie("value"),
      ),
    ),
  })).value;
  const narrow = (v: unknown): unknown =>
    typeof v === "bigint" && Number.isSafeInteger(Number(v))
      ? Number(v)
      : Array.isArray(v)
        ? v.map(narrow)
        : typeof v === "object" && v !== null
          ? Object.fromEntries(Object.entries(v).map(([key, member]) => [key, narrow(member)]))
          : v;

  it("gives back what was printed, whatever digits and texts there are", () => {
    fc.assert(
      fc.property(value, (any) => {
        expect(parseLossless(printLossless(any as never))).toEqual(narrow(any));
      }),
    );
  });

  it("leaves digits inside of texts alone, and numbers with a point", () => {
    expect(
      parseLossless('{"a": "x 1348209321054630583", "b\\\\": [1348209321054630583, 12345678901234567.5]}'),
    ).toEqual({
      a: "x 1348209321054630583",
      "b\\": [ID, 12345678901234568],
    });
  });

  it("says where JSON is broken", () => {
    expect(() => parseLossless("{")).toThrow("no JSON");
  });
});

describe("metadata", () => {
  it("is read and written without a loss", () => {
    const metadata = parseMetadata(FOREIGN);
    expect(metadata.currentSnapshotId).toBe(ID);
    expect(metadata.location).toBe("file:/lake/a b/t");
    expect(metadata.snapshots[1]).toMatchObject({ operation: "overwrite", summary: { "added-records": "9" } });
    expect(metadata.refs).toEqual({ main: { snapshotId: ID, type: "branch" } });
    expect(metadata.partitionSpecs[1]?.fields[1]?.transform).toEqual({ kind: "unknown", text: "zorder" });
    const printed = printMetadata(metadata);
    expect(parseMetadata(printed)).toEqual(metadata);
    expect(printed).toContain(`"statistics":[{"snapshot-id":${ID}`);
    expect(printed).toContain('"key-id":"k1"');
    expect(printed).toContain('"transform":"zorder"');
  });

  it("is gzipped by property, and read by what it begins with", async () => {
    const metadata = parseMetadata(FOREIGN);
    expect(await readMetadata(gzipSync(FOREIGN), "x.metadata.json")).toEqual(metadata);
    const gzipped = { ...metadata, properties: { "write.metadata.compression-codec": "gzip" } };
    const bytes = await writeMetadata(gzipped);
    expect(bytes[0]).toBe(0x1f);
    expect(await readMetadata(bytes, "x.gz.metadata.json")).toEqual(gzipped);
    expect(nextMetadataLocation(gzipped, "file:/t/metadata/00017-aa.gz.metadata.json")).toMatch(
      /^file:\/lake\/a b\/t\/metadata\/00018-[0-9a-f-]{36}\.gz\.metadata\.json$/,
    );
  });

  it.each([
    ['"format-version": 2', '"format-version": 3', "unsupported", "format version 3"],
    ['"format-version": 2', '"format-version": 1', "unsupported", "format version 1"],
    ['"decimal(12,2)"', '"timestamp_ns"', "unsupported", "column type timestamp_ns"],
    ['"decimal(12,2)"', '"variant"', "unsupported", "variant"],
    ['"type": "timestamptz"', '"type": "timestamptz", "initial-default": 1', "unsupported", "initial-default"],
    ['"last-column-id": 12', '"last-column-id": "12"', "data", "last-column-id"],
    ['"required": true, "type": "long", "doc"', '"required": 1, "type": "long", "doc"', "data", "schemas[1].fields[0]"],
    ['"operation": "overwrite"', '"operation": "explode"', "data", "explode"],
    ['"last-sequence-number": 34', '"last-sequence-number": 92233720368547758070', "data", "last-sequence-number"],
  ])("refuses %s as %s", async (from, to, code, message) => {
    const changed = FOREIGN.replace(from, to);
    expect(changed).not.toBe(FOREIGN);
    await expect(readMetadata(Buffer.from(changed), "m.json")).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  it("takes the version from the digits that a name begins with", () => {
    expect(versionOf("file:/x/00018-1348.gz.metadata.json")).toBe(18);
    expect(versionOf("/x/v7.metadata.json")).toBe(7);
    expect(versionOf("/x/rows.metadata.json")).toBe(0);
  });
});

describe("locations", () => {
  it.each([
    ["file:/lake/a b%20c", "/lake/a b%20c"],
    ["file:///lake/å", "/lake/å"],
    ["file://localhost/lake", "/lake"],
    ["/lake/t", "/lake/t"],
  ])("opens %s at %s", (location, path) => {
    expect(pathOf(location)).toBe(path);
  });

  it("refuses what is no file", () => {
    expect(() => pathOf("s3://bucket/t")).toThrow("no file of this machine");
    expect(() => pathOf("lake/t")).toThrow("no file of this machine");
  });
});
