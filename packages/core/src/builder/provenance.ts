/** What a relation comes from besides its node: no part of a definition, and needed where it is computed on its own. */
export interface Provenance {
  /** `import.meta.url` of the modules that declared its datasets. */
  readonly modules: ReadonlySet<string>;
  /** The types that `param` was given, for parameters that stand in raw SQL. */
  readonly parameters: ReadonlyMap<string, string>;
}

const NOTHING: Provenance = { modules: new Set(), parameters: new Map() };
const known = new WeakMap<object, Provenance>();

/** Where a relation comes from. */
export function provenanceOf(relation: object): Provenance {
  return known.get(relation) ?? NOTHING;
}

/** Remembers where a relation comes from; all of it, or what its inputs come from besides. */
export function recordProvenance(relation: object, inputs: readonly object[], own: Provenance = NOTHING): void {
  const parts = [own, ...inputs.map(provenanceOf)].filter((part) => part.modules.size + part.parameters.size > 0);
  const [first] = parts;
  if (first === undefined) return;
  const isOne = parts.every((part) => part === first);
  known.set(
    relation,
    isOne
      ? first
      : {
          modules: new Set(parts.flatMap((part) => [...part.modules])),
          parameters: new Map(parts.flatMap((part) => [...part.parameters])),
        },
  );
}
