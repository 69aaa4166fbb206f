import type { TypeText } from "@sluice/core";
import fc from "fast-check";

/** A value of each type that is sent in binary, at both ends and where bytes change their sign. */
export const EDGES: Readonly<Record<TypeText, readonly (string | boolean)[]>> = {
  bool: [true, false],
  int8: ["-128", "-1", "0", "127"],
  uint8: ["0", "128", "255"],
  int16: ["-32768", "-1", "0", "255", "256", "32767"],
  uint16: ["0", "32768", "65535"],
  int32: ["-2147483648", "-1", "0", "65535", "2147483647"],
  uint32: ["0", "2147483648", "4294967295"],
  int64: ["-9223372036854775808", "-4294967297", "-1", "0", "4294967295", "4294967296", "9223372036854775807"],
  float32: ["-0.0", "0", "1.5", "3.4028235e38", "1e-45", "nan", "inf", "-inf"],
  float64: ["-0.0", "0", "0.1", "1.7976931348623157e308", "5e-324", "nan", "inf", "-inf"],
  "decimal(4,1)": ["-999.9", "-0.1", "0", "12.5", "100"],
  "decimal(9,2)": ["-9999999.99", "-0.01", "0", "0.10", "100", "1234567.8", "9999999.99"],
  "decimal(9,0)": ["-999999999", "0", "10000", "100000000", "5"],
  "decimal(15,15)": ["-0.999999999999999", "0.000000000000001", "0.0001", "0.1"],
  "decimal(18,3)": ["-999999999999999.999", "-0.001", "0", "4294967.296", "999999999999999.999"],
  "decimal(38,10)": ["-9999999999999999999999999999.9999999999", "-0.0000000001", "0", "18446744073709551616.5"],
  "decimal(38,0)": [
    "-99999999999999999999999999999999999999",
    "0",
    "10000000000000000000000000000000000000",
    "-4294967296",
  ],
  "decimal(38,37)": ["9.9999999999999999999999999999999999999", "-0.0000000000000000000000000000000000001", "1"],
  string: ["", "a", "é\u{1F600}", 'x,"y"\n', "\\N", "\\.", "null", "x".repeat(24), "x".repeat(25), "x".repeat(70)],
  bytes: ["", "00ff80", "ab".repeat(40)],
  uuid: ["00000000-0000-0000-0000-000000000000", "80ff0123-4567-89ab-cdef-0123456789ff"],
  date: ["0001-01-01", "1969-12-31", "1999-12-31", "2000-01-01", "9999-12-31", "infinity", "-infinity"],
  time: ["00:00:00", "00:00:00.000001", "01:11:34.967296", "23:59:59.999999"],
  timestamp: [
    "0001-01-01 00:00:00",
    "1969-12-31 23:59:59.999999",
    "2000-01-01 00:00:00",
    "9999-12-31 23:59:59.999999",
    "infinity",
    "-infinity",
  ],
  timestamptz: ["0001-01-01 00:00:00Z", "2024-02-29 06:30:00.5Z", "9999-12-31 23:59:59.999999Z"],
};

const integer = (type: TypeText, min: bigint, max: bigint): [TypeText, fc.Arbitrary<string>] => [
  type,
  fc.bigInt({ min, max }).map(String),
];
const decimal = (precision: number, scale: number): [TypeText, fc.Arbitrary<string>] => {
  const most = 10n ** BigInt(precision) - 1n;
  const text = (value: bigint): string => {
    const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
    const places = scale === 0 ? "" : `.${digits.slice(digits.length - scale)}`;
    return `${value < 0n ? "-" : ""}${digits.slice(0, digits.length - scale)}${places}`;
  };
  return [`decimal(${precision},${scale})`, fc.bigInt({ min: -most, max: most }).map(text)];
};
const moment = fc
  .date({ min: new Date("0001-01-02T00:00:00Z"), max: new Date("9999-12-30T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString());
const microseconds = fc.integer({ min: 0, max: 999 }).map((value) => String(value).padStart(3, "0"));
const instant = fc.tuple(moment, microseconds).map(([text, more]) => `${text.slice(0, -1).replace("T", " ")}${more}`);
/** Any values of the types that are sent in binary. */
const ANY: Readonly<Record<TypeText, fc.Arbitrary<string | boolean>>> = Object.fromEntries<
  fc.Arbitrary<string | boolean>
>([
  ["bool", fc.boolean()],
  integer("int8", -128n, 127n),
  integer("uint8", 0n, 255n),
  integer("int16", -32_768n, 32_767n),
  integer("uint16", 0n, 65_535n),
  integer("int32", -(2n ** 31n), 2n ** 31n - 1n),
  integer("uint32", 0n, 2n ** 32n - 1n),
  integer("int64", -(2n ** 63n), 2n ** 63n - 1n),
  ["float32", fc.float({ noNaN: true, noDefaultInfinity: true }).map(String)],
  ["float64", fc.double({ noNaN: true, noDefaultInfinity: true }).map(String)],
  decimal(4, 1),
  decimal(9, 2),
  decimal(18, 3),
  decimal(38, 10),
  ["string", fc.string({ unit: "grapheme", maxLength: 60 }).map((text) => text.replaceAll("\0", ""))],
  ["bytes", fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("hex"))],
  ["uuid", fc.uuid()],
  ["date", moment.map((text) => text.slice(0, 10))],
  ["time", instant.map((text) => text.slice(11))],
  ["timestamp", instant],
  ["timestamptz", instant.map((text) => `${text}Z`)],
]);
/** Types and rows of any values of them, nulls among them. */
export const typesAndRows: fc.Arbitrary<[TypeText[], (string | boolean | null)[][]]> = fc
  .uniqueArray(fc.constantFrom(...Object.keys(ANY)), { minLength: 1, maxLength: 8 })
  .chain((types) => {
    const values = types.map((type) =>
      fc.option(fc.oneof(ANY[type] ?? fc.constant(""), fc.constantFrom(...(EDGES[type] ?? [])))),
    );
    return fc.tuple(fc.constant(types), fc.array(fc.tuple(...values), { maxLength: 60 }));
  });
