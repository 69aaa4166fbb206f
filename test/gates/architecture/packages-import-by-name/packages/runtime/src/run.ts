import { SluiceError } from "../../core/src/errors.ts";
export const failure = new SluiceError("internal", "x");
