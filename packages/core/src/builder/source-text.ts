/** An operator on columns that JavaScript settles before anything of it can be described. */
export interface OperatorUse {
  readonly operator: string;
  /** The text before it. */
  readonly left: string;
}

/**
 * The first `||` or `??` of a callback whose left side has to do with the callback's own columns, found in its source
 * text: both stop before the right side is made, so nothing else can show it.
 */
export function findShortCircuit(source: string): OperatorUse | undefined {
  return findOperator(source, /\|\||\?\?/g);
}

/** The first `&&` or `?:` of a callback whose left side has to do with the callback's own columns. */
export function findChoice(source: string): OperatorUse | undefined {
  return findOperator(source, /&&|(?<!\?)\?(?![.?])/g);
}

function findOperator(source: string, operators: RegExp): OperatorUse | undefined {
  const text = withoutStrings(source);
  const names = namesIn(text);
  for (const match of text.matchAll(operators)) {
    const left = operandBefore(text, match.index);
    if (isExpression(left, names)) return { operator: match[0], left: left.trim() };
  }
  return undefined;
}

/** What makes an expression without the columns of the callback; bundlers write a call of an import `(0, module.expr)(…)`. */
const MAKERS =
  /(?<![\w$.])(?:sluice\s*\.\s*|\(0,\s*[\w$]+\.)?(?:expr|col|literal|param|now|today|caseWhen|and|or|not)\)?\s*\(/;

function isExpression(text: string, names: ReadonlySet<string>): boolean {
  return MAKERS.test(text) || headsOf(text).some((word) => names.has(word));
}

/** The words that are no properties: `c` of `c.a`. */
function headsOf(text: string): readonly string[] {
  return wordsOf(text.replace(/\.\s*[A-Za-z_$][\w$]*/g, ""));
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[\w$]+/g) ?? [];
}

// Comments, then what can hold a quote or an operator that is none. A slash begins a regular expression where a value can begin.
const LITERALS =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|(?<=(?:^|[(,=:[!&|?{};+\-*%<>~^]|\breturn)\s*)\/(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;

function withoutStrings(source: string): string {
  return source.replace(LITERALS, (found) => (found.startsWith("//") || found.startsWith("/*") ? " " : '""'));
}

/** The parameters of the callback, and what it declares from them. */
function namesIn(text: string): ReadonlySet<string> {
  const head = /^\s*(?:async\s+)?(?:function\b[^(]*|\w+\s*(?=\())?(?:\((?<list>[^)]*)\)|(?<only>[\w$]+))/.exec(text);
  const names = new Set(["arguments", ...wordsOf(head?.groups?.list ?? head?.groups?.only ?? "")]);
  const assigned =
    /\b(?:const|let|var)\s+([^=;]+)=(?![=>])([^;\n]*)|(?<![\w$.]\s*)([A-Za-z_$][\w$]*)\s*=(?![=>])([^;\n]*)/g;
  for (const [, declared = "", value = "", name = "", later = ""] of text.matchAll(assigned)) {
    const given = value + later;
    const isMade = MAKERS.test(given) || wordsOf(given).some((word) => names.has(word));
    if (isMade) for (const word of wordsOf(declared + name)) names.add(word);
  }
  return names;
}

/** The names, calls and brackets that end at a position, without spaces in between. */
function operandBefore(text: string, end: number): string {
  let position = end;
  const skipBlanks = (): void => {
    while (/\s/.test(text.charAt(position - 1))) position--;
  };
  skipBlanks();
  for (;;) {
    const last = text.charAt(position - 1);
    if (last === ")" || last === "]") position = openingOf(text, position - 1);
    else if (/[\w$."]/.test(last)) position--;
    else {
      const here = position;
      skipBlanks();
      // A chain that goes on in the line above: `c.a\n  .gt(1) || …`.
      if (here !== position && text.charAt(here) === ".") continue;
      return text.slice(here, end);
    }
  }
}

function openingOf(text: string, closing: number): number {
  let depth = 0;
  for (let position = closing; position >= 0; position--) {
    const character = text.charAt(position);
    if (character === ")" || character === "]" || character === "}") depth++;
    if (character === "(" || character === "[" || character === "{") depth--;
    if (depth === 0) return position;
  }
  return 0;
}
