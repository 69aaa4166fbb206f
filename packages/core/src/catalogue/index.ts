export * from "./catalogue.ts";
export { commonType, exactCommonType } from "./common-type.ts";
export * from "./entry.ts";
export { decimalTypeOf, integerRanges, isNumberText, literalProblem, typeOfLiteral } from "./literal.ts";
export { REFUSAL_MARK } from "./refusal.ts";
export * from "./render.ts";
export * from "./resolve.ts";
export { type Parameter as FunctionParameter, parseSignature, type Signature, timeUnits } from "./signature.ts";
export { framedFunctions } from "./windows.ts";
