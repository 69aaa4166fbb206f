/** What Zod says of a value that it refuses, as far as it is looked at here; core does not know Zod. */
export interface Refusal {
  readonly code?: string;
  readonly message: string;
  readonly expected?: string;
  readonly values?: readonly unknown[];
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly origin?: string;
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly Refusal[])[];
  readonly issues?: readonly Refusal[];
}

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  record: "a map",
  object: "a map",
};

/**
 * What a checked value should have been, in our words; a text that a schema gives itself stays as it is.
 *
 * @example
 * expectedText(z.enum(["all", "used"]).safeParse("none").error.issues[0]); // 'one of "all", "used"'
 */
export function expectedText(issue: Refusal): string {
  // Zod's own sentences begin like this.
  if (!/^(Invalid|Too|Unrecognized)/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return KINDS[issue.expected ?? ""] ?? `a value of type ${issue.expected}`;
    case "invalid_value":
      return oneOf(issue.values ?? []);
    case "too_small":
      return boundText("at least", Number(issue.minimum), issue.origin);
    case "too_big":
      return boundText("at most", Number(issue.maximum), issue.origin);
    case "invalid_union":
      return alternatives(issue.errors ?? []);
    case "invalid_key":
    case "invalid_element":
      return issue.issues?.[0] === undefined ? "another name" : expectedText(issue.issues[0]);
    case "unrecognized_keys":
      return `no ${(issue.keys ?? []).map((key) => `"${key}"`).join(", ")}`;
    default:
      return issue.message;
  }
}

function oneOf(values: readonly unknown[]): string {
  return `${values.length === 1 ? "" : "one of "}${values.map((value) => JSON.stringify(value)).join(", ")}`;
}

function alternatives(errors: readonly (readonly Refusal[])[]): string {
  return [...new Set(errors.flatMap(([first]) => (first === undefined ? [] : [expectedText(first)])))].join(", or ");
}

function boundText(bound: string, limit: number, origin = ""): string {
  if (origin === "string") return limit === 1 && bound === "at least" ? "some text" : `${bound} ${limit} characters`;
  return origin === "array" ? `${bound} ${limit} ${limit === 1 ? "member" : "members"}` : `${bound} ${limit}`;
}
