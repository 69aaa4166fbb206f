import { Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";

export type YamlNode = Scalar | YAMLMap | YAMLSeq;

/** In so many characters a map or a list fits beside its key. */
const WIDTH = 100;

/** A scalar; text is quoted by the writer where YAML would take it for something else. */
export function scalar(value: string | number | boolean | null): Scalar {
  return new Scalar(value);
}

/** Text of a number as a plain number, where YAML gives back the same text. */
export function numberText(text: string): Scalar {
  const isPlain = /^-?\d+(\.\d+)?$/.test(text) && String(Number(text)) === text;
  return new Scalar(isPlain ? Number(text) : text);
}

/** Text of a number as a plain number with all of its digits, or undefined where YAML would write others. */
export function exactNumber(text: string): Scalar | undefined {
  if (/^-?(0|[1-9]\d*)$/.test(text) && text !== "-0") return new Scalar(BigInt(text));
  const places = /^-?(?:0|[1-9]\d{0,8})\.(\d{1,6})$/.exec(text)?.[1]?.length;
  if (places === undefined || Number(text).toFixed(places) !== text) return undefined;
  const scalar = new Scalar(Number(text));
  scalar.minFractionDigits = places;
  return scalar;
}

/** A map with its keys in this order, whatever they are called; members that are undefined are left out. */
export function mapping(members: Iterable<readonly [key: string, value: YamlNode | undefined]>): YAMLMap {
  const map = new YAMLMap();
  for (const [key, value] of members) if (value !== undefined) map.items.push(new Pair(new Scalar(key), value));
  return map;
}

export function sequence(items: readonly YamlNode[]): YAMLSeq {
  const list = new YAMLSeq();
  list.items.push(...items);
  return list;
}

/** Writes what is short in one line: `{ from: crash, mode: merge }`. */
export function compact<N extends YamlNode>(node: N, room: number = WIDTH): N {
  if (node instanceof YAMLMap || node instanceof YAMLSeq) node.flow = widthOf(node) <= room;
  return node;
}

/** Everything in it that is short in one line, and the rest block by block. */
export function compactBelow<N extends YamlNode>(node: N, indentation: number = 0): N {
  const children =
    node instanceof YAMLMap ? node.items.map((pair) => pair.value) : node instanceof YAMLSeq ? node.items : [];
  for (const child of children) {
    const inside = child as YamlNode;
    if (inside instanceof Scalar) continue;
    if (widthOf(inside) <= WIDTH - indentation) compact(inside, WIDTH);
    else compactBelow(inside, indentation + 2);
  }
  return node;
}

/** About so many characters in one line. */
function widthOf(node: YamlNode): number {
  if (node instanceof Scalar) return String(node.value).length + 2;
  if (node instanceof YAMLSeq) return node.items.reduce<number>((sum, item) => sum + widthOf(item as YamlNode) + 2, 2);
  return node.items.reduce((sum, pair) => sum + widthOf(pair.key as YamlNode) + widthOf(pair.value as YamlNode) + 2, 2);
}
