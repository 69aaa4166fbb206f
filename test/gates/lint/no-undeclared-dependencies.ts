// place: packages/runtime/src/canary.ts
// expects: lint/correctness/noUndeclaredDependencies
import { z } from "zod";

export const schema = z.string();
