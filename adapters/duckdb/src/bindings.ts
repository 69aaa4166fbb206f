import { type BoundValue, type CompiledQuery, type QueryRequest, SluiceError } from "@sluice/core";
import { intervalText } from "./literal.ts";
import { bindingName } from "./query-names.ts";

/** What a query's parameters and constants are bound to, each as text that the query casts. */
export function bindingsOf(
  query: CompiledQuery,
  request: Pick<QueryRequest, "parameters" | "constants">,
): Readonly<Record<string, string | null>> {
  const bound: Record<string, string | null> = {
    sluice_now: request.constants.now,
    sluice_today: request.constants.today,
  };
  for (const [index, name] of query.parameters.entries()) {
    const value = request.parameters.get(name);
    if (value === undefined) {
      throw new SluiceError("config", `the parameter "${name}" was not given`, { offending: `$${name}` });
    }
    bound[bindingName(name, index)] = textOf(value);
  }
  return bound;
}

function textOf({ type, value }: BoundValue): string | null {
  if (value === null) return null;
  if (typeof value === "boolean") return String(value);
  if (type === "interval") return intervalText(value);
  // DuckDB's cast from text to bytes takes \xAA for each byte.
  if (type === "bytes") return value.replaceAll(/../g, "\\x$&");
  return value;
}
