import type { TaskContext } from "sluice";
import type { wide } from "../schemas/index.ts";

export async function* priceWithTax({ inputs }: TaskContext<{ wide: typeof wide }>) {
  for await (const row of inputs.wide) {
    yield { id: row.id ?? 0, city: (row.city ?? "").toUpperCase(), taxed: (row.amount ?? 0) * 1.19 };
  }
}
