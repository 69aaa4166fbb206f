import { type CsvDialect, canonicalLag, type FrozenDataset, type StreamInfo } from "@sluice/core";
import type { DatasetOptions, DatasetSource } from "../dataset-options.ts";

/**
 * What `sluice sync` writes for a dataset: what its author declared, and what was found. The source stays as it was
 * written, so that a run can tell a frozen schema that is older than the configuration.
 */
export function freeze(name: string, { address, options }: DatasetSource, found: StreamInfo): FrozenDataset {
  const { maxRejects, validate = "all", drift = "fail", reordered = "fail", stage = "volatile" } = options;
  return {
    version: 1,
    name,
    source: address,
    ...(found.dialect === undefined ? {} : { dialect: dialectOf(found.dialect) }),
    columns: found.columns.map(
      ({
        name: column,
        type,
        nullable,
        format,
        formats,
        words,
        decimal,
        thousands,
        nulls,
        partition,
        trim,
        span,
        declared,
        comment,
      }) => ({
        name: column,
        type,
        nullable,
        ...(format === undefined ? {} : { format }),
        ...(formats === undefined ? {} : { formats }),
        ...(words === undefined ? {} : { words }),
        ...(decimal === undefined ? {} : { decimal }),
        ...(thousands === undefined ? {} : { thousands }),
        ...(nulls === undefined ? {} : { nulls }),
        ...(partition === undefined ? {} : { partition }),
        ...(trim === undefined ? {} : { trim }),
        ...(span === undefined ? {} : { span }),
        ...(declared === undefined ? {} : { declared }),
        ...(comment === undefined ? {} : { comment }),
      }),
    ),
    ...(maxRejects === undefined ? {} : { maxRejects }),
    validate,
    drift,
    reordered,
    stage,
    ...keepOf(options),
    ...(found.partial === true ? { partial: true as const } : {}),
    ...(found.early === undefined ? {} : { early: found.early }),
    warnings: found.warnings,
  };
}

/** Its members in one order, so that two looks at a file give one text. */
function dialectOf(dialect: CsvDialect): CsvDialect {
  const { delimiter, quote, escape: escaping, header, newline, encoding, quotedEmpty, compression } = dialect;
  const { comment, skip, skipEnd, looseHeader, ragged, fixed } = dialect;
  return {
    delimiter,
    quote,
    escape: escaping,
    header,
    newline,
    encoding,
    quotedEmpty,
    compression,
    ...(comment === undefined ? {} : { comment }),
    ...(skip === undefined ? {} : { skip }),
    ...(skipEnd === undefined ? {} : { skipEnd }),
    ...(looseHeader === undefined ? {} : { looseHeader }),
    ...(ragged === undefined ? {} : { ragged }),
    ...(fixed === undefined ? {} : { fixed: { short: fixed.short, trim: fixed.trim } }),
  };
}

/** How long copies are kept, in the one form that it has in a frozen schema. */
export function keepOf({ keep }: Pick<DatasetOptions, "keep">): Pick<FrozenDataset, "keep"> {
  if (keep === undefined || typeof keep === "number") return keep === undefined ? {} : { keep };
  return { keep: canonicalLag(keep) ?? keep };
}
