interface PatternProblem {
  readonly problem: string;
  readonly hint: string;
}

type Refusal = readonly [found: RegExp, problem: string, hint: string];

/** What one engine or another does not know, or reads in a way of its own, where it stands outside of a character class. */
const REFUSED: readonly Refusal[] = [
  [/^\(\?<?[=!]/, "looks ahead or behind", "match the whole text and take a group of it"],
  [/^\(\?P?<[A-Za-z_]/, "names a group", "groups go by number: 1 is the first"],
  [/^\(\?>/, "holds an atomic group", "write (?:…)"],
  [/^\(\?(?!:)/, "sets flags", "only (?i) at the start is read alike; else write both cases: [aA]"],
  [/^\\[1-9]/, "refers back to a group", "take the groups apart and compare them"],
  [/^(?:[*+?]|\{\d+(?:,\d*)?\})\+/, "is possessive", "leave the second + out"],
];

/** Escapes that not every engine has, or that take letters beyond a to z in one engine only. */
const ESCAPES: Readonly<Record<string, string>> = {
  w: "write [A-Za-z0-9_]",
  W: "write [^A-Za-z0-9_]",
  p: "write the characters in brackets",
  P: "write the characters in brackets",
  A: "write ^",
  z: "write $",
  Z: "write $",
  Q: "put a backslash before each character",
  E: "put a backslash before each character",
  C: "write .",
  G: "leave it out",
  K: "take a group",
  R: "write [\\r\\n]",
  X: "write .",
  h: "write [ \\t]",
  H: "write [^ \\t]",
  v: "write [\\n\\r]",
  V: "write [^\\n\\r]",
};

/**
 * Why a regular expression does not mean the same to RE2, Java and PostgreSQL, as the end of a sentence; undefined where it
 * does. Whether it parses at all is its engine's to say.
 *
 * @example
 * patternProblem("(?=a)"); // { problem: "takes no regular expression that looks ahead or behind: '(?=a)'", hint: "…" }
 */
export function patternProblem(pattern: string): PatternProblem | undefined {
  const quantifiers = new Set<"greedy" | "lazy">();
  let inClass = false;
  const begin = pattern.startsWith("(?i)") ? 4 : 0;
  for (let index = begin; index < pattern.length; index += 1) {
    const rest = pattern.slice(index);
    if (rest.startsWith("\\")) {
      const hint = ESCAPES[rest.charAt(1)];
      if (hint !== undefined) return refusal(`uses \\${rest.charAt(1)}`, pattern, hint);
      if (inClass || !/^\\[1-9]/.test(rest)) {
        index += 1;
        continue;
      }
    }
    if (inClass) {
      if (/^\[[:.=]/.test(rest)) return refusal(`uses ${rest.slice(0, 2)} in brackets`, pattern, "write a-z, 0-9");
      if (/^(?:&&|\[)/.test(rest)) return refusal("nests brackets", pattern, "put a backslash before [ and &");
      inClass = !rest.startsWith("]");
      continue;
    }
    const found = REFUSED.find(([refused]) => refused.test(rest));
    if (found !== undefined) return refusal(found[1], pattern, found[2]);
    if (rest.startsWith("[")) {
      inClass = true;
      // A bracket that comes first is a character to some engines.
      const first = /^\[\^?\]/.exec(rest);
      if (first !== null) return refusal("has ] as the first character in brackets", pattern, "write \\]");
      if (rest.startsWith("[^")) index += 1;
      continue;
    }
    const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})(\??)/.exec(rest);
    if (quantifier !== null && index > begin) {
      // `(?:` is no quantifier, and `{3}` is as long as it is.
      if (pattern[index - 1] === "(" && rest.startsWith("?")) continue;
      if (!/^\{\d+\}$/.test(quantifier[0])) quantifiers.add(quantifier[1] === "?" ? "lazy" : "greedy");
      index += quantifier[0].length - 1;
    }
  }
  if (quantifiers.size === 2) {
    return refusal("has greedy and lazy repetitions", pattern, "make all of them greedy or all of them lazy");
  }
  return undefined;
}

function refusal(what: string, pattern: string, hint: string): PatternProblem {
  return { problem: `takes no regular expression that ${what}: '${pattern}'`, hint };
}
