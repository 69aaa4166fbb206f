import type { PlainTypeName, PrimitiveType, Transform } from "../format/model.ts";

/** `decimal(9, 2)` as the model has it. */
export function primitive(text: string): PrimitiveType {
  const [, name = "", first, second] = /^(\w+)(?:[([](\d+)(?:, (\d+))?[)\]])?$/.exec(text) ?? [];
  if (name === "decimal") return { kind: "decimal", precision: Number(first), scale: Number(second) };
  if (name === "fixed") return { kind: "fixed", length: Number(first) };
  return { kind: name as PlainTypeName };
}

/** `bucket[16]` as the model has it. */
export function parseTransform(text: string): Transform {
  const [, name = "", width] = /^(\w+)(?:\[(\d+)\])?$/.exec(text) ?? [];
  if (name === "bucket") return { kind: "bucket", buckets: Number(width) };
  if (name === "truncate") return { kind: "truncate", width: Number(width) };
  return { kind: name as "identity" };
}
