import { compareValues } from "../values/compare-values.ts";
import { encodeValue } from "../values/encode-value.ts";
import type { DataFile, PartitionSummary, PartitionValue, PrimitiveType } from "./model.ts";

/**
 * What a manifest list says about the partitions of a manifest's files. Readers skip manifests by it, so a wrong one
 * loses rows: values are compared decoded, since neither negative numbers nor decimals sort by their bytes.
 */
export function summarizePartitions(
  files: readonly DataFile[],
  types: readonly (PrimitiveType | undefined)[],
): readonly PartitionSummary[] {
  return types.map((type, index) => {
    let containsNull = false;
    let containsNan = false;
    let least: Exclude<PartitionValue, null> | undefined;
    let greatest: Exclude<PartitionValue, null> | undefined;
    for (const file of files) {
      const value = file.partition[index] ?? null;
      if (value === null) containsNull = true;
      else if (Number.isNaN(value)) containsNan = true;
      else {
        if (least === undefined || inOrder(value, least) < 0) least = value;
        if (greatest === undefined || inOrder(value, greatest) > 0) greatest = value;
      }
    }
    if (type === undefined || least === undefined || greatest === undefined) return { containsNull, containsNan };
    return {
      containsNull,
      containsNan,
      lowerBound: encodeValue(least, type),
      upperBound: encodeValue(greatest, type),
    };
  });
}

/** As `compareValues`, with negative zero before zero: other readers may tell them apart. */
function inOrder(left: Exclude<PartitionValue, null>, right: Exclude<PartitionValue, null>): number {
  return compareValues(left, right) || Number(Object.is(right, -0)) - Number(Object.is(left, -0));
}
