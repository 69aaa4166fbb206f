import { initial } from "./0001-initial.ts";

/** In the order in which they are applied; the place of one, from 1, is the schema's version after it. */
export const migrations: readonly string[] = [initial];
