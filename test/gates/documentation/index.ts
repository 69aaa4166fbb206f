export { silent } from "./silent.ts";
