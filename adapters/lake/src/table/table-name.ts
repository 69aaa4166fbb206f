import type { TableId } from "../format/table.ts";

/** A namespace as catalogs store it: its levels with dots between. */
export function namespaceText(namespace: readonly string[]): string {
  return namespace.join(".");
}

export function tableText(id: TableId): string {
  return [...id.namespace, id.name].join(".");
}
